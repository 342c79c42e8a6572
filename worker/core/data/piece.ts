import type { Value } from '../run/value';

/** One input's worth of one sample, still encoded. */
export interface Piece {
  readonly name: string;
  /** The value is [calls, ...shape of the input]. */
  readonly isCalls: boolean;
  load(): Value;
}
