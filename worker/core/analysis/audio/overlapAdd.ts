/** How overlapping frames become one signal: `sum` adds them as they are, `mean` divides by how many cover a value. */
export type Overlap = 'sum' | 'mean';

/**
 * Frames of `size` values, one after the other, put `hop` values apart and added. Where `hop` is `size` they simply follow each other;
 * where it is larger, nothing (0) is between them.
 * @returns (frames - 1) * hop + size values; none without frames
 */
export function overlapAdd(frames: Float32Array, size: number, hop: number, overlap: Overlap): Float32Array {
  const count = size === 0 ? 0 : Math.floor(frames.length / size);
  if (count === 0) return new Float32Array(0);
  if (hop === size) return frames.slice(0, count * size);
  const signal = new Float32Array((count - 1) * hop + size);
  for (let frame = 0; frame < count; frame++) {
    const at = frame * hop;
    for (let k = 0; k < size; k++) signal[at + k]! += frames[frame * size + k]!;
  }
  if (overlap === 'mean' && hop < size) divideByCover(signal, count, size, hop);
  return signal;
}

function divideByCover(signal: Float32Array, count: number, size: number, hop: number): void {
  for (let at = 0; at < signal.length; at++) {
    const last = Math.min(count - 1, Math.floor(at / hop));
    const first = Math.max(0, Math.ceil((at - size + 1) / hop));
    const cover = last - first + 1;
    if (cover > 1) signal[at]! /= cover;
  }
}
