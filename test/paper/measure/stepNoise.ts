/** First step of each bin; the last one ends where the utterance ends. */
export const STEP_BINS = [0, 4, 8, 16, 32, 64, 128, 256, 512, 1024] as const;

/** Energy of a signal and of its error, by bin of steps. */
export interface StepNoise {
  readonly signal: number[];
  readonly noise: number[];
}

export function emptyStepNoise(): StepNoise {
  return { signal: STEP_BINS.map(() => 0), noise: STEP_BINS.map(() => 0) };
}

/** @param exact and `found` are [steps, size] */
export function addStepNoise(into: StepNoise, exact: Float32Array, found: Float32Array, steps: number): void {
  const size = exact.length / steps;
  STEP_BINS.forEach((first, bin) => {
    const from = Math.min(steps, first) * size;
    const to = Math.min(steps, STEP_BINS[bin + 1] ?? steps) * size;
    const { signal, noise } = energies(exact.subarray(from, to), found.subarray(from, to));
    into.signal[bin]! += signal;
    into.noise[bin]! += noise;
  });
}

export function energies(exact: Float32Array, found: Float32Array): { signal: number; noise: number } {
  let signal = 0;
  let noise = 0;
  for (let i = 0; i < exact.length; i++) {
    const value = exact[i]!;
    const error = found[i]! - value;
    signal += value * value;
    noise += error * error;
  }
  return { signal, noise };
}

/** Signal to noise in dB. */
export function decibels(signal: number, noise: number): number {
  return 10 * Math.log10(signal / noise);
}
