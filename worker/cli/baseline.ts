import type { LayerReport, Report } from '../core/report/report';
import { decibel, percent } from '../../webview/charts/format';
import { UnusableError } from './failure';

/** What figures may be worse by: less than that is rounding of a slightly different data set, not a change of the model. */
const WORSE = { sqnrDb: 0.1, share: 0.001 } as const;

/**
 * What is worse than in an earlier report over the same data, one line each: SQNR of a layer's output, values lost at its rails, answers.
 * Layers are held against those of the same operator and output name; others are new and nothing is said of them.
 * @throws UnusableError when the reports are over different data, or one compares nothing
 */
export function worseThan(report: Report, baseline: Report, file: string): string[] {
  if (JSON.stringify(report.data.files) !== JSON.stringify(baseline.data.files) || report.samples !== baseline.samples) {
    const covers = ({ data, samples }: Report) => `${data.label}, ${samples} samples`;
    throw new UnusableError(`${file}: is over other data (${covers(baseline)}; here ${covers(report)})`);
  }
  if (report.quantizedPath === null || baseline.quantizedPath === null) {
    throw new UnusableError(`${file}: nothing can be worse where a float model is compared with nothing`);
  }
  const known = new Map(layersOf(baseline).map((layer) => [keyOf(layer), layer]));
  const layers = layersOf(report).flatMap((layer) => {
    const before = known.get(keyOf(layer));
    return before === undefined ? [] : [...sqnrWorse(layer, before), ...lossWorse(layer, before)];
  });
  return [...layers, ...answersWorse(report, baseline)];
}

function layersOf({ inputs, layers }: Report): readonly LayerReport[] {
  return [...inputs, ...layers];
}

function keyOf({ op, name }: LayerReport): string {
  return `${op} ${name}`;
}

function sqnrWorse(layer: LayerReport, before: LayerReport): string[] {
  const of = ({ accumulated }: LayerReport) => (accumulated?.exact === true ? Infinity : (accumulated?.sqnrDb ?? null));
  const [now, then] = [of(layer), of(before)];
  if (now === null || then === null || !(then - now > WORSE.sqnrDb)) return [];
  const said = (value: number) => decibel(Number.isFinite(value) ? value : null, value === Infinity);
  return [`${placeOf(layer)}: SQNR ${said(now)} dB, ${said(then)} dB in the baseline`];
}

function lossWorse(layer: LayerReport, before: LayerReport): string[] {
  const share = ({ lostAtRails, saturation: { values } }: LayerReport) => (values === 0 ? 0 : lostAtRails / values);
  if (share(layer) - share(before) <= WORSE.share) return [];
  return [`${placeOf(layer)}: ${percent(share(layer))} lost at the rails, ${percent(share(before))} in the baseline`];
}

function answersWorse({ task }: Report, { task: before }: Report): string[] {
  const [now, then] = [task?.quantizedErrors ?? null, before?.quantizedErrors ?? null];
  if (now === null || then === null || now <= then) return [];
  return [`answers: ${now} errors in ${task?.total ?? 0} ${task?.unit ?? ''}, ${then} in the baseline`];
}

function placeOf({ op, index, name }: LayerReport): string {
  return op === 'INPUT' ? `input ${name}` : `op ${index} ${op} ${name}`;
}
