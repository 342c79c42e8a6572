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

/** How float and integer, calibrated as TensorFlow Lite does, compare with its own files and its own counts of errors. */
export function likeTflite(results: PaperResults): Likeness {
  const { models } = results;
  const tensors = sum(models, ({ tensors }) => tensors.compared);
  const differing = models.filter(({ tensors }) => tensors.differing > 0);
  const wrong = { float: unlikeErrors(results, 'float', 'float'), integer: unlikeErrors(results, 'as-tflite', 'int8') };
  const hybrid = unlikeErrors(results, 'hybrid', 'hybrid').length;
  const cases = models.length * SETS.length;
  const together = (variant: VariantName) => errorsOf(results, models, variant).errors;
  const text =
    `Calibrated as TensorFlow Lite does (\`--state as-tflite\`), all ${tensors - sum(models, ({ tensors }) => tensors.differing)} of ${tensors} tensors and parameters of the ` +
    `${models.length} models equal its own files, and the count of errors equals its own in ${cases - wrong.integer.length} of ${cases} cases (float: ${cases - wrong.float.length}; ` +
    `hybrid: ${cases - hybrid}, as the hybrid models behind its counts round weights half to even, the recipe half away from zero). ` +
    `All together that is ${count(together('as-tflite'))} errors; with states reset, as in the table, it is ${count(together('integer'))}.`;
  const unlike = [
    ...differing.map(({ name, tensors }) => `${name}: ${tensors.differing} tensors are not TensorFlow Lite's.`),
    ...wrong.float,
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
