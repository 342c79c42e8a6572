import type { SignalArray } from './signals';

/** Clamps every value to low..high in place; returns how many it changed. */
export function clampInPlace(values: SignalArray, low: number, high: number): number {
  let changed = 0;
  for (let k = 0; k < values.length; k++) {
    const value = values[k]!;
    if (value > high) {
      values[k] = high;
      changed++;
    } else if (value < low) {
      values[k] = low;
      changed++;
    }
  }
  return changed;
}
