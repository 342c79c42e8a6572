/**
 * Figures over groups of values (those of one step, of one unit), one row for each group in one array, so that they can be handed to
 * another thread, merge row by row and are quick to add to. Reals throughout; minima start at Infinity, maxima at -Infinity.
 */
export type FigureTable = Float64Array;

/** Figures of a row: first sums, then maxima, then minima. */
export interface RowLayout {
  readonly sums: number;
  readonly maxima: number;
  readonly minima: number;
}

function rowLength({ sums, maxima, minima }: RowLayout): number {
  return sums + maxima + minima;
}

export function emptyTable(layout: RowLayout, rows: number): FigureTable {
  const length = rowLength(layout);
  const table = new Float64Array(rows * length);
  for (let at = 0; at < table.length; at += length) {
    table.fill(-Infinity, at + layout.sums, at + layout.sums + layout.maxima);
    table.fill(Infinity, at + layout.sums + layout.maxima, at + length);
  }
  return table;
}

/** Adds the first rows of a table to another's, `join` neighbours of them to one. */
export function mergeTable(layout: RowLayout, into: FigureTable, from: FigureTable, rows: number, join: number): void {
  const { sums } = layout;
  const minima = sums + layout.maxima;
  const length = rowLength(layout);
  for (let row = 0; row < rows; row++) {
    const at = Math.floor(row / join) * length;
    const source = row * length;
    for (let k = 0; k < sums; k++) into[at + k]! += from[source + k]!;
    for (let k = sums; k < minima; k++) if (from[source + k]! > into[at + k]!) into[at + k] = from[source + k]!;
    for (let k = minima; k < length; k++) if (from[source + k]! < into[at + k]!) into[at + k] = from[source + k]!;
  }
}

/** Figures of one step, or of some neighbouring ones. */
export const STEP = {
  /** Values compared. */
  values: 0,
  floatSquared: 1,
  /** Of quantized - float. */
  errorSquared: 2,
  /** Of the local values - float. */
  localSquared: 3,
  /** Values at a rail of the integer type. */
  atRails: 4,
  /** Values at an activation's end. */
  flat: 5,
  maxAbs: 6,
  floatMax: 7,
  max: 8,
  floatMin: 9,
  min: 10,
} as const;

export const STEP_LAYOUT: RowLayout = { sums: 6, maxima: 3, minima: 2 };
export const STEP_ROW = 11;

/** Figures of one unit; all units of a signal have as many values. */
export const UNIT = { errorSquared: 0, localSquared: 1, atRails: 2, flat: 3, maxAbs: 4 } as const;

export const UNIT_LAYOUT: RowLayout = { sums: 4, maxima: 1, minima: 0 };
export const UNIT_ROW = 5;
