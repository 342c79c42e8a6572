import { Fourier } from './fourier';

/** Rows of frequencies, the lowest first, over columns of time. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** Row-major. */
  readonly cells: Float32Array;
  /** Values of the signal, or frames, that a column stands for. */
  readonly perColumn: number;
}

/** Quieter than this is the same as silence: 20 bits. */
export const SILENCE_DB = -120;

/** Places where the spectrum is taken are this part of a window apart, where columns allow it. */
const STRIDES_PER_WINDOW = 4;
/** Spectra of one column; the loudest of each frequency is shown. Of a longer one, these are spread over it. */
const MOST_PER_COLUMN = 16;

/**
 * Loudness over time and frequency: Hann windows of `window` values (a power of two), in dB against a sine of amplitude 1. Where there
 * are more than `mostColumns`, neighbours share a column, which then shows the loudest.
 * @returns window / 2 + 1 rows, from 0 Hz to half the sampling rate
 */
export function spectrogram(signal: Float32Array, window: number, mostColumns: number): Grid {
  const rows = window / 2 + 1;
  const stride = Math.max(1, window / STRIDES_PER_WINDOW);
  const spectra = signal.length === 0 ? 0 : Math.max(1, Math.ceil((signal.length - window) / stride) + 1);
  const { columns, each } = columnsFor(spectra, mostColumns);
  const cells = new Float32Array(rows * columns).fill(SILENCE_DB);
  const fourier = new Fourier(window);
  const shape = hann(window);
  const [data, spectrum] = [new Float64Array(window), new Float64Array(2 * window)];
  // A sine of amplitude 1 has half the sum of the window in its bin; at 0 Hz and at the end it counts once more.
  const full = (shape.reduce((sum, weight) => sum + weight, 0) / 2) ** 2;
  const skip = Math.max(1, Math.floor(each / MOST_PER_COLUMN));
  for (let column = 0; column < columns; column++) {
    for (let k = column * each; k < Math.min(spectra, (column + 1) * each); k += skip) {
      const at = k * stride;
      for (let i = 0; i < window; i++) data[i] = (signal[at + i] ?? 0) * shape[i]!;
      fourier.ofReals(spectrum, data);
      for (let row = 0; row < rows; row++) {
        const power = spectrum[2 * row]! ** 2 + spectrum[2 * row + 1]! ** 2;
        const cell = row * columns + column;
        const loudness = decibels(power / full);
        if (loudness > cells[cell]!) cells[cell] = loudness;
      }
    }
  }
  return { rows, columns, cells, perColumn: stride * each };
}

/**
 * Frames of `size` values as they are: one row a value, one column a frame, or several frames. Of those that share a cell it holds the
 * one of the largest magnitude.
 */
export function frameGrid(frames: Float32Array, size: number, mostColumns: number): Grid {
  const count = size === 0 ? 0 : Math.floor(frames.length / size);
  const { columns, each } = columnsFor(count, mostColumns);
  const cells = new Float32Array(size * columns);
  for (let frame = 0; frame < count; frame++) {
    const column = Math.floor(frame / each);
    for (let row = 0; row < size; row++) {
      const value = frames[frame * size + row]!;
      const cell = row * columns + column;
      if (Math.abs(value) > Math.abs(cells[cell]!)) cells[cell] = value;
    }
  }
  return { rows: size, columns, cells, perColumn: each };
}

/** Magnitudes as loudness. @param full magnitude that is 0 dB */
export function inDecibels(grid: Grid, full: number): Grid {
  return { ...grid, cells: grid.cells.map((magnitude) => decibels((magnitude / full) ** 2)) };
}

function decibels(power: number): number {
  return power > 0 ? Math.max(SILENCE_DB, 10 * Math.log10(power)) : SILENCE_DB;
}

function columnsFor(count: number, most: number): { readonly columns: number; readonly each: number } {
  const each = Math.max(1, Math.ceil(count / most));
  return { columns: Math.ceil(count / each), each };
}

function hann(size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, k) => 0.5 - 0.5 * Math.cos((2 * Math.PI * k) / size));
}
