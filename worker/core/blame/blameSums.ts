import { emptyErrors, mergeErrors, type ErrorSums } from '../analysis/errorSums';

/** What the main output of one mixture has summed up. */
export interface MixtureSums {
  /** Against the float path's main output. */
  readonly errors: ErrorSums;
  /** Labelled samples only: wrong units (see taskErrors), and samples that are entirely right. */
  taskErrors: number;
  right: number;
}

/** What was measured over some samples of a run. Plain data; parts of one run merge, in any split. */
export interface BlameSums {
  readonly schema: 'gatescope.blame-part/1';
  samples: number;
  steps: number;
  /** Samples of which only the first calls were made. */
  cut: number;
  /** Labelled samples and their units. */
  labelled: number;
  units: number;
  /** Of the float path's answers. */
  floatErrors: number;
  floatRight: number;
  /** One per mixture. */
  readonly mixtures: readonly MixtureSums[];
}

export function emptyBlame(mixtures: number): BlameSums {
  const one = (): MixtureSums => ({ errors: emptyErrors(), taskErrors: 0, right: 0 });
  const counts = { samples: 0, steps: 0, cut: 0, labelled: 0, units: 0, floatErrors: 0, floatRight: 0 };
  return { schema: 'gatescope.blame-part/1', ...counts, mixtures: Array.from({ length: mixtures }, one) };
}

/** Adds what was measured over other samples with the same mixtures. */
export function mergeBlame(into: BlameSums, other: BlameSums): void {
  into.samples += other.samples;
  into.steps += other.steps;
  into.cut += other.cut;
  into.labelled += other.labelled;
  into.units += other.units;
  into.floatErrors += other.floatErrors;
  into.floatRight += other.floatRight;
  into.mixtures.forEach((sums, position) => {
    const from = other.mixtures[position];
    if (from === undefined) return;
    mergeErrors(sums.errors, from.errors);
    sums.taskErrors += from.taskErrors;
    sums.right += from.right;
  });
}
