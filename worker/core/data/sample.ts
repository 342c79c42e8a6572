import type { Value } from '../run/value';
import type { Framing } from './features/framing';

/** What a graph is fed with: one value per input of the graph, in its order. */
export interface Sample {
  /** For people and for labels: the file's name without extension, with `[index]` where a file holds several. */
  readonly name: string;
  readonly inputs: readonly Value[];
  /** Time steps of the sample; 1 where no input has a time axis. */
  readonly steps: number;
  /** The graph is called several times, with its states carried from call to call; absent: once. */
  readonly calls?: Calls;
}

/** A sample that is given piece by piece, as a streaming model is called. */
export interface Calls {
  readonly count: number;
  /** One per input of the graph. */
  readonly feeds: readonly Feed[];
}

/**
 * Where an input has its value from at each call. `each`: its value is [calls, ...shape of the input], one for each; `same`: its value
 * is given to all; a number: that output (by position) of the call before, and its own value at the first.
 */
export type Feed = 'each' | 'same' | number;

/** Sound whose spectra a sample is made of, from its first frame on. */
export interface RecordedSound {
  /** Reals of -1..1 at `framing.rate`. */
  readonly signal: Float64Array;
  readonly framing: Framing;
}

/** Samples that are decoded when asked for, so that memory does not grow with their number. */
export interface SampleSource {
  readonly count: number;
  /** One per sample. */
  readonly names: readonly string[];
  /** Made of random values and not of data: figures of accuracy mean nothing. */
  readonly synthetic: boolean;
  /** For people: what was guessed, filled in or left out. */
  readonly notes?: readonly string[];
  get(index: number): Sample;
  /** Of a sample whose values are spectra of a recording; null or absent: of no other. */
  recording?(index: number): RecordedSound | null;
}
