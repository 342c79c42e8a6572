import type { StepSeries, UnitFigures } from '../../worker/core/report/detail';
import type { CellInfo } from '../../worker/core/report/cellInfos';
import type { LayerReport, LstmReport, SignalReport } from '../../worker/core/report/report';
import { code, count, decibel, gain, NOT_MEASURED, real, scale } from '../charts/format';
import { costOf } from './readings';
import { codesOf } from './SignalFigure';
import { gateOf, PART_NAME, signalLabel } from './signalNames';
import type { TextRows } from './textRows';

/** The bins of a histogram. */
export function histogramTable({ histogram, ...signal }: SignalReport, title: string, path: string): TextRows {
  const { edges, float, int8 } = histogram;
  const codes = codesOf({ ...signal, histogram });
  const codeOf = (edge: number, round: (value: number) => number) =>
    codes ? [code(round(edge / codes.scale + codes.zeroPoint))] : [];
  return {
    title: `Histogram of ${title}`,
    rows: [
      ['from', 'to', ...(codes ? ['first code', 'last code'] : []), 'float', ...(int8 ? [path] : [])],
      ...float.map((values, bin) => {
        const [low, high] = [edges[bin] ?? 0, edges[bin + 1] ?? 0];
        const ends = [scale(low), scale(high), ...codeOf(low, Math.ceil), ...codeOf(high, Math.floor)];
        return [...ends, count(values), ...(int8 ? [count(int8[bin] ?? 0)] : [])];
      }),
    ],
  };
}

/** The lanes over steps, a row for each point. */
export function stepsTable(series: StepSeries, title: string, path: string): TextRows {
  const { first, stepsPerPoint, values, worstUnit, worstError } = series;
  const head = ['step', 'values', 'error RMS', 'local RMS', 'float min', 'float max', `${path} min`, `${path} max`, 'at rails'];
  return {
    title: `Steps of ${title}`,
    rows: [
      [...head, ...(worstUnit ? ['worst unit', 'its error'] : [])],
      ...Array.from(values, (number, point) => {
        const of = (figures: ArrayLike<number>) => real(figures[point] ?? 0);
        return [
          count(first + point * stepsPerPoint),
          count(number),
          ...[series.rmse, series.localRmse, series.floatMin, series.floatMax, series.min, series.max].map(of),
          count(series.atRails[point] ?? 0),
          ...(worstUnit ? [count(worstUnit[point] ?? 0), worstError ? of(worstError) : NOT_MEASURED] : []),
        ];
      }),
    ],
  };
}

/** The rows of a heat map, the unit with the largest error first. */
export function unitsTable(units: readonly UnitFigures[], title: string, path: string): TextRows {
  return {
    title: `Units of ${title}`,
    rows: [
      ['unit', 'values', 'error RMS', 'local RMS', 'largest', 'float min', 'float max', `${path} min`, `${path} max`, 'at rails'],
      ...units.map((unit) => [
        count(unit.unit),
        count(unit.values),
        ...[unit.rmse, unit.localRmse, unit.maxAbs, unit.floatMin, unit.floatMax, unit.min, unit.max].map(real),
        count(unit.atRails),
      ]),
    ],
  };
}

/** The signals of a cell with what its boxes say. */
export function cellTable(lstm: CellInfo, layer: LayerReport, direction: 'forward' | 'backward', path: string): TextRows {
  const own = layer.signals.filter((signal) => signal.direction === undefined || signal.direction === direction);
  return {
    title: `Cell ${lstm.name}`,
    rows: [
      [
        'signal',
        'type',
        'SQNR, dB',
        'local, dB',
        'at rails',
        'flat',
        'values',
        'gain in float, dB',
        'float min',
        'float max',
        `${path} min`,
        `${path} max`,
      ],
      ...own.map((signal) => [
        signalLabel(signal.signal),
        signal.dtype,
        decibel(signal.accumulated?.sqnrDb ?? null, signal.accumulated?.exact),
        decibel(signal.local?.sqnrDb ?? null, signal.local?.exact),
        signal.rails ? count(signal.rails.low + signal.rails.high) : NOT_MEASURED,
        signal.flat ? count(signal.flat.low + signal.flat.high) : NOT_MEASURED,
        count(signal.values),
        gain(partCost(layer, signal)),
        real(signal.floatMin),
        real(signal.floatMax),
        signal.min === null ? NOT_MEASURED : real(signal.min),
        signal.max === null ? NOT_MEASURED : real(signal.max),
      ]),
    ],
  };
}

/** What each part gains when it is put back to float. */
export function costsTable({ name, costs }: LstmReport): TextRows {
  return {
    title: `Costs of ${name}`,
    rows: [['part', 'gain in float, dB'], ...(costs ?? []).map(({ part, gainDb }) => [PART_NAME[part], gain(gainDb)])],
  };
}

/** Of the signal that stands for its part: gates after their activation, states as they are. */
function partCost(layer: LayerReport, { signal }: SignalReport): number | null {
  const part = gateOf(signal) === signal ? gateOf(signal) : (['x', 'c', 'm', 'h'] as const).find((name) => name === signal);
  return part ? costOf(layer, part) : null;
}
