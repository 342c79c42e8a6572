import { sum } from 'd3';
import { count } from '../../../webview/charts/format';
import type { VariantName } from '../measure/variants';
import type { PaperResults } from '../results';
import { SETS } from '../speech/speechDigits';
import { errorsOf } from './figures';

export interface Likeness {
  /** One paragraph. */
  readonly text: string;
  /** What should be alike and is not. */
  readonly unlike: readonly string[];
}

/** How all forms, integer calibrated as TensorFlow Lite does, compare with its own files and its own counts of errors. */
export function likeTflite(results: PaperResults): Likeness {
  const { models } = results;
  const tensors = sum(models, ({ tensors }) => tensors.compared);
  const wrongTensors = sum(models, ({ tensors }) => tensors.differing);
  const differing = models.filter(({ tensors }) => tensors.differing > 0);
  const wrong = {
    float: unlikeErrors(results, 'float', 'float'),
    hybrid: unlikeErrors(results, 'hybrid', 'hybrid'),
    integer: unlikeErrors(results, 'as-tflite', 'int8'),
  };
  const cases = models.length * SETS.length;
  const together = (variant: VariantName) => errorsOf(results, models, variant).errors;
  const text =
    `Calibrated as TensorFlow Lite does (\`--state as-tflite\`), ${count(tensors - wrongTensors)} of ${count(tensors)} tensors with values or parameters equal those ` +
    `of its own files, and the count of errors equals its own in ${cases - wrong.integer.length} of ${cases} cases (float: ${cases - wrong.float.length}, ` +
    `hybrid: ${cases - wrong.hybrid.length}). That is ${count(together('as-tflite'))} errors in all; with states reset, as in the table, ${count(together('integer'))}.`;
  const unlike = [
    ...differing.map(({ name, tensors }) => `${name}: ${tensors.differing} tensors are not TensorFlow Lite's.`),
    ...wrong.float,
    ...wrong.hybrid,
    ...wrong.integer,
  ];
  return { text, unlike };
}

function unlikeErrors({ models, reference }: PaperResults, variant: VariantName, path: 'float' | 'hybrid' | 'int8'): string[] {
  return models.flatMap(({ name, scores }) =>
    SETS.flatMap((set) => {
      const errors = sum(scores[variant]![set].errors);
      const wanted = reference[name]![set][path].edits;
      return errors === wanted ? [] : [`${name}, ${set}, ${variant}: ${errors} errors; TensorFlow Lite has ${wanted}.`];
    }),
  );
}
