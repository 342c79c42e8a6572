import type { SampleReport, TaskReport } from '../report';
import { confusionOf, flipsOf } from './confusion';
import { labelParts, unitsOf } from './decode';
import { editDistance } from './editDistance';
import type { TaskLabels } from './labels';

/** Accuracy over the labelled samples; null where none of the samples has a label. */
export function scoreTask(labels: TaskLabels, samples: readonly SampleReport[]): TaskReport | null {
  const labelled = samples.flatMap(({ index, expected, float, quantized }) =>
    expected === null ? [] : [{ index, expected, float, quantized }],
  );
  const parts = labelParts(labels);
  if (labelled.length === 0) return null;
  const quantizedSeen = labelled.some(({ quantized }) => quantized !== null);
  const errors = (answer: 'float' | 'quantized') =>
    sum(labelled.map((sample) => taskErrors(labels, sample.expected, sample[answer])));
  const right = (answer: 'float' | 'quantized') => labelled.filter((sample) => sample[answer] === sample.expected).length;
  return {
    kind: labels.kind,
    unit: labels.unit,
    labels: labels.file,
    total:
      labels.kind === 'classification' ? labelled.length : sum(labelled.map(({ expected }) => unitsOf(labels, expected).length)),
    floatErrors: errors('float'),
    quantizedErrors: quantizedSeen ? errors('quantized') : null,
    floatRight: right('float'),
    quantizedRight: quantizedSeen ? right('quantized') : null,
    parts,
    confusion: confusionOf(parts, labelled),
    flips: flipsOf(labelled),
  };
}

/** Edit distance of one sample's answer (ctc-greedy), or 1 where it is wrong (classification). */
export function taskErrors(labels: TaskLabels, expected: string, answer: string | null): number {
  if (labels.kind === 'classification') return answer === expected ? 0 : 1;
  return editDistance(unitsOf(labels, answer ?? ''), unitsOf(labels, expected));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
