import type { BlameReport, BlameSubject } from '../../../worker/core/blame/blameReport';
import type { QuirkName } from '../../../worker/core/compare/quirks';
import { cellInfoOf, type CellInfo } from '../../../worker/core/report/cellInfos';
import type { ModelOverview } from '../../../worker/core/report/overview';
import { count, decibel, gain, withUnit } from '../../charts/format';
import { inputKey, keyOfLstm } from '../../derived';
import type { CellSelection } from '../../figures/CellFigure';
import type { BlameFilter, OpKey } from '../../viewState';
import { plural } from '../text';
import { partOf, selectionOf } from './parts';

export const FILTER_LABELS: Readonly<Record<BlameFilter, string>> = {
  all: 'all',
  part: 'parts',
  tensor: 'tensors',
  weights: 'weights',
  layer: 'layers',
  quirk: 'quirks',
};

/** Where a subject is looked at: a layer, or a signal of a recurrent layer. */
export interface BlamePlace {
  readonly op: OpKey;
  readonly signal: CellSelection | null;
}

/** Kinds that the report has, after `all`. */
export function filtersOf({ subjects }: BlameReport): readonly BlameFilter[] {
  const kinds = (['part', 'tensor', 'weights', 'layer', 'quirk'] as const).filter((kind) =>
    subjects.some((subject) => subject.kind === kind),
  );
  return kinds.length > 1 ? ['all', ...kinds] : ['all'];
}

/** Subjects of a kind, in rank order; what could not be measured comes last, as the report has it. */
export function shownSubjects({ subjects }: BlameReport, filter: BlameFilter): readonly BlameSubject[] {
  const ranked = [...subjects].sort((a, b) => a.rank - b.rank);
  const shown = ranked.filter(({ kind }) => kind === filter);
  return filter === 'all' || shown.length === 0 ? ranked : shown;
}

/** What a quirk changes first. */
const QUIRK_SIGNALS: Readonly<Record<QuirkName, CellSelection>> = {
  'peephole-width': 'o_in',
  'hidden-zero-point': 'm',
  'projection-clip-centre': 'h',
  'zero-cell-clip': 'c',
  'missing-gate-scale': 'o_ln',
  'recurrent-saturation': 'o_xh',
  'hidden-parameters': 'm',
  'cell-products': 'c',
  'double-rounding': 'o_x',
};

export function placeOfSubject(subject: BlameSubject, overview: ModelOverview): BlamePlace | null {
  const { op, kind, part, quirk, gate } = subject;
  const { ops, inputs } = overview;
  if (op === null) {
    const input = inputs.findIndex(({ index }) => index === subject.tensor);
    return input < 0 ? null : { op: inputKey(0, input), signal: null };
  }
  const found = ops.find(({ index }) => index === op);
  if (!found) return null;
  const key = { subgraph: found.subgraph, index: op };
  const lstm = cellInfoOf(overview, key);
  if (!lstm || kind === 'layer') return { op: lstm ? keyOfLstm(lstm) : key, signal: lstm ? 'h' : null };
  if (quirk !== null) return { op: key, signal: QUIRK_SIGNALS[quirk] };
  if (part !== null) return { op: key, signal: selectionOf(lstm, part) };
  if (kind === 'weights') return { op: key, signal: 'W' };
  return { op: key, signal: gate === null ? 'h' : selectionOf(lstm, GATE_PART[gate]) };
}

const GATE_PART = { input: 'i', forget: 'f', cell: 'g', output: 'o', update: 'z', reset: 'r', candidate: 'n' } as const;

/** What stands for the selected part of a recurrent layer: its weights together, the part itself, or the tensor that it reads or writes. */
export function subjectOfSelection(
  { subjects }: BlameReport,
  lstm: Pick<CellInfo, 'op' | 'subgraph'>,
  selection: CellSelection,
  ops: ModelOverview['ops'],
): BlameSubject | null {
  const own = subjects.filter(({ op }) => op === lstm.op);
  // Without another file's weights there is nothing to put back in their place.
  if (selection === 'W') return own.find(({ kind, part }) => kind === 'part' && part === 'W') ?? null;
  const part = partOf(selection);
  const inside = own.find((subject) => subject.kind === 'part' && subject.part === part);
  if (inside || (part !== 'x' && part !== 'h')) return inside ?? null;
  const operator = ops.find((op) => op.index === lstm.op && op.subgraph === lstm.subgraph);
  const tensor = part === 'x' ? operator?.inputs[0] : operator?.outputs[0];
  return subjects.find((subject) => subject.kind === 'tensor' && subject.tensor === tensor) ?? null;
}

/** `gain of logits, now 8.5 dB; 3 samples, of each the first 256 calls; gains overlap and do not add up`. */
export function blameCoverage({ samples, requestedSamples, complete, cut, output, quantized, data }: BlameReport): string {
  const covered = complete
    ? plural(samples, 'sample')
    : `stopped after ${count(samples)} of ${plural(requestedSamples, 'sample')}`;
  const first =
    cut === undefined
      ? ''
      : `, of ${cut.samples === samples ? 'each' : count(cut.samples)} the first ${plural(cut.calls, 'call')}`;
  const before = withUnit(decibel(quantized.sqnrDb, quantized.exact), 'dB');
  return `gain of ${output.name}, now ${before}; ${covered}${first}${data.synthetic ? ', synthetic data' : ''}; gains overlap and do not add up`;
}

/** `+7.2 dB: input features in float, all else as it is; logits goes from 8.5 to 15.7 dB, 11 errors fewer`. */
export function gainText({ output, task }: BlameReport, subject: BlameSubject): string {
  const { gainDb, label, back, control, taskGain, kind } = subject;
  if (gainDb === null) return `${label}: not measured.`;
  const what = kind === 'quirk' ? `without the ${label}` : `${label} in float, all else as it is`;
  const reached =
    control.sqnrDb === null || (back.sqnrDb === null && !back.exact)
      ? ''
      : `; ${output.name} goes from ${decibel(control.sqnrDb)} to ${withUnit(decibel(back.sqnrDb, back.exact), 'dB')}`;
  return `${withUnit(gain(gainDb), 'dB')}: ${what}${reached}${errorsText(taskGain, task?.unit ?? null)}.`;
}

function errorsText(fewer: number | null, unit: string | null): string {
  if (fewer === null || fewer === 0 || unit === null) return '';
  return `, ${plural(Math.abs(fewer), 'error')} ${fewer > 0 ? 'fewer' : 'more'} in ${unit}`;
}

/** How the gain of a subject was measured. */
export function arithmeticText({ arithmetic, emulatedOps, control }: BlameSubject): string {
  if (arithmetic === 'exact') return 'All that stays quantized is the runtime’s own arithmetic, to the bit.';
  const base =
    control.sqnrDb === null
      ? ''
      : ` Held against the same emulation with nothing put back, ${withUnit(decibel(control.sqnrDb), 'dB')}.`;
  return `${plural(emulatedOps.length, 'operator')} read or hold reals: computed as reals and rounded where the file rounds.${base}`;
}

/** `−11`: errors fewer count down. */
export function errorsChange(taskGain: number | null): string {
  if (taskGain === null) return '';
  return taskGain === 0 ? '0' : `${taskGain > 0 ? '\u2212' : '+'}${count(Math.abs(taskGain))}`;
}
