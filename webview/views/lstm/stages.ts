import type { GateLetter, GateStage, SignalName } from '../../../worker/core/lstm/signals';
import type { LstmInfo } from '../../../worker/core/report/overview';
import type { LayerReport, SignalReport } from '../../../worker/core/report/report';
import type { CellSelection } from '../../figures/CellFigure';
import { activationOf, findSignal, gateOf, signalLabel } from '../../figures/signalNames';

/** Parts that decide which signals a cell has. */
export type Topology = Pick<LstmInfo, 'layerNorm' | 'peephole' | 'projection' | 'cifg'>;

export interface Stage {
  readonly signal: SignalName;
  readonly label: string;
}

/** What a signal goes through, in order: the tabs over its histogram. Signals without stages have one. */
export function stagesOf(topology: Topology, selection: CellSelection): readonly Stage[] {
  const gate = selection === 'W' ? null : gateOf(selection);
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

function gateStages(topology: Topology, gate: GateLetter): readonly Stage[] {
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

/** The stage that a selection stands for: without a peephole, `o_in` is `o_xh`. */
export function stageOf(topology: Topology, selection: CellSelection): SignalName | null {
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
export function beforeActivation(topology: Topology, gate: GateLetter): SignalName {
  const stages = gateStages(topology, gate);
  return (stages[stages.length - 2] ?? stages[0])?.signal ?? gate;
}

/** A signal by name and stage; the last stage of a gate's sum by what follows it: `o before σ`. */
export function stageLabel(topology: Topology, signal: SignalReport['signal']): string {
  const gate = signal === 'out' ? null : gateOf(signal);
  const isLast = gate !== null && stageOf(topology, signal as SignalName) === beforeActivation(topology, gate);
  return isLast && !topology.layerNorm ? `${gate} before ${activationOf(gate)}` : signalLabel(signal);
}

const GATE_KEYS: readonly GateLetter[] = ['i', 'f', 'g', 'o'];
const KEY_SIGNALS: Readonly<Record<string, SignalName>> = { c: 'c', h: 'h', x: 'x' };

/** What a letter key selects: the gate before its activation, and when pressed again the next stage, round and round. */
export function nextStage(topology: Topology, current: CellSelection | null, key: string): SignalName | null {
  const gate = GATE_KEYS.find((letter) => letter === key);
  const first = gate ? beforeActivation(topology, gate) : KEY_SIGNALS[key];
  if (first === undefined) return null;
  const stages = stagesOf(topology, first);
  const now = current === null ? null : stageOf(topology, current);
  const at = stages.findIndex(({ signal }) => signal === now);
  if (at < 0) return first;
  return stages[(at + 1) % stages.length]?.signal ?? first;
}
