/** Data, or what an operator makes of it, that holds NaN or an infinite value: no range can be taken from that. */
export class NotFiniteError extends Error {
  override readonly name = 'NotFiniteError';

  /** @param operatorIndex that computed the value; null where it is in the data */
  constructor(
    message: string,
    readonly operatorIndex: number | null,
  ) {
    super(message);
  }
}

/** Which value is the first that is not finite, in words: `NaN at step 12, value 7`. Null where all are finite. */
export function firstNotFinite(values: Float32Array, shape: readonly number[], timeAxis: number | null): string | null {
  const place = values.findIndex((value) => !Number.isFinite(value));
  if (place < 0) return null;
  const coordinates: number[] = [];
  let rest = place;
  for (const size of [...shape].reverse()) {
    coordinates.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  const value = String(values[place]);
  if (timeAxis === null || shape.length < 2) return `${value} at [${coordinates.join(', ')}]`;
  const step = coordinates[timeAxis] ?? 0;
  return `${value} at step ${step}, value ${coordinates.at(-1) ?? 0} (both counted from 0)`;
}
