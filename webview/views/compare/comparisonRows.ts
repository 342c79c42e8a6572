import type {
  Comparison,
  DifferenceSignal,
  LayerDifference,
  OperatorPlace,
  RunDifferences,
  SignalDifference,
} from '../../../worker/core/compare/comparison';
import type { LstmInfo, ModelOverview } from '../../../worker/core/report/overview';
import type { DifferenceRow } from '../../charts/differenceLayout';
import { count, decibel, percent, real } from '../../charts/format';
import type { CellSelection } from '../../figures/CellFigure';
import { activationOf, lstmGateOf } from '../../figures/signalNames';
import type { OpKey } from '../../viewState';
import { plural } from '../text';

/** Signals by what they belong to, as they follow each other in a step. */
const GROUPS: readonly string[] = ['x', 'f', 'i', 'g', 'c', 'tanh_c', 'o', 'm', 'h', 'out'];

const STAGES: Readonly<Record<string, string>> = {
  x: 'W·x',
  xh: '+ R·h',
  in: 'after peephole',
  ln: 'after layer norm',
};

const WHOLE: Readonly<Partial<Record<DifferenceSignal, readonly [name: string, stage: string]>>> = {
  x: ['x', 'input'],
  c: ['c', 'cell'],
  tanh_c: ['tanh(c)', ''],
  m: ['m', 'hidden'],
  h: ['h', 'output'],
  out: ['output', ''],
};

/** `o` and `after peephole`. */
export function nameOf(signal: DifferenceSignal): readonly [name: string, stage: string] {
  const gate = lstmGateOf(signal);
  if (gate === null) return WHOLE[signal] ?? [signal, ''];
  return [gate, STAGES[signal.split('_')[1] ?? ''] ?? activationOf(gate)];
}

export interface MapRow extends DifferenceRow {
  readonly signal: SignalDifference;
}

/** Whether a sum before the activation is only another name of the one before it: there is no peephole in between. */
function isRepeated({ signal }: SignalDifference, { peephole }: LstmInfo): boolean {
  return signal.endsWith('_in') && (!peephole || signal === 'g_in');
}

const groupOf = (signal: DifferenceSignal): number => GROUPS.indexOf(lstmGateOf(signal) ?? signal);

/** The signals of one LSTM that differ, gate by gate, and those that do not. */
export function signalsOf(
  layer: LayerDifference,
  direction: 'forward' | 'backward',
): { readonly differing: readonly MapRow[]; readonly same: readonly SignalDifference[] } {
  const { lstm } = layer;
  const own = layer.signals
    .filter((signal) => (signal.direction ?? direction) === direction && (lstm === null || !isRepeated(signal, lstm)))
    .map((signal, at) => ({ signal, at }))
    .sort((a, b) => groupOf(a.signal.signal) - groupOf(b.signal.signal) || a.at - b.at)
    .map(({ signal }) => signal);
  let before: number | null = null;
  const differing = own
    .filter(({ differing: some }) => some > 0)
    .map((signal): MapRow => {
      const group = groupOf(signal.signal);
      // tanh(c) stands with c, h with m.
      const apart =
        before !== null &&
        group !== before &&
        signal.signal !== 'tanh_c' &&
        !(signal.signal === 'h' && before === GROUPS.indexOf('m'));
      before = group;
      const [name, stage] = nameOf(signal.signal);
      return { signal, name, stage, shares: sharesOf(signal), a: signal.sqnrDbA, b: signal.sqnrDbB, apart };
    });
  return { differing, same: own.filter(({ differing: some }) => some === 0) };
}

function sharesOf({ steps, differing, values }: SignalDifference): readonly number[] {
  if (steps === null) return [values > 0 ? differing / values : 0];
  return steps.values.map((of, entry) => (of > 0 ? (steps.differing[entry] ?? 0) / of : 0));
}

/** The same as a table: one row a signal, one column a step. */
export function signalTable(layer: LayerDifference, direction: 'forward' | 'backward'): readonly (readonly string[])[] {
  const { differing } = signalsOf(layer, direction);
  const steps = differing[0]?.shares.length ?? 0;
  const perEntry = differing[0]?.signal.steps?.perEntry ?? 1;
  const heading = [
    'signal',
    ...Array.from({ length: steps }, (_, entry) => `step ${entry * perEntry}`),
    'by up to',
    'A, dB',
    'B, dB',
  ];
  const rows = differing.map(({ signal, name, stage, shares, a, b }) => [
    `${name} ${stage}`.trim(),
    ...shares.map((share) => (share === 0 ? '=' : percent(share))),
    amountOf(signal),
    decibel(a, signal.maxErrorA === 0),
    decibel(b, signal.maxErrorB === 0),
  ]);
  return [heading, ...rows];
}

/** Where the map outlines the first difference; null where it lies elsewhere. */
export function firstIn({ first, layers }: RunDifferences, layer: LayerDifference, rows: readonly MapRow[]) {
  if (first === null || layers[first.layer] !== layer) return null;
  const row = rows.findIndex(({ signal }) => signal.signal === first.signal && signal.first?.sample === first.sample);
  const steps = rows[row]?.signal.steps;
  return row < 0 ? null : { row, entry: Math.floor((first.step ?? 0) / (steps?.perEntry ?? 1)) };
}

/** The last value that a layer computes: what the next one reads. */
export const outputOf = (layer: LayerDifference): SignalDifference | null => layer.signals.at(-1) ?? null;

/** Layers with gates to look into. */
export const lstmLayers = ({ layers }: RunDifferences): readonly LayerDifference[] => layers.filter(({ lstm }) => lstm !== null);

/** The LSTM whose signals are shown: the chosen one, else where the first difference is, else the first that differs. */
export function shownLayer(run: RunDifferences, op: number | null): LayerDifference | null {
  const lstms = lstmLayers(run);
  const first = run.first === null ? null : (run.layers[run.first.layer] ?? null);
  return (
    lstms.find(({ a }) => a.index === op) ??
    lstms.find((layer) => layer === first) ??
    lstms.find(({ signals }) => signals.some(({ differing }) => differing > 0)) ??
    lstms[0] ??
    null
  );
}

/** What people call a layer: an LSTM's name, else index and operator. */
export const layerName = ({ a, lstm }: LayerDifference): string => lstm?.name ?? `${a.index} ${a.op}`;

/** `223 of 294`, by up to `16 codes`. */
export function amountOf({ maxCodes, maxAbs }: SignalDifference): string {
  return maxCodes === null ? real(maxAbs) : plural(maxCodes, 'code');
}

/** Integers where both sides have the same integer type, else values. */
export const whatDiffers = ({ dtypeA, dtypeB }: SignalDifference): 'integers' | 'values' =>
  dtypeA === dtypeB && dtypeA !== 'float32' ? 'integers' : 'values';

/** `=`, or the share that differs. */
export const shareOf = ({ differing, values }: SignalDifference): string =>
  differing === 0 ? '=' : percent(values > 0 ? differing / values : 0);

/** The operator's place in this model; null where it is not in its main graph. */
export function placeOf({ ops }: ModelOverview, { index }: OperatorPlace): OpKey | null {
  const found = ops.find((op) => op.index === index);
  return found ? { subgraph: found.subgraph, index } : null;
}

/** A signal as the microscope selects it; an operator's plain output has none. */
export const selectionOfSignal = (signal: DifferenceSignal): CellSelection | null => (signal === 'out' ? null : signal);

/** `i, f and o W·x (1,638 integers)`: what both sides compute alike. */
export function sameTexts(same: readonly SignalDifference[]): readonly string[] {
  const stages = new Map<string, { names: string[]; values: number }>();
  for (const signal of same) {
    const [name, stage] = nameOf(signal.signal);
    const isGate = lstmGateOf(signal.signal) !== null;
    const key = isGate ? stage : `${name} ${stage}`.trim();
    const entry = stages.get(key) ?? { names: [], values: 0 };
    entry.values += signal.values;
    if (isGate) entry.names.push(name);
    stages.set(key, entry);
  }
  return [...stages].map(
    ([stage, { names, values }]) => `${names.length > 0 ? `${stage} of ${listed(names)}` : stage}: ${count(values)} values`,
  );
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** Of a comparison of files: how much is otherwise in them. */
export function staticText({ sameFile, statics }: Comparison): string {
  if (sameFile) return 'The same file: all tensors, scales and zero points.';
  const { tensors, operators, onlyA, onlyB } = statics;
  const alone = [
    ...(onlyA.length > 0 ? [`${plural(operators.a - operators.matched, 'operator')} only in A`] : []),
    ...(onlyB.length > 0 ? [`${plural(operators.b - operators.matched, 'operator')} only in B`] : []),
  ];
  return [`${count(tensors.differing)} of ${plural(tensors.matched, 'matched tensor')} differ`, ...alone].join('; ');
}

const FLOAT_SIDE = {
  file: 'the float file',
  a: 'A, which is float',
  b: 'B, which is float',
  own: 'each side’s own weights as reals',
} as const;

/** `A: TFLite. B: TFLite, peephole quirk off. x_int8.npy, 3 samples, of longer ones the first 8,192 calls, 21 steps; held against …`. */
export function coverageText({ a, b, run }: Comparison): string {
  const sides = `A: ${a.label}. B: ${b.label}.`;
  if (run === null) return `${sides} Nothing was run.`;
  const { data, samples, requestedSamples, callsOfLongSamples: calls, steps, complete, float } = run;
  const covered = complete ? plural(samples, 'sample') : `stopped after ${samples} of ${plural(requestedSamples, 'sample')}`;
  const cut = calls === undefined ? '' : `, of longer ones the first ${plural(calls, 'call')}`;
  const synthetic = data.synthetic ? ' Synthetic data: ranges only, not accuracy.' : '';
  return `${sides} ${data.label}, ${covered}${cut}, ${plural(steps, 'step')}; held against ${FLOAT_SIDE[float]}.${synthetic}`;
}
