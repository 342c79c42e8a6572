import type { Value } from '../run/value';

/** What a graph is fed with once: one value per input of the graph, in its order. */
export interface Sample {
  /** For people and for labels: the file's name without extension, with `[index]` where a file holds several. */
  readonly name: string;
  readonly inputs: readonly Value[];
  /** Time steps of the sample; 1 where no input has a time axis. */
  readonly steps: number;
}

/** Samples that are decoded when asked for, so that memory does not grow with their number. */
export interface SampleSource {
  readonly count: number;
  /** One per sample. */
  readonly names: readonly string[];
  /** Made of random values and not of data: figures of accuracy mean nothing. */
  readonly synthetic: boolean;
  get(index: number): Sample;
}
