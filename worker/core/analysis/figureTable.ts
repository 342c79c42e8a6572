/**
 * Figures over groups of values (the values of one step, of one unit), one row for each group in one array, so that they can be handed
 * to another thread, merge row by row and are quick to add to. Reals throughout; minima start at Infinity, maxima at -Infinity.
 */
export type FigureTable = Float64Array;

/** Place of each figure in a row. */
export const FIGURE = {
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

/** Figures in a row. */
export const ROW = 11;
/** Figures before this place are sums, those up to the next one maxima, the rest minima. */
const FIRST_MAXIMUM = FIGURE.maxAbs;
const FIRST_MINIMUM = FIGURE.floatMin;

export function emptyTable(rows: number): FigureTable {
  const table = new Float64Array(rows * ROW);
  for (let row = 0; row < rows; row++) {
    const at = row * ROW;
    table[at + FIGURE.floatMax] = table[at + FIGURE.max] = -Infinity;
    table[at + FIGURE.floatMin] = table[at + FIGURE.min] = Infinity;
  }
  return table;
}

export function mergeRow(into: FigureTable, row: number, from: FigureTable, fromRow: number): void {
  const at = row * ROW;
  const source = fromRow * ROW;
  for (let k = 0; k < FIRST_MAXIMUM; k++) into[at + k]! += from[source + k]!;
  for (let k = FIRST_MAXIMUM; k < FIRST_MINIMUM; k++) into[at + k] = Math.max(into[at + k]!, from[source + k]!);
  for (let k = FIRST_MINIMUM; k < ROW; k++) into[at + k] = Math.min(into[at + k]!, from[source + k]!);
}

/** One figure of one row. */
export function figure(table: FigureTable, row: number, which: keyof typeof FIGURE): number {
  return table[row * ROW + FIGURE[which]] ?? 0;
}

/** Root of the mean of a sum of squares; 0 where nothing was seen. */
export function rootMean(table: FigureTable, row: number, which: 'floatSquared' | 'errorSquared' | 'localSquared'): number {
  const values = figure(table, row, 'values');
  return values === 0 ? 0 : Math.sqrt(figure(table, row, which) / values);
}
