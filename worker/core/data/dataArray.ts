import type { Value } from '../run/value';

/** One array of a data file, whose shape is known before its values are decoded. */
export interface DataArray {
  /** Name within the file (key of an npz, property of a JSON object); null where the file is the array. */
  readonly key: string | null;
  readonly shape: readonly number[];
  /** Decodes the values, every time it is called. */
  load(): Value;
}

/** Limits against files that claim more than they can hold; each is far above any real data set. */
export const DATA_LIMITS = {
  /** Bytes of one decoded array. */
  arrayBytes: 2 ** 30,
  /** Entries of one archive. */
  entries: 100_000,
  rank: 8,
} as const;
