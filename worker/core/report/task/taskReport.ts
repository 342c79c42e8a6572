/** Accuracy of both paths on the user's own task. Of a report: plain JSON. */
export interface TaskReport {
  readonly kind: 'ctc-greedy' | 'classification';
  /** What is counted: `digits`, `words`, `samples`. */
  readonly unit: string;
  readonly labels: string;
  /** Labelled units in the samples covered. */
  readonly total: number;
  /** Edit distance (ctc-greedy) or wrong samples (classification). */
  readonly floatErrors: number;
  readonly quantizedErrors: number | null;
  /** Samples whose decoded answer is entirely right. */
  readonly floatRight: number;
  readonly quantizedRight: number | null;
  /** What a label is made of: `whole` (classification), else what an edit distance counts. */
  readonly parts: LabelParts;
  /** Null where there are more than `MOST_TEXTS` different answers. */
  readonly confusion: Confusion | null;
  /** Null where nothing is compared. */
  readonly flips: Flips | null;
}

export type LabelParts = 'whole' | 'characters' | 'words';

/** What was answered for what, part by part. Parts of a ctc answer are paired with those of its label by the fewest edits. */
export interface Confusion {
  /** Texts of the rows (expected) and columns (answered), in ascending order; the empty one, last, stands for no part at all. */
  readonly texts: readonly string[];
  /** Only those that count something, by row and column. */
  readonly cells: readonly ConfusionCell[];
}

export interface ConfusionCell {
  /** Places in `texts`. */
  readonly expected: number;
  readonly answered: number;
  readonly float: number;
  /** Null where nothing is compared. */
  readonly quantized: number | null;
  /** As `SampleReport.index`: the first `MOST_SAMPLES` that are counted here on either path. */
  readonly samples: readonly number[];
}

/** Samples, as `SampleReport.index`, whose answers differ between the paths. */
export interface Flips {
  /** Right in float, wrong quantized. */
  readonly lost: readonly number[];
  /** Wrong in float, right quantized. */
  readonly won: readonly number[];
  /** Wrong on both, each in its own way. */
  readonly changed: readonly number[];
}
