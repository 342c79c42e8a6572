import type { FeatureSettings } from './features/fields';
import type { Normalisation } from './features/framing';

/** Bound of `callSize`: a minute of audio at 16 kHz is less. */
export const MAX_CALL_SIZE = 1_048_576;

/** How data becomes samples, as the user chose; what is absent is guessed. Plain data. */
export interface DataOptions {
  /** How audio becomes features; settings that are not there are guessed from the input's shape. */
  readonly features?: FeatureSettings;
  readonly normalise?: Normalisation;
  /** An array with the rank of the input counts samples along this axis; absent: it is one sample. */
  readonly samplesAxis?: 0;
  /** Values of a call along an axis that the file leaves open (neither batch nor time); absent: guessed. At most `MAX_CALL_SIZE`. */
  readonly callSize?: number;
  /** A sample is many calls with states carried; absent: where the model has states among its inputs and outputs. */
  readonly stepped?: boolean;
  /** States among inputs and outputs, by name; absent: found by shape and name. */
  readonly statePairs?: readonly StatePairName[];
}

export interface StatePairName {
  readonly input: string;
  /** Output whose value of one call is the input's at the next. */
  readonly output: string;
}
