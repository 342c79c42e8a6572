/**
 * A picture of a graph that is to be laid out, and where everything came to lie. What is drawn is the asker's: boxes have sizes only.
 * Boxes and lines are told by their places in the lists.
 */
export interface LayoutRequest {
  readonly boxes: readonly LayoutBox[];
  readonly lines: readonly LayoutLine[];
}

/** Pixels. A box that others stand in gets its size from them. */
export interface LayoutBox {
  readonly width: number;
  readonly height: number;
  /** Place of the box that it stands in, which comes before it; null: none. */
  readonly inside: number | null;
}

export interface LayoutLine {
  readonly from: number;
  readonly to: number;
}

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  /** x, y, width, height of every box, one after the other; x and y from the left and top of all. */
  readonly boxes: Float64Array;
  /** Corner points of all lines, one line after the other: x, y, x, y and so on. One array: the way to the page has room for few. */
  readonly points: Float64Array;
  /** Where each line begins in `points`; the last entry is where they end. */
  readonly starts: Uint32Array;
}

export const LAYOUT_LIMITS = { boxes: 2_000, lines: 8_000, pixels: 10_000 } as const;
