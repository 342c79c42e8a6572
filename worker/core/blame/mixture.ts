import type { QuirkName } from '../compare/quirks';
import type { LstmPart } from '../report/report';

/**
 * How one operator is computed in a mixed run.
 *
 * - `own`: the file's own integer (or hybrid) arithmetic, bit for bit. Real operands are put on their tensors' grids first.
 * - `without`: the same with one of the runtime's quirks switched off.
 * - `float`: float arithmetic with the float model's weights, where it has a counterpart; else with the file's own as reals.
 * - `dequantized`: float arithmetic with the file's own weights as reals, nothing rounded.
 * - `emulated`: float arithmetic with the file's own weights as reals, rounded inside where the file rounds. It takes real operands;
 *   multipliers and activation tables are exact reals, so that it differs from `own` in last bits only.
 */
export type OperatorMode =
  | { readonly kind: 'own' | 'float' | 'dequantized' }
  | { readonly kind: 'without'; readonly quirk: QuirkName }
  | { readonly kind: 'emulated'; readonly variant: Variant };

/**
 * What is different inside an emulated operator: nothing, a part of an LSTM that is not quantized, or weights of the float model:
 * all (`W`) or one operand's.
 */
export type Variant = 'plain' | LstmPart | `operand ${number}`;

export const OWN: OperatorMode = { kind: 'own' };
export const FLOAT: OperatorMode = { kind: 'float' };
export const DEQUANTIZED: OperatorMode = { kind: 'dequantized' };
export const EMULATED: OperatorMode = { kind: 'emulated', variant: 'plain' };

/** A graph in which each operator and each tensor is either quantized or float. */
export interface Mixture {
  /** Arithmetic of the operators that `operators` does not name: all quantized, or all float. */
  readonly ground: 'own' | 'float';
  /** By position in the graph. */
  readonly operators: ReadonlyMap<number, OperatorMode>;
  /**
   * By index: tensors that are treated otherwise than on the ground, where values of quantized tensors are on their grids (`own`),
   * or real (`float`).
   */
  readonly tensors: ReadonlySet<number>;
}

export const ALL_OWN: Mixture = { ground: 'own', operators: new Map(), tensors: new Set() };

/** Same key, same results. */
export function mixtureKey({ ground, operators, tensors }: Mixture): string {
  const modes = [...operators].map(([position, mode]) => [position, modeKey(mode)]);
  modes.sort(([a], [b]) => Number(a) - Number(b));
  return JSON.stringify([ground, modes, [...tensors].sort((a, b) => a - b)]);
}

export function modeKey(mode: OperatorMode): string {
  switch (mode.kind) {
    case 'without':
      return `without ${mode.quirk}`;
    case 'emulated':
      return `emulated ${mode.variant}`;
    case 'own':
    case 'float':
    case 'dequantized':
      return mode.kind;
  }
}
