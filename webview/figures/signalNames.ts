import type { GateLetter, GruGateLetter, SignalName } from '../../worker/core/lstm/signals';
import { cellInfoOf, type CellInfo } from '../../worker/core/report/cellInfos';
import type { LayerReport, LstmPart, Report, SignalReport } from '../../worker/core/report/report';
import * as format from '../charts/format';

/** Of an LSTM's and a GRU's. */
export type AnyGateLetter = GateLetter | GruGateLetter;

export const GATE_NAME: Readonly<Record<AnyGateLetter, string>> = {
  i: 'input gate',
  f: 'forget gate',
  g: 'cell input',
  o: 'output gate',
  z: 'update gate',
  r: 'reset gate',
  n: 'candidate',
};

/** Parts that can be put back to float, for people. */
export const PART_NAME: Readonly<Record<LstmPart, string>> = {
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
  h: 'output h',
};

/** `o` of `o_in`; null for signals that belong to no gate. */
export function gateOf(signal: SignalReport['signal']): AnyGateLetter | null {
  // r times h is a part of the candidate's sum.
  const letter = signal === 'rh' ? 'n' : signal.split('_')[0];
  return letter !== undefined && letter in GATE_NAME ? (letter as AnyGateLetter) : null;
}

/** The same of an LSTM's signals. */
export function lstmGateOf(signal: SignalReport['signal']): GateLetter | null {
  const gate = gateOf(signal);
  return gate === 'z' || gate === 'r' || gate === 'n' ? null : gate;
}

/** Sign of the activation a gate ends in. */
export function activationOf(gate: AnyGateLetter): 'σ' | 'tanh' {
  return gate === 'g' || gate === 'n' ? 'tanh' : 'σ';
}

/** Sign of the activation that a signal is the result of; null where it is none's. */
export function activationOfSignal(signal: SignalReport['signal']): 'σ' | 'tanh' | null {
  const gate = gateOf(signal);
  if (gate) return signal === gate ? activationOf(gate) : null;
  return signal === 'tanh_c' ? 'tanh' : null;
}

const HIDDEN_STAGES: Readonly<Record<string, string>> = {
  x: 'after W·x',
  xh: 'after + R·h',
  in: 'after the clip',
};

/** Of a GRU (z, r, n) or a simple recurrent layer (a); null for other signals. */
function hiddenLayerLabel(signal: SignalReport['signal']): string | null {
  const own: Partial<Record<SignalReport['signal'], string>> = {
    z: 'z after σ',
    r: 'r after σ',
    n: 'n after tanh',
    n_h: 'n, R·h alone',
    n_rh: 'n, r times R·h',
    rh: 'r times h',
  };
  const [letter = '', stage = ''] = signal.split('_');
  const isHidden = ['z', 'r', 'n', 'a'].includes(letter);
  return own[signal] ?? (isHidden && HIDDEN_STAGES[stage] !== undefined ? `${letter} ${HIDDEN_STAGES[stage]}` : null);
}

/** Short name of a signal, with its stage: `o before σ`, `g after W·x`, `cell c`. */
export function signalLabel(signal: SignalReport['signal']): string {
  const gate = lstmGateOf(signal);
  if (gate) {
    const activation = activationOf(gate);
    const stage = {
      x: 'after W·x',
      xh: 'after + R·h',
      in: `before ${activation}`,
      ln: 'after layer norm',
    }[signal.split('_')[1] ?? ''];
    return `${gate} ${stage ?? `after ${activation}`}`;
  }
  const names: Partial<Record<SignalReport['signal'], string>> = {
    x: 'input x',
    c: 'cell c',
    tanh_c: 'tanh(c)',
    m: 'hidden m',
    h: 'output h',
    out: 'output',
  };
  return names[signal] ?? hiddenLayerLabel(signal) ?? signal;
}

/** Type and format of a signal: `int16 Q3.12`, `int8, scale 0.0078402, zero point −1`, `float32`. */
export function signalType({ dtype, quantization }: SignalReport): string {
  const [scale] = quantization?.scales ?? [];
  if (!quantization || scale === undefined) return dtype;
  const integerBits = Math.log2(scale) + 15;
  if (dtype === 'int16' && Number.isInteger(integerBits) && integerBits >= 0) return `${dtype} ${format.qFormat(integerBits)}`;
  if (quantization.scales.length > 1) return `${dtype}, ${quantization.scales.length} scales`;
  const zeroPoint = quantization.zeroPoints[0] ?? 0;
  return `${dtype}, scale ${format.scale(scale)}${zeroPoint === 0 ? '' : `, zero point ${format.code(zeroPoint)}`}`;
}

/** A signal of a layer; of the given direction in a bidirectional operator. */
export function findSignal(
  layer: LayerReport,
  name: SignalName | 'out',
  direction: SignalReport['direction'] = 'forward',
): SignalReport | null {
  return layer.signals.find((s) => s.signal === name && (s.direction === undefined || s.direction === direction)) ?? null;
}

/** The layer a recurrent layer's figures are in; null when the run has none. */
export function layerOf(report: Report, lstm: Pick<CellInfo, 'subgraph' | 'op'>): LayerReport | null {
  return report.layers.find(({ subgraph, index }) => subgraph === lstm.subgraph && index === lstm.op) ?? null;
}

/** The recurrent layer a layer is; null for other operators. */
export function lstmOf(report: Report, layer: LayerReport): CellInfo | null {
  return layer.lstm === null ? null : cellInfoOf(report, layer);
}

/** What people call a layer: a recurrent layer's name, an input's name, or index and operator: `12 TANH`. */
export function layerLabel(report: Report, layer: LayerReport): string {
  if (layer.op === 'INPUT') return layer.name || 'input';
  return lstmOf(report, layer)?.name ?? `${layer.index} ${layer.op}`;
}
