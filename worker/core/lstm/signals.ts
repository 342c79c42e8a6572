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
export type SignalName =
  GateLetter | `${GateLetter}_${GateStage}` | 'x' | 'c' | 'tanh_c' | 'm' | 'h' | GruSignalName | RnnSignalName;

/** Gates of a GRU by their letters in formulas: update z (how much of h stays), reset r, candidate n. */
export type GruGate = 'update' | 'reset' | 'candidate';
export type GruGateLetter = 'z' | 'r' | 'n';

/**
 * Named values inside one GRU step: `z_x` after the input matmul, `z_xh` after adding the recurrent one, `z_in` after the clip (only
 * with one), `z` activated; the same for r and n. `n_h` is the candidate's recurrent matmul and `n_rh` the same times r (reset after
 * it); `rh` is h times r (reset before it). `h` is the output.
 */
export type GruSignalName = GruGateLetter | `${GruGateLetter}_${'x' | 'xh' | 'in'}` | 'n_h' | 'n_rh' | 'rh';

/** Of a simple recurrent layer: `a` is what is activated, with the same stages; `h` is the output. */
export type RnnSignalName = 'a_x' | 'a_xh' | 'a_in';

export interface SignalSpec {
  readonly name: SignalName;
  readonly gate: Gate | GruGate | null;
  /** Values per step and batch row. */
  readonly size: number;
  readonly dtype: 'int8' | 'int16' | 'float32';
  /** real = scale * (q - zeroPoint); null on the float and hybrid paths. */
  readonly quantization: Pick<Quantization, 'scales' | 'zeroPoints'> | null;
}

export type SignalArray = Int8Array | Int16Array | Float32Array;

/** Every value of some signals over a run: arrays of [steps, batch, size], row-major. */
export type SignalTrace = Partial<Record<SignalName, SignalArray>>;
