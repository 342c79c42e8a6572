import type { GateLetter, SignalName } from '../../worker/core/lstm/signals';
import type { LstmInfo } from '../../worker/core/report/overview';
import type { LayerReport, LstmPart, Report, SignalReport } from '../../worker/core/report/report';
import * as format from '../charts/format';

export const GATE_NAME: Readonly<Record<GateLetter, string>> = {
  i: 'input gate',
  f: 'forget gate',
  g: 'cell input',
  o: 'output gate',
};

/** Parts that can be put back to float, for people. */
export const PART_NAME: Readonly<Record<LstmPart, string>> = {
  W: 'weights',
  x: 'input x',
  i: 'gate i',
  f: 'gate f',
  g: 'gate g',
  o: 'gate o',
  c: 'cell c',
  m: 'hidden m',
  h: 'output h',
};

/** `o` of `o_in`; null for signals that belong to no gate. */
export function gateOf(signal: SignalReport['signal']): GateLetter | null {
  const letter = signal.split('_')[0];
  return letter === 'i' || letter === 'f' || letter === 'g' || letter === 'o' ? letter : null;
}

/** Sign of the activation a gate ends in. */
export function activationOf(gate: GateLetter): 'σ' | 'tanh' {
  return gate === 'g' ? 'tanh' : 'σ';
}

/** Sign of the activation that a signal is the result of; null where it is none's. Of a GRU: z, r and n. */
export function activationOfSignal(signal: SignalReport['signal']): 'σ' | 'tanh' | null {
  const gate = gateOf(signal);
  if (gate) return signal === gate ? activationOf(gate) : null;
  if (signal === 'z' || signal === 'r') return 'σ';
  return signal === 'n' || signal === 'tanh_c' ? 'tanh' : null;
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
  const gate = gateOf(signal);
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

/** The layer an LSTM's figures are in; null when the run has none. */
export function layerOf(report: Report, lstm: LstmInfo): LayerReport | null {
  return report.layers.find(({ subgraph, index }) => subgraph === lstm.subgraph && index === lstm.op) ?? null;
}

/** The LSTM a layer is; null for other operators. */
export function lstmOf(report: Report, layer: LayerReport): LstmInfo | null {
  if (layer.lstm === null) return null;
  return report.lstms.find(({ subgraph, op }) => subgraph === layer.subgraph && op === layer.index) ?? null;
}

/** What people call a layer: an LSTM's name, an input's name, or index and operator: `12 TANH`. */
export function layerLabel(report: Report, layer: LayerReport): string {
  if (layer.op === 'INPUT') return layer.name || 'input';
  return lstmOf(report, layer)?.name ?? `${layer.index} ${layer.op}`;
}
