import { count, percent, real } from './format';
import { shareAt, type StepFigures } from './stepLayout';

/** Index of the point that covers a step; -1 where none does. */
export function pointOfStep({ first, stepsPerPoint, values }: StepFigures, step: number): number {
  const point = Math.floor((step - first) / stepsPerPoint);
  return point >= 0 && point < values.length ? point : -1;
}

/** All figures of one step in words. */
export function describeStep(figures: StepFigures, step: number, path: string): string {
  const point = pointOfStep(figures, step);
  if (point < 0) return `step ${count(step)}: no values`;
  const first = figures.first + point * figures.stepsPerPoint;
  const where =
    figures.stepsPerPoint === 1 ? `step ${count(first)}` : `steps ${count(first)} to ${count(first + figures.stepsPerPoint - 1)}`;
  const of = (values: ArrayLike<number>) => real(values[point] ?? 0);
  const parts = [
    `error RMS ${of(figures.rmse)}, local ${of(figures.localRmse)}`,
    `float ${of(figures.floatMin)} to ${of(figures.floatMax)}`,
    `${path} ${of(figures.min)} to ${of(figures.max)}`,
    ...(figures.atRails[point] ? [`${percent(shareAt(figures, point))} at the rails`] : []),
  ];
  return `${where}: ${parts.join('; ')}`;
}
