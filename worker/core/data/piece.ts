import type { Value } from '../run/value';
import type { RecordedSound } from './sample';

/** One input's worth of one sample, still encoded. */
export interface Piece {
  readonly name: string;
  /** The value is [calls, ...shape of the input]. */
  readonly isCalls: boolean;
  load(): Value;
  /** The sound that the value is the spectrum of; absent where it is none, or not frame by frame. */
  recording?(): RecordedSound;
}
