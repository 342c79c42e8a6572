import { cellInfoOf, isLstm, kindName } from '../core/report/cellInfos';
import type { CellReport, LayerReport, LstmReport, Report } from '../core/report/report';
import * as format from '../../webview/charts/format';
import { CELL_HEAD, cellRows } from '../../webview/figures/cellRows';
import { foreignSentences } from '../../webview/figures/foreignText';
import { partText } from '../../webview/figures/ConfusionTable';
import { flipGroups, marginText } from '../../webview/figures/flipText';
import { recurrentNotes } from '../../webview/figures/recurrentText';
import { layerLabel } from '../../webview/figures/signalNames';
import { plural, saturationOf, shapeOf, sizesOf, sqnrOf } from './reportWords';

/** Rows of a table; the rest is in the JSON. */
const MOST_ROWS = 400;

/** The report as Markdown tables, for a pull request or a wiki. */
export function renderMarkdownReport(report: Report): string {
  const sections = [
    `# ${report.model.fileName}`,
    report.headline.join('\n\n'),
    identity(report),
    layers(report),
    ...(report.cells ?? []).map(cell),
    ...report.layers.flatMap((layer) => (layer.lstm === null ? [] : [lstm(report, layer, layer.lstm)])),
    findings(report),
    answers(report),
    sound(report),
    samples(report),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function identity(report: Report): string {
  const { model, floatModel, data, persona, state } = report;
  const float = floatModel === null ? null : (floatModel.fileName ?? 'its own weights as reals');
  return table(
    ['', ''],
    [
      ['model', `${model.scheme}, ${format.count(model.byteLength)} bytes, SHA-256 \`${model.sha256.slice(0, 16)}\``],
      ...(float === null ? [] : [['float path', float]]),
      ['data', `${data.label}, ${plural(report.samples, 'sample')}, ${plural(report.steps, 'step')}`],
      ['arithmetic', `${persona}, states ${state === 'carry' ? 'carried over' : 'reset for each sample'}`],
      ...foreignSentences(report).map((line) => ['not by this engine', line]),
      ['made by', report.generator],
    ],
  );
}

function layers(report: Report): string {
  const shown = report.layers.slice(0, MOST_ROWS);
  const rows = [...report.inputs, ...shown].map((layer) => [
    layerLabel(report, layer),
    layer.op === 'INPUT' ? 'model input' : layer.name,
    shapeOf(layer.shape),
    layer.dtype,
    sqnrOf(layer.local),
    sqnrOf(layer.accumulated),
    layer.accumulated === null ? format.NOT_MEASURED : format.real(layer.accumulated.rmse),
    saturationOf(layer),
  ]);
  const rest = report.layers.length - shown.length;
  const more = rest > 0 ? `\n\n${plural(rest, 'more layer')} in the JSON report.` : '';
  return `## Error along the graph\n\n${table(['op', 'output', 'shape', 'type', 'local, dB', 'accumulated, dB', 'RMSE', 'at rails'], rows, 4)}${more}`; // prettier-ignore
}

function cell(report: CellReport): string {
  const what = `An LSTM in small operators, ${plural(report.steps, 'step')}: the figures of its operators, all steps together.`;
  return `## ${report.name}\n\n${what}\n\n${table(CELL_HEAD, cellRows(report), 1)}`;
}

function signals(report: Report, layer: LayerReport): string {
  const rows = layer.signals.map(({ signal, direction, accumulated, local, rails, flat, values, located }) => [
    direction === undefined ? signal : `${signal}, ${direction}`,
    sqnrOf(local),
    sqnrOf(accumulated),
    rails === null ? format.NOT_MEASURED : format.shareOrCount(rails.low + rails.high, values),
    flat === null ? '' : format.shareOrCount(flat.low + flat.high, values),
    located?.largest === null || located === undefined ? format.NOT_MEASURED : largest(report, located.largest),
    (located?.worstUnits ?? []).slice(0, 3).map(({ unit }) => unit).join(', '), // prettier-ignore
  ]);
  return table(['signal', 'local, dB', 'accumulated, dB', 'at rails', 'flat', 'largest error', 'worst units'], rows, 1);
}

/** The form of a GRU or a simple recurrent layer. */
function formOf(report: Report, layer: LayerReport): readonly string[] {
  const info = cellInfoOf(report, layer);
  if (info === null || isLstm(info)) return [];
  return [`${kindName(info)} ${sizesOf(info)}, ${info.scheme}, ${recurrentNotes(info)}.`];
}

function lstm(report: Report, layer: LayerReport, { name, ledger, costs, divergence }: LstmReport): string {
  const lost = ledger.flatMap(
    ({ label, entries }) =>
    entries.filter(({ count }) => count > 0).map(({ part, count, lost: losses, values }) => [label, part, format.shareOrCount(count, values), format.count(losses)]), // prettier-ignore
  );
  const gains = (costs ?? []).map(({ part, gainDb }) => [part, format.gain(gainDb)]);
  const first = divergence?.flatMap((one) => (one === null ? [] : [one]))[0];
  return [
    `## ${name}`,
    ...formOf(report, layer),
    ...(first === undefined ? [] : [`The error of h is first more than twice its local error at step ${first.step}.`]),
    signals(report, layer),
    ...(lost.length === 0 ? [] : [table(['lost at', 'part', 'share', 'lost'], lost, 2)]),
    ...(gains.length === 0 ? [] : [table(['back to float', 'gain, dB'], gains, 1)]),
  ].join('\n\n');
}

function largest(
  { perSample }: Report,
  { sample, step, unit, float, quantized }: { readonly sample: number; readonly step: number; readonly unit: number; readonly float: number; readonly quantized: number }, // prettier-ignore
): string {
  const name = perSample.find(({ index }) => index === sample)?.name ?? String(sample);
  return `${format.signedReal(quantized - float)} at ${name}, step ${step}, unit ${unit}`;
}

function findings({ findings: found }: Report): string {
  if (found.length === 0) return '';
  const rows = found.map(({ severity, title, message, fix }) => [severity, title, `${message}${fix === null ? '' : ` ${fix}`}`]);
  return `## Findings\n\n${table(['', 'what', 'where'], rows)}`;
}

function answers(report: Report): string {
  const { task, quantizedPath } = report;
  if (task === null || (task.flips === null && task.confusion === null)) return '';
  const groups = task.flips === null ? [] : flipGroups(report, task.flips, quantizedPath ?? 'quantized');
  const flipped = groups.flatMap(({ title, samples: list }) =>
    list.map((sample) => [
      sample.name,
      title,
      sample.expected ?? '',
      sample.float ?? '',
      sample.quantized ?? '',
      marginText(sample),
    ]),
  );
  const { texts, cells } = task.confusion ?? { texts: [], cells: [] };
  const confused = cells
    .filter(({ expected, answered }) => expected !== answered)
    .map(({ expected, answered, float, quantized }) => [
      partText(texts[expected] ?? ''),
      partText(texts[answered] ?? ''),
      format.count(float),
      quantized === null ? format.NOT_MEASURED : format.count(quantized),
    ]);
  const tables = [
    ...(flipped.length === 0 ? [] : [table(['sample', 'answers', 'expected', 'float', 'quantized', 'margin'], flipped.slice(0, MOST_ROWS))]), // prettier-ignore
    ...(confused.length === 0 ? [] : [table(['expected', 'answered', 'float', 'quantized'], confused, 2)]),
  ];
  return tables.length === 0 ? '' : `## Answers\n\n${tables.join('\n\n')}`;
}

function sound({ audio = [] }: Report): string {
  if (audio.length === 0) return '';
  const rows = audio.map(({ name, kind, frames, siSdrDb, exact }) => [name, kind, format.count(frames), format.decibel(siSdrDb, exact)]); // prettier-ignore
  return `## Sound\n\n${table(['output', 'as', 'frames', 'SI-SDR, dB'], rows, 2)}`;
}

function samples({ perSample }: Report): string {
  const rows = perSample.slice(0, MOST_ROWS).map(({ name, steps, sqnrDb, expected, float, quantized }) => [name, format.count(steps), format.decibel(sqnrDb), expected ?? '', float ?? '', quantized ?? '']); // prettier-ignore
  const rest = perSample.length - rows.length;
  const more = rest > 0 ? `\n\n${plural(rest, 'more sample')} in the JSON report.` : '';
  return `## Samples\n\n${table(['sample', 'steps', 'SQNR, dB', 'expected', 'float', 'quantized'], rows, 1)}${more}`;
}

/** @param numbersFrom first column that is aligned right */
function table(head: readonly string[], rows: readonly (readonly string[])[], numbersFrom = Infinity): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  const rule = head.map((_, column) => (column >= numbersFrom ? '---:' : '---'));
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}

/** Text of a model that means something in Markdown stays what it is. */
function escaped(cell: string): string {
  return cell.replace(/[\\|<>[\]*_]/g, '\\$&').replace(/\s*\n\s*/g, ' ');
}
