import type { LayerReport, Report, SampleReport } from '../../worker/core/report/report';
import { count, decibel, NOT_MEASURED, real, signedReal } from '../charts/format';
import { layerLabel } from './signalNames';
import type { TextRows } from './textRows';

/** What the profile and the dots show, a row for each layer; errors in full. */
export function layerErrorsTable(report: Report, layers: readonly LayerReport[], title = 'Error along the graph'): TextRows {
  const of = (names: readonly string[], which: string) => names.map((name) => `${which} ${name}`);
  const figures = ['SQNR, dB', 'RMS error', 'largest', 'cosine', 'mean error'];
  return {
    title,
    rows: [
      ['layer', ...of(figures, 'local'), ...of(figures, 'accumulated'), 'values', 'at rails', 'lost at rails'],
      ...layers.map((layer) => [
        layerLabel(report, layer),
        ...errorTexts(layer.local),
        ...errorTexts(layer.accumulated),
        count(layer.saturation.values),
        count(layer.saturation.total),
        count(layer.lostAtRails),
      ]),
    ],
  };
}

function errorTexts(error: LayerReport['local']): readonly string[] {
  if (error === null) return Array.from({ length: 5 }, () => NOT_MEASURED);
  const { sqnrDb, exact, rmse, maxAbs, cosine, meanError } = error;
  return [
    decibel(sqnrDb, exact),
    real(rmse),
    real(maxAbs),
    cosine === null ? NOT_MEASURED : cosine.toFixed(5),
    signedReal(meanError),
  ];
}

/** Samples from worst to best. */
export function samplesTable({ perSample }: Report): TextRows {
  const order = (sample: SampleReport): number => sample.sqnrDb ?? Infinity;
  const sorted = [...perSample].sort((a, b) => order(a) - order(b));
  return {
    title: 'Samples by error',
    rows: [['sample', 'output SQNR, dB'], ...sorted.map(({ name, sqnrDb }) => [name, decibel(sqnrDb)])],
  };
}
