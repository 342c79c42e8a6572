import type { Quantization } from '../model/model';

/** Gates by their letters in formulas: input i, forget f, cell g, output o. */
export type Gate = 'input' | 'forget' | 'cell' | 'output';
export type GateLetter = 'i' | 'f' | 'g' | 'o';

export const GATES: readonly Gate[] = ['input', 'forget', 'cell', 'output'];
export const GATE_LETTERS: Readonly<Record<Gate, GateLetter>> = { input: 'i', forget: 'f', cell: 'g', output: 'o' };

/**
 * Named values inside one LSTM step, as in the traces of the command line:
 * `g_x` after the input matmul, `g_xh` after adding the recurrent one, `g_in` after the peephole (equal to `g_xh` without),
 * `g_ln` after layer norm (only with layer norm), `g` activated; the same for i, f, o. With CIFG, i has only `i`.
 * `c` cell, `tanh_c`, `m` hidden (before the projection), `h` output. `x` is the step's input.
 */
export type GateStage = 'x' | 'xh' | 'in' | 'ln';
export type SignalName = GateLetter | `${GateLetter}_${GateStage}` | 'x' | 'c' | 'tanh_c' | 'm' | 'h';

export interface SignalSpec {
  readonly name: SignalName;
  readonly gate: Gate | null;
  /** Values per step and batch row. */
  readonly size: number;
  readonly dtype: 'int8' | 'int16' | 'float32';
  /** real = scale * (q - zeroPoint); null on the float and hybrid paths. */
  readonly quantization: Pick<Quantization, 'scales' | 'zeroPoints'> | null;
}

export type SignalArray = Int8Array | Int16Array | Float32Array;

/** Every value of some signals over a run: arrays of [steps, batch, size], row-major. */
export type SignalTrace = Partial<Record<SignalName, SignalArray>>;
