import { textWidth } from '../../charts/textWidth';

export interface MatrixLayout {
  /** CSS grid tracks: the operator, then one for each target. */
  readonly tracks: string;
  /** Of all columns, in px; more than there is where every target has its least. */
  readonly width: number;
  /** Target names stand upright: lying they would not fit their columns. */
  readonly upright: boolean;
  /** Height of the head, in px. */
  readonly head: number;
  /** Some operator's name does not fit. */
  readonly cut: boolean;
}

/** Index, gaps and padding beside an operator's name. */
const BESIDE_NAME = 56;
const LEAST_NAME = 140;
const LEAST_COLUMN = 28;
const PADDING = 16;
const HEAD = 25;
/** A column wider than this sets marks too far apart to compare. */
const MOST_COLUMN = 140;

/** Operator names get the room they take, as long as every target keeps a column wide enough for its mark. */
export function layoutMatrix(width: number, ops: readonly string[], targets: readonly string[]): MatrixLayout {
  const widest = (texts: readonly string[], size: number) => Math.max(0, ...texts.map((text) => textWidth(text, size)));
  const name = Math.ceil(Math.max(LEAST_NAME, widest(ops, 12) + BESIDE_NAME));
  const target = Math.ceil(widest(targets, 11) + PADDING);
  const room = Math.max(LEAST_NAME, width - targets.length * LEAST_COLUMN);
  const nameWidth = Math.min(name, room);
  const column = Math.max(LEAST_COLUMN, (width - nameWidth) / Math.max(1, targets.length));
  const upright = column < target;
  const track = Math.min(MOST_COLUMN, Math.floor(column));
  return {
    // In a very wide editor the rest stays free: marks belong beside the names.
    tracks: `${nameWidth}px repeat(${targets.length}, ${track}px)`,
    width: nameWidth + targets.length * track,
    upright,
    head: upright ? target + 4 : HEAD,
    cut: name > nameWidth,
  };
}
