/** A colour as the canvas has it: red, green, blue, 0..255. */
export type Rgb = readonly [red: number, green: number, blue: number];

interface HeatPalette {
  readonly background: Rgb;
  readonly negative: Rgb;
  readonly positive: Rgb;
  /** Values at a rail. */
  readonly rail: Rgb;
}

export interface HeatData {
  /** `saturation`: shares 0..1 drawn in the rails' colour; others: signed, to both sides of the background. */
  readonly of: 'error' | 'saturation' | 'value';
  readonly rows: number;
  readonly columns: number;
  /** Row-major; NaN stays background. */
  readonly cells: ArrayLike<number>;
  /** |cell| at which the colour is full. */
  readonly scaleEnd: number;
  /** 1 where a cell matches the filter: the others fade to a quarter. Null: no filter. */
  readonly matching: ArrayLike<number> | null;
}

/** How much of its colour a cell keeps that the filter leaves out. */
const FADED = 0.25;

/** RGBA bytes, one pixel a cell. The scale is a square root, so that small errors are seen beside large ones. */
export function heatPixels(data: HeatData, palette: HeatPalette): Uint8ClampedArray<ArrayBuffer> {
  const { cells, of, scaleEnd, matching } = data;
  const pixels = new Uint8ClampedArray(data.rows * data.columns * 4);
  for (let k = 0; k < data.rows * data.columns; k++) {
    const value = cells[k] ?? NaN;
    const target = of === 'saturation' ? palette.rail : value < 0 ? palette.negative : palette.positive;
    const full = of === 'saturation' ? 1 : scaleEnd;
    const strength = Number.isNaN(value) || full <= 0 ? 0 : Math.sqrt(Math.min(1, Math.abs(value) / full));
    const part = strength * (matching && !matching[k] ? FADED : 1);
    for (let channel = 0; channel < 3; channel++) {
      const from = palette.background[channel] ?? 0;
      pixels[k * 4 + channel] = from + ((target[channel] ?? 0) - from) * part;
    }
    pixels[k * 4 + 3] = 255;
  }
  return pixels;
}
