import { STEP, STEP_ROW, UNIT, UNIT_ROW, type FigureTable } from '../analysis/figureTable';
import type { LocatedSums } from '../analysis/locatedSums';
import { coverSteps, emptySteps, mergeSteps, type StepSums } from '../analysis/stepSums';
import type { StepSeries, UnitError } from './detail';

/** How figures are stored in a series. */
export type StoreFigures = (values: readonly number[]) => ArrayLike<number>;

/**
 * Figures over steps as a series of at most `mostPoints`.
 * @param first step of the first point
 */
export function stepSeries(sums: StepSums, first: number, mostPoints: number, store: StoreFigures): StepSeries {
  const { table, points, exponent } = joined(sums, mostPoints);
  const all = (of: (point: number) => number) => store(Array.from({ length: points }, (_, point) => of(point)));
  const figure = (which: keyof typeof STEP) => all((point) => stepFigure(table, point, which));
  const root = (which: keyof typeof STEP) => all((point) => stepRms(table, point, which));
  return {
    first,
    stepsPerPoint: 2 ** exponent,
    values: figure('values'),
    rmse: root('errorSquared'),
    localRmse: root('localSquared'),
    maxAbs: figure('maxAbs'),
    floatRms: root('floatSquared'),
    floatMin: figure('floatMin'),
    floatMax: figure('floatMax'),
    min: figure('min'),
    max: figure('max'),
    atRails: figure('atRails'),
  };
}

/** One figure of one point; 0 where no value was seen. */
function stepFigure(table: FigureTable, point: number, which: keyof typeof STEP): number {
  const value = table[point * STEP_ROW + STEP[which]] ?? 0;
  // JSON knows neither infinities nor -0.
  return Number.isFinite(value) ? value + 0 : 0;
}

/** Root of the mean of a sum of squares; 0 where nothing was seen. */
export function stepRms(table: FigureTable, point: number, which: keyof typeof STEP): number {
  const values = stepFigure(table, point, 'values');
  return values === 0 ? 0 : Math.sqrt(stepFigure(table, point, which) / values);
}

/** Points joined in pairs until there are few enough. */
export function joined(sums: StepSums, most: number): StepSums {
  if (sums.points <= most) return sums;
  const fewer = emptySteps(most);
  coverSteps(fewer, sums.points * 2 ** sums.exponent);
  mergeSteps(fewer, sums);
  return fewer;
}

/** Units by RMS error, the worst first, or by their number. @param firstUnit number of the table's first row */
export function unitErrors(
  { units, valuesPerUnit: values }: Pick<LocatedSums, 'units' | 'valuesPerUnit'>,
  order: 'worst' | 'index',
  most: number,
  firstUnit = 0,
): UnitError[] {
  const figure = (row: number, which: keyof typeof UNIT) => units[row * UNIT_ROW + UNIT[which]] ?? 0;
  const root = (row: number, which: keyof typeof UNIT) => (values === 0 ? 0 : Math.sqrt(figure(row, which) / values));
  const rows = order === 'worst' ? worstFirst(units) : inOrder(units);
  return Array.from(rows.subarray(0, most), (row) => ({
    unit: row + firstUnit,
    values,
    rmse: root(row, 'errorSquared'),
    localRmse: root(row, 'localSquared'),
    maxAbs: Math.max(0, figure(row, 'maxAbs')),
    atRails: figure(row, 'atRails'),
  }));
}

/** Rows of a table of units by their squared error, the largest first. */
export function worstFirst(units: FigureTable): Uint32Array {
  const error = (row: number) => units[row * UNIT_ROW + UNIT.errorSquared]!;
  return inOrder(units).sort((a, b) => error(b) - error(a) || a - b);
}

function inOrder(units: FigureTable): Uint32Array {
  return new Uint32Array(units.length / UNIT_ROW).map((_, row) => row);
}
