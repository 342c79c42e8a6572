import { FIGURE, figure, ROW, rootMean, type FigureTable } from '../analysis/figureTable';
import { emptySteps, coverSteps, mergeSteps, type StepSums } from '../analysis/stepSums';
import type { StepSeries, UnitFigures } from './detail';

/** How figures are stored in a series. */
export type StoreFigures = (values: readonly number[]) => ArrayLike<number>;

/**
 * Figures over steps as a series of at most `mostPoints`.
 * @param first step of the first point
 */
export function stepSeries(sums: StepSums, first: number, mostPoints: number, store: StoreFigures): StepSeries {
  const { table, points, exponent } = atMost(sums, mostPoints);
  const all = (of: (point: number) => number) => store(Array.from({ length: points }, (_, point) => of(point)));
  return {
    first,
    stepsPerPoint: 2 ** exponent,
    values: all((point) => figure(table, point, 'values')),
    rmse: all((point) => rootMean(table, point, 'errorSquared')),
    localRmse: all((point) => rootMean(table, point, 'localSquared')),
    maxAbs: all((point) => figure(table, point, 'maxAbs')),
    floatRms: all((point) => rootMean(table, point, 'floatSquared')),
    floatMin: all((point) => seen(table, point, 'floatMin')),
    floatMax: all((point) => seen(table, point, 'floatMax')),
    min: all((point) => seen(table, point, 'min')),
    max: all((point) => seen(table, point, 'max')),
    atRails: all((point) => figure(table, point, 'atRails')),
  };
}

/** Units by RMS error, the worst first, or by their number. @param firstUnit number of the table's first row */
export function unitFigures(units: FigureTable, order: 'worst' | 'index', most: number, firstUnit = 0): UnitFigures[] {
  const rows = order === 'worst' ? worstFirst(units) : new Uint32Array(units.length / ROW).map((_, row) => row);
  return Array.from(rows.subarray(0, most), (row) => ({
    unit: row + firstUnit,
    values: figure(units, row, 'values'),
    rmse: rootMean(units, row, 'errorSquared'),
    localRmse: rootMean(units, row, 'localSquared'),
    maxAbs: figure(units, row, 'maxAbs'),
    floatMin: seen(units, row, 'floatMin'),
    floatMax: seen(units, row, 'floatMax'),
    min: seen(units, row, 'min'),
    max: seen(units, row, 'max'),
    atRails: figure(units, row, 'atRails'),
  }));
}

/** Rows of the table by their squared error, the largest first; all have as many values. */
export function worstFirst(units: FigureTable): Uint32Array {
  const rows = new Uint32Array(units.length / ROW).map((_, row) => row);
  const error = (row: number) => units[row * ROW + FIGURE.errorSquared]!;
  return rows.sort((a, b) => error(b) - error(a) || a - b);
}

/** Joins points until there are few enough. */
function atMost(sums: StepSums, most: number): StepSums {
  if (sums.points <= most) return sums;
  const joined = emptySteps(most);
  coverSteps(joined, sums.points * 2 ** sums.exponent);
  mergeSteps(joined, sums);
  return joined;
}

/** JSON knows neither infinities nor -0. */
function seen(table: FigureTable, row: number, which: 'floatMin' | 'floatMax' | 'min' | 'max'): number {
  const value = figure(table, row, which);
  return Number.isFinite(value) ? value + 0 : 0;
}
