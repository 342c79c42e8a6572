import { NOTABLE_DB, NOTABLE_SHARE } from '../findings/runRule';
import { cellInfoOf, cellInfos } from './cellInfos';
import type { LayerReport, LedgerEntry, LstmPart, PartCost, Report, TaskReport } from './report';
import { counted, grouped, inDb, inPercent, listed } from '../wording';

/** SQNR of the output from which on the quantized model can be said to follow float: the error is a tenth of the signal. */
const FOLLOWS_DB = 20;
/** What the parts of a recurrent layer are called in a sentence. */
export const PART_NAMES: Readonly<Record<LstmPart, string>> = {
  W: 'weights',
  x: 'input x',
  i: 'gate i',
  f: 'gate f',
  g: 'gate g',
  o: 'gate o',
  z: 'update gate z',
  r: 'reset gate r',
  n: 'candidate n',
  a: 'sum a',
  c: 'cell c',
  m: 'hidden m',
  h: 'output state h',
};

/** A report with its answer in words, and where the answer is about. */
export function withAnswer(report: Omit<Report, 'headline' | 'mainLayer'>, mainLayer: number | null): Report {
  return { ...report, ...(mainLayer === null ? {} : { mainLayer }), headline: headlineOf(report, mainLayer) };
}

/** @param mainLayer position among `layers` of the one that computes the model's last output */
export function headlineOf(report: Omit<Report, 'headline'>, mainLayer: number | null): string[] {
  return [
    ...incomplete(report),
    ...(report.data.synthetic ? ['Synthetic data: ranges only, not accuracy.'] : []),
    ...notComputed(report),
    ...otherTraining(report.floatModel),
    ...verdict(report, mainLayer === null ? null : (report.layers[mainLayer] ?? null)),
    ...saturation(report),
    ...costs(report),
    ...notFinite(report),
    ...(report.task === null ? [] : [answers(report, report.task)]),
  ];
}

function incomplete({ complete, samples, requestedSamples, perSample }: Omit<Report, 'headline'>): string[] {
  if (complete) return [];
  const isStart = perSample.every(({ index }, position) => index === position);
  const covered = isStart ? `those ${grouped(samples)}` : `samples ${listed(coveredRanges(perSample))}`;
  return [`Stopped after ${grouped(samples)} of ${counted(requestedSamples, 'sample')}. Figures cover ${covered}.`];
}

/** The first operator that nobody computes, and how many others lack its values. */
function notComputed({ foreign = [], layers }: Omit<Report, 'headline'>): string[] {
  const missing = foreign.filter(({ runtime }) => runtime === null);
  const [first] = missing;
  if (first === undefined) return [];
  const indices = new Set(missing.map(({ index }) => index));
  const of = `${counted(indices.size, 'op')} of ${grouped(layers.length)}`;
  return [`Not computed: ${of}. Op ${first.index} ${first.op}: ${first.reason ?? ''}.`];
}

/** Figures against a float model whose weights are others say nothing about quantization. */
export function otherTraining(floatModel: Report['floatModel']): string[] {
  const { unrelated, operators = 0 } = floatModel?.matching ?? {};
  if (unrelated === undefined) return [];
  const { count, first } = unrelated;
  const file = floatModel?.fileName ?? 'the float model';
  return [
    `Is ${file} another training? Weights of ${counted(count, 'op')} of ${grouped(operators)} are unlike, first op ${first.index} ${first.op}: the error is not that of quantizing.`,
  ];
}

/** `1 to 40`, `45`: threads that shared a run stop at different places. Samples are counted from 1, as progress does. */
function coveredRanges(perSample: Report['perSample']): string[] {
  const ranges: { first: number; last: number }[] = [];
  for (const { index } of perSample) {
    const range = ranges.at(-1);
    if (range !== undefined && range.last === index - 1) range.last = index;
    else ranges.push({ first: index, last: index });
  }
  return ranges.map(({ first, last }) => (first === last ? grouped(first + 1) : `${grouped(first + 1)} to ${grouped(last + 1)}`));
}

/** What the quantized path is called in a sentence. */
function pathName({ quantizedPath, model }: Omit<Report, 'headline'>): string | null {
  return quantizedPath === 'int8' && model.scheme === '16x8' ? '16x8' : quantizedPath;
}

function verdict(report: Omit<Report, 'headline'>, main: LayerReport | null): string[] {
  const path = pathName(report);
  if (path === null) return ['Float model: ranges and histograms only, nothing to compare.'];
  if (report.samples === 0) return [];
  const error = main?.accumulated ?? null;
  if (main === null || error === null) return [noCounterpart(report, path, main)];
  const place = nameOf(report, main);
  if (error.exact) return [`${path} equals float at ${place}.`];
  if (error.sqnrDb === null) return [`${path} differs from float at ${place}, where float is zero throughout.`];
  const sqnr = inDb(error.sqnrDb);
  return [
    error.sqnrDb >= FOLLOWS_DB
      ? `${path} follows float with ${sqnr} SQNR at ${place}.`
      : `${path} does not follow float: ${sqnr} SQNR at ${place}.`,
  ];
}

function noCounterpart({ foreign = [] }: Omit<Report, 'headline'>, path: string, main: LayerReport | null): string {
  const isMissing = foreign.some(({ runtime, index }) => runtime === null && index === main?.index);
  return isMissing
    ? 'The output of the model is not computed.'
    : `${path} ran, but its output has no float counterpart to be held against.`;
}

/** The recurrent layer that itself adds most error speaks for the model. */
function costs(report: Omit<Report, 'headline'>): string[] {
  const measured = report.layers.flatMap((layer) => {
    const { lstm } = layer;
    return lstm === null || lstm.costs === null ? [] : [{ layer, ledger: lstm.ledger, costs: lstm.costs }];
  });
  const local = ({ layer }: (typeof measured)[number]) => layer.local?.sqnrDb ?? Infinity;
  const worst = [...measured].sort((a, b) => local(a) - local(b))[0];
  if (worst === undefined) return [];
  const ranked = worst.costs.filter(({ gainDb }) => gainDb >= NOTABLE_DB).sort((a, b) => b.gainDb - a.gainDb);
  if (ranked.length === 0) return [];
  const names = listed(ranked.slice(0, 3).map(({ part }) => PART_NAMES[part]));
  const verb = ranked.length === 1 && ranked[0]?.part !== 'W' ? 'costs' : 'cost';
  const sentence = `${cellInfos(report).length > 1 ? `in ${nameOf(report, worst.layer)}, ` : ''}${names} ${verb} most`;
  const entries = worst.ledger.flatMap((row) => row.entries);
  return [`${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}${saturationCosts(entries, worst.costs)}.`];
}

/** Loud is not costly: what the parts that lose values at rails or clips would gain. */
function saturationCosts(entries: readonly LedgerEntry[], costs: readonly PartCost[]): string {
  const lossy = new Set(entries.filter(({ lost, values }) => lost > 0.001 * values).map(({ part }) => part));
  if (lossy.size === 0) return '';
  const gains = costs.filter(({ part }) => lossy.has(part)).map(({ gainDb }) => gainDb);
  return gains.every((gainDb) => gainDb < NOTABLE_DB) ? '; saturation costs almost nothing' : '';
}

/** Inputs and outputs of layers that lose values at the rails, the worst two. What happens inside an LSTM is the ledger's. */
function saturation(report: Omit<Report, 'headline'>): string[] {
  const worst = [...report.inputs, ...report.layers]
    .map((layer) => ({ layer, lost: layer.lostAtRails, values: layer.saturation.values }))
    .filter(({ lost, values }) => values > 0 && lost / values >= NOTABLE_SHARE)
    .sort((a, b) => b.lost / b.values - a.lost / a.values)
    .slice(0, 2);
  return worst.map(({ layer, lost, values }) => {
    const place = layer.op === 'INPUT' ? `input ${layer.name}` : nameOf(report, layer);
    return `${inPercent(lost / values)} of the values of ${place} are at the rails: ${grouped(lost)} of ${grouped(values)}.`;
  });
}

function notFinite({ inputs, layers }: Omit<Report, 'headline'>): string[] {
  for (const layer of [...inputs, ...layers]) {
    const signal = layer.signals.find(({ nonFinite }) => nonFinite !== undefined);
    if (signal !== undefined) return [`${grouped(signal.nonFinite ?? 0)} values of ${layer.name} are NaN or infinite.`];
  }
  return [];
}

function answers(report: Omit<Report, 'headline'>, task: TaskReport): string {
  const path = pathName(report);
  const { floatRight, quantizedRight, floatErrors, quantizedErrors, total, unit, kind } = task;
  const labelled = report.perSample.filter(({ expected }) => expected !== null).length;
  const errors = (wrong: number | null) =>
    kind === 'classification' ? '' : ` (${grouped(wrong ?? 0)} errors in ${grouped(total)} ${unit})`;
  const right = (samples: number | null) => `${grouped(samples ?? 0)} of ${counted(labelled, 'sample')} right`;
  if (path === null || quantizedRight === null) return `float gets ${right(floatRight)}${errors(floatErrors)}.`;
  if (quantizedRight === floatRight && quantizedErrors === floatErrors) {
    return `Both paths get ${right(floatRight)}${errors(floatErrors)}.`;
  }
  return `${path} gets ${right(quantizedRight)}${errors(quantizedErrors)}, float ${grouped(floatRight)}${errors(floatErrors)}.`;
}

function nameOf(report: Omit<Report, 'headline'>, layer: LayerReport): string {
  const lstm = layer.lstm === null ? null : cellInfoOf(report, layer);
  // Fused operators carry the names of all that was fused into them.
  const [name = ''] = layer.name.split(';');
  return lstm?.name ?? (name === '' ? `op ${layer.index} ${layer.op}` : name);
}
