import type { Rgb } from './heatColors';

export interface LevelData {
  readonly rows: number;
  readonly columns: number;
  /** Row-major, the lowest row first. */
  readonly cells: ArrayLike<number>;
  /** Levels that are drawn as background, and in full. */
  readonly low: number;
  readonly high: number;
}

/** RGBA bytes, one pixel a cell, the lowest row at the bottom: from the background to the foreground as the level rises. */
export function levelPixels(
  { rows, columns, cells, low, high }: LevelData,
  background: Rgb,
  foreground: Rgb,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(rows * columns * 4);
  const span = high > low ? high - low : 1;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const level = cells[row * columns + column] ?? NaN;
      const strength = Number.isNaN(level) ? 0 : Math.max(0, Math.min(1, (level - low) / span));
      const at = ((rows - 1 - row) * columns + column) * 4;
      for (let channel = 0; channel < 3; channel++) {
        const from = background[channel] ?? 0;
        pixels[at + channel] = from + ((foreground[channel] ?? 0) - from) * strength;
      }
      pixels[at + 3] = 255;
    }
  }
  return pixels;
}
