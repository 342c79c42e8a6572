import type { DetailMatrix } from '../../../worker/core/report/detail';
import type { StepRange } from '../../charts/StepLanes';

/** Steps at which no unit has a value that matches the filter; none without a filter. */
export function fadedSteps(matrix: DetailMatrix | null): readonly StepRange[] {
  if (!matrix?.matching) return [];
  const { matching, rows, columns, firstStep, stepsPerColumn } = matrix;
  const faded: { from: number; to: number }[] = [];
  for (let column = 0; column < columns; column++) {
    let matches = false;
    for (let row = 0; row < rows && !matches; row++) matches = matching[row * columns + column] === 1;
    if (matches) continue;
    const from = firstStep + column * stepsPerColumn;
    const last = faded.at(-1);
    if (last?.to === from) last.to = from + stepsPerColumn;
    else faded.push({ from, to: from + stepsPerColumn });
  }
  return faded;
}

/** Units that have no matching value at any step; none without a filter. */
export function fadedUnits(matrix: DetailMatrix | null): ReadonlySet<number> {
  const faded = new Set<number>();
  if (!matrix?.matching) return faded;
  const { matching, rows, columns, units, unitsPerRow } = matrix;
  for (let row = 0; row < rows; row++) {
    if (matching.subarray(row * columns, (row + 1) * columns).includes(1)) continue;
    for (const unit of units.subarray(row * unitsPerRow, (row + 1) * unitsPerRow)) faded.add(unit);
  }
  return faded;
}
