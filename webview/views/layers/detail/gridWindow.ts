/** Which cells of a large table to ask for: those in sight, rounded to whole pieces so that scrolling a little asks for nothing. */
export interface CellWindow {
  readonly rows: { readonly from: number; readonly to: number };
  readonly columns: { readonly from: number; readonly to: number };
}

export interface Scrolled {
  /** Pixels. */
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

export interface CellSize {
  readonly width: number;
  readonly height: number;
}

/** Rows and columns of a piece. */
const PIECE = { rows: 32, columns: 16 };

/** Browsers end elements at about 33 million pixels. */
export const MOST_ROWS = 800_000;
export const MOST_COLUMNS = 200_000;

/** What is in sight, cut to the table. */
export function cellsInSight(scrolled: Scrolled, cell: CellSize, rows: number, columns: number): CellWindow {
  const range = (start: number, length: number, size: number, end: number) => {
    const from = Math.min(end, Math.max(0, Math.floor(start / size)));
    return { from, to: Math.min(end, Math.max(from, Math.ceil((start + length) / size))) };
  };
  return {
    rows: range(scrolled.top, scrolled.height, cell.height, rows),
    columns: range(scrolled.left, scrolled.width, cell.width, columns),
  };
}

/** The whole pieces around it. */
export function piecesAround({ rows, columns }: CellWindow, mostRows: number, mostColumns: number): CellWindow {
  const whole = ({ from, to }: CellWindow['rows'], piece: number, end: number) => ({
    from: Math.floor(from / piece) * piece,
    to: Math.min(end, (Math.floor(Math.max(from, to - 1) / piece) + 1) * piece),
  });
  return { rows: whole(rows, PIECE.rows, mostRows), columns: whole(columns, PIECE.columns, mostColumns) };
}

/** Indices of a row on all axes but the last: `[0, 3, 12]` as `0, 3, 12`. */
export function rowLabel(shape: readonly number[], row: number): string {
  const outer = shape.slice(0, -1);
  const indices: number[] = [];
  let rest = row;
  for (const size of [...outer].reverse()) {
    indices.unshift(size > 0 ? rest % size : 0);
    rest = size > 0 ? Math.floor(rest / size) : 0;
  }
  return indices.join(', ');
}
