/** Lowest and highest value of each of some columns of a signal. */
export interface Envelope {
  readonly low: Float32Array;
  readonly high: Float32Array;
  /** Values that a column stands for; the last may have fewer. */
  readonly perColumn: number;
}

/** A column for every value, or for as many neighbours as leave at most `mostColumns`. NaN counts as 0. */
export function envelopeOf(signal: Float32Array, mostColumns: number): Envelope {
  const perColumn = Math.max(1, Math.ceil(signal.length / mostColumns));
  const columns = Math.ceil(signal.length / perColumn);
  const [low, high] = [new Float32Array(columns), new Float32Array(columns)];
  for (let column = 0; column < columns; column++) {
    let [least, most] = [Infinity, -Infinity];
    for (let i = column * perColumn; i < Math.min(signal.length, (column + 1) * perColumn); i++) {
      const value = signal[i]! || 0;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    low[column] = least;
    high[column] = most;
  }
  return { low, high, perColumn };
}

/** Largest magnitude, and root of the mean square; 0 without values. */
export function loudnessOf(signal: Float32Array): { readonly peak: number; readonly rms: number } {
  let [peak, squares] = [0, 0];
  for (const value of signal) {
    peak = Math.max(peak, Math.abs(value));
    squares += value * value;
  }
  return { peak, rms: signal.length === 0 ? 0 : Math.sqrt(squares / signal.length) };
}
