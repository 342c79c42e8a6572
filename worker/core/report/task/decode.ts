import type { Value } from '../../run/value';
import { partsOf } from './confusion';
import type { TaskLabels } from './labels';
import type { LabelParts } from './taskReport';

/** What the model's output says, as text: `value` has the classes on its last axis. Codes do as well as reals: order is kept. */
export function decodeOutput(labels: TaskLabels, value: Value): string {
  const classes = value.shape.at(-1) ?? 0;
  const best = largestPerRow(value, classes);
  const chosen = labels.kind === 'ctc-greedy' ? joinRepeats(best, labels.blank ?? classes - 1) : best.slice(0, 1);
  return chosen.map((index) => labels.classes?.[index] ?? String(index)).join(separator(labels));
}

/** The units that an edit distance counts. */
export function unitsOf(labels: TaskLabels, text: string): string[] {
  return partsOf(separator(labels) === '' ? 'characters' : 'words', text);
}

/** What the labels of a task are made of. */
export function labelParts(labels: TaskLabels): LabelParts {
  if (labels.kind === 'classification') return 'whole';
  return separator(labels) === '' ? 'characters' : 'words';
}

/** How far the first row's largest value is ahead of the next one, in the values' own unit; null where there are no two finite ones. */
export function marginOf({ data, shape }: Value): number | null {
  const classes = Math.min(shape.at(-1) ?? 0, data.length);
  let [best, next] = [-Infinity, -Infinity];
  for (let index = 0; index < classes; index++) {
    const value = Number(data[index]);
    if (value > best) [best, next] = [value, best];
    else if (value > next) next = value;
  }
  return Number.isFinite(best - next) ? best - next : null;
}

function separator({ classes }: TaskLabels): '' | ' ' {
  return classes === null || classes.every((text) => [...text].length <= 1) ? '' : ' ';
}

/** Index of the largest class of each row; the first of equals. */
function largestPerRow({ data }: Value, classes: number): number[] {
  const rows = classes === 0 ? 0 : Math.floor(data.length / classes);
  return Array.from({ length: rows }, (_, row) => {
    let best = 0;
    for (let index = 1; index < classes; index++) {
      if (data[row * classes + index]! > data[row * classes + best]!) best = index;
    }
    return best;
  });
}

/** Greedy CTC: repeats joined, then blanks dropped. */
function joinRepeats(path: readonly number[], blank: number): number[] {
  return path.filter((index, step) => index !== blank && index !== path[step - 1]);
}
