import { scaleLinear, type ScaleLinear } from 'd3';

/** Errors of one unit. */
export interface UnitFigure {
  readonly unit: number;
  readonly rmse: number;
  readonly localRmse: number;
}

/** One unit, or neighbours that share a column, of which the worst is shown. */
export interface UnitColumn {
  readonly first: number;
  readonly last: number;
  readonly worst: UnitFigure;
}

export interface UnitLayout {
  readonly left: number;
  readonly plotWidth: number;
  readonly top: number;
  readonly bottom: number;
  readonly columns: readonly UnitColumn[];
  readonly columnWidth: number;
  readonly y: ScaleLinear<number, number>;
  readonly ticks: readonly number[];
}

const TOP = 8;
const AXIS = 22;
const LEFT = 56;
/** Pixels of the narrowest column. */
const LEAST = 2;

/** Where the columns of units stand: of too many the largest error of neighbours, never a mean. */
export function layoutUnits(units: readonly UnitFigure[], width: number, height: number): UnitLayout {
  const plotWidth = Math.max(40, width - LEFT - 6);
  const each = Math.max(1, Math.ceil((units.length * LEAST) / plotWidth));
  const columns: UnitColumn[] = [];
  for (let at = 0; at < units.length; at += each) {
    const joined = units.slice(at, at + each);
    const [first, last] = [joined[0], joined.at(-1)];
    if (!first || !last) continue;
    const worst = joined.reduce((a, b) => (b.rmse > a.rmse ? b : a));
    columns.push({ first: first.unit, last: last.unit, worst });
  }
  const peak = Math.max(0, ...units.map(({ rmse, localRmse }) => Math.max(rmse, localRmse)));
  const bottom = height - AXIS;
  const y = scaleLinear([0, peak > 0 ? peak : 1], [bottom, TOP]);
  return {
    left: LEFT,
    plotWidth,
    top: TOP,
    bottom,
    columns,
    columnWidth: columns.length === 0 ? plotWidth : Math.min(24, plotWidth / columns.length),
    y,
    ticks: y.ticks(2),
  };
}
