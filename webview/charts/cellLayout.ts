/** Which optional parts a cell has; absent ones are drawn as dashed ghosts in their place. */
export interface CellTopology {
  readonly layerNorm: boolean;
  readonly projection: boolean;
  readonly peephole: boolean;
  /** Coupled input and forget gate: i = 1 - f. */
  readonly cifg: boolean;
}

export type Lane = 'f' | 'i' | 'g' | 'o';

/** Boxes of the cell by name; those of gates are per lane: `o_in` before activation, `o_ln` after layer norm, `o` activated. */
export type CellBoxId = 'W' | 'x' | 'h_prev' | `${Lane}_in` | `${Lane}_ln` | Lane | 'c' | 'tanh_c' | 'm' | 'h';
