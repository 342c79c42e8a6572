import type { GateLetter, GateStage, SignalName } from '../../../worker/core/lstm/signals';
import type { LayerReport, SignalReport } from '../../../worker/core/report/report';
import { activationSign } from '../../charts/cellBoxNames';
import { isHidden, type CellTopology, type HiddenTopology, type LstmTopology } from '../../charts/cellLayout';
import type { CellSelection } from '../../figures/CellFigure';
import { activationOf, findSignal, gateOf, lstmGateOf, signalLabel } from '../../figures/signalNames';

export type { CellTopology as Topology } from '../../charts/cellLayout';

export interface Stage {
  readonly signal: SignalName;
  readonly label: string;
}

/** What a signal goes through, in order: the tabs over its histogram. Signals without stages have one. */
export function stagesOf(topology: CellTopology, selection: CellSelection): readonly Stage[] {
  if (isHidden(topology)) return hiddenStages(topology, selection);
  const gate = selection === 'W' ? null : lstmGateOf(selection);
  if (gate) return gateStages(topology, gate);
  switch (selection) {
    case 'c':
    case 'tanh_c':
      return [
        { signal: 'c', label: 'c' },
        { signal: 'tanh_c', label: 'tanh(c)' },
      ];
    case 'm':
    case 'h':
      return topology.projection
        ? [
            { signal: 'm', label: 'm, hidden' },
            { signal: 'h', label: 'h, projected' },
          ]
        : [{ signal: 'h', label: 'h' }];
    default:
      return [{ signal: 'x', label: 'x' }];
  }
}

function gateStages(topology: LstmTopology, gate: GateLetter): readonly Stage[] {
  const activated: Stage = { signal: gate, label: activationOf(gate) };
  // A coupled input gate is 1 − f: it has no sums of its own.
  if (gate === 'i' && topology.cifg) return [{ signal: 'i', label: '1 − f' }];
  const before = (stage: GateStage): SignalName => `${gate}_${stage}`;
  return [
    { signal: before('x'), label: 'W·x' },
    { signal: before('xh'), label: '+ R·h' },
    ...(topology.peephole && gate !== 'g' ? [{ signal: before('in'), label: 'peephole' }] : []),
    ...(topology.layerNorm ? [{ signal: before('ln'), label: 'layer norm' }] : []),
    activated,
  ];
}

type HiddenLetter = 'z' | 'r' | 'n' | 'a';

/** Of a GRU or a simple recurrent layer, whose output is what its one sum becomes. */
function hiddenStages(topology: HiddenTopology, selection: CellSelection): readonly Stage[] {
  const { kind, reset, gateClip, gateActivation, activation } = topology;
  const letter = hiddenLetter(topology, selection);
  if (letter === null) return [selection === 'h' ? { signal: 'h', label: 'h' } : { signal: 'x', label: 'x' }];
  const isAfter = letter === 'n' && reset === 'after';
  const acted: readonly Stage[] =
    letter !== 'n'
      ? []
      : isAfter
        ? [
            { signal: 'n_h', label: 'R·h' },
            { signal: 'n_rh', label: 'r · R·h' },
          ]
        : [{ signal: 'rh', label: 'r · h' }];
  const recurrent = letter !== 'n' ? 'R·h' : isAfter ? 'r·R·h' : 'R·(r·h)';
  const sign = activationSign((letter === 'z' || letter === 'r' ? gateActivation : null) ?? activation);
  return [
    { signal: `${letter}_x`, label: 'W·x' },
    ...acted,
    { signal: `${letter}_xh`, label: `+ ${recurrent}` },
    ...(gateClip > 0 ? [{ signal: `${letter}_in` as const, label: 'clip' }] : []),
    kind === 'rnn' ? { signal: 'h', label: `${sign}, h` } : { signal: letter as 'z', label: sign },
  ];
}

/** The letter of the sum that a signal belongs to; null of x, and of a GRU's h. */
function hiddenLetter({ kind }: HiddenTopology, selection: CellSelection): HiddenLetter | null {
  if (kind === 'rnn') return selection === 'h' || selection.startsWith('a_') ? 'a' : null;
  const gate = selection === 'W' ? null : gateOf(selection);
  return gate === 'z' || gate === 'r' || gate === 'n' ? gate : null;
}

/** The stage that a selection stands for: without a peephole, `o_in` is `o_xh`. */
export function stageOf(topology: CellTopology, selection: CellSelection): SignalName | null {
  if (selection === 'W') return null;
  const stages = stagesOf(topology, selection);
  const sum = selection.endsWith('_in') ? selection.replace('_in', '_xh') : selection;
  return stages.find(({ signal }) => signal === selection)?.signal ?? stages.find(({ signal }) => signal === sum)?.signal ?? null;
}

/** The signal's figures; `_in` and `_xh` are the same values where there is no peephole, and a report may carry either. */
export function figuresOf(
  layer: LayerReport,
  stage: SignalName,
  direction: 'forward' | 'backward' = 'forward',
): SignalReport | null {
  const same = { _xh: stage.replace('_xh', '_in'), _in: stage.replace('_in', '_xh') } as Readonly<Record<string, string>>;
  const other = same[/_(?:xh|in)$/.exec(stage)?.[0] ?? ''] as SignalName | undefined;
  return findSignal(layer, stage, direction) ?? (other === undefined ? null : findSignal(layer, other, direction));
}

/** The last stage before a gate's activation: what saturates. */
export function beforeActivation(topology: CellTopology, gate: GateLetter | HiddenLetter): SignalName {
  const stages = stagesOf(topology, gate === 'a' ? 'a_xh' : gate);
  return (stages[stages.length - 2] ?? stages[0])?.signal ?? 'h';
}

/** A signal by name and stage; the last stage of a gate's sum by what follows it: `o before σ`. */
export function stageLabel(topology: CellTopology, signal: SignalReport['signal']): string {
  if (isHidden(topology)) return hiddenLabel(topology, signal);
  const gate = signal === 'out' ? null : lstmGateOf(signal);
  const isLast = gate !== null && stageOf(topology, signal as SignalName) === beforeActivation(topology, gate);
  return isLast && !topology.layerNorm ? `${gate} before ${activationOf(gate)}` : signalLabel(signal);
}

function hiddenLabel(topology: HiddenTopology, signal: SignalReport['signal']): string {
  const letter = signal === 'out' || signal === 'h' ? null : hiddenLetter(topology, signal);
  if (letter === null) return signalLabel(signal);
  const { gateActivation, activation } = topology;
  const sign = activationSign((letter === 'z' || letter === 'r' ? gateActivation : null) ?? activation);
  if (signal === letter) return `${letter} after ${sign}`;
  return signal === beforeActivation(topology, letter) ? `${letter} before ${sign}` : signalLabel(signal);
}

const LSTM_KEYS: readonly (GateLetter | 'c')[] = ['i', 'f', 'g', 'o', 'c'];
const HIDDEN_KEYS = { gru: ['z', 'r', 'n'], rnn: ['a'] } as const;

/** The signal that a letter key stands for first: a gate's before its activation. */
function signalOfKey(topology: CellTopology, key: string): SignalName | null {
  if (key === 'h' || key === 'x') return key;
  const letters: readonly (GateLetter | HiddenLetter | 'c')[] = isHidden(topology) ? HIDDEN_KEYS[topology.kind] : LSTM_KEYS;
  const letter = letters.find((one) => one === key);
  if (letter === undefined || letter === 'c') return letter ?? null;
  return beforeActivation(topology, letter);
}

/** What a letter key selects: the gate before its activation, and when pressed again the next stage, round and round. */
export function nextStage(topology: CellTopology, current: CellSelection | null, key: string): SignalName | null {
  const first = signalOfKey(topology, key);
  if (first === null) return null;
  const stages = stagesOf(topology, first);
  const now = current === null ? null : stageOf(topology, current);
  const at = stages.findIndex(({ signal }) => signal === now);
  if (at < 0) return first;
  return stages[(at + 1) % stages.length]?.signal ?? first;
}
