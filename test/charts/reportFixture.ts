import type { Gate, SignalName } from '../../worker/core/lstm/signals';
import { lostAtRails, sumLost } from '../../worker/core/report/lostAtRails';
import type { LstmInfo, QuantizationInfo } from '../../worker/core/report/overview';
import type {
  ErrorStats,
  LayerReport,
  LedgerRow,
  LossCause,
  LstmPart,
  LstmReport,
  RailCounts,
  Report,
  SignalReport,
} from '../../worker/core/report/report';
import type { TargetMap, TargetPlacement } from '../../worker/core/targets/verdict';
import { formulaOf } from './formulaFixture';

/** What a fixture is made of; everything else follows from seeded random values that are really quantized. */
export interface FixtureOptions {
  readonly layerNorm?: boolean;
  readonly projection?: boolean;
  readonly peephole?: boolean;
  readonly cifg?: boolean;
  /** Input scale too small by this factor, as after calibration with quiet data. Default: 1. */
  readonly inputTooSmallBy?: number;
  readonly lstms?: number;
  readonly fileName?: string;
}

const VALUES = 6000;

/** Uniform values in 0..1 from a linear congruential generator. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** `VALUES` values, roughly normal. */
function bell(random: () => number, mean: number, deviation: number): number[] {
  return Array.from({ length: VALUES }, () => mean + deviation * (random() + random() + random() + random() - 2) * 1.73);
}

interface Codes {
  readonly dtype: 'int8' | 'int16';
  readonly scale: number;
  readonly zeroPoint: number;
}

const Q3_12: Codes = { dtype: 'int16', scale: 2 ** -12, zeroPoint: 0 };
const Q0_15: Codes = { dtype: 'int16', scale: 2 ** -15, zeroPoint: 0 };

/** A signal whose float values are quantized to `codes` with clamping: rails, errors and histograms are counted, not invented. */
export function signalOf(
  signal: SignalReport['signal'],
  gate: Gate | null,
  codes: Codes,
  float: readonly number[],
  flat = false,
): SignalReport {
  const [lowCode, highCode] = codes.dtype === 'int8' ? [-128, 127] : [-32768, 32767];
  const real = (code: number): number => codes.scale * (code - codes.zeroPoint);
  const quantized = float.map((v) => Math.max(lowCode, Math.min(highCode, Math.round(v / codes.scale) + codes.zeroPoint)));
  const rails: RailCounts = {
    lowCode,
    highCode,
    lowReal: real(lowCode),
    highReal: real(highCode),
    low: quantized.filter((code) => code === lowCode).length,
    high: quantized.filter((code) => code === highCode).length,
  };
  const reals = quantized.map(real);
  const quantization: QuantizationInfo = {
    scales: [codes.scale],
    zeroPoints: [codes.zeroPoint],
    axis: 0,
    range: [rails.lowReal, rails.highReal],
  };
  const stats = errorOf(float, reals);
  const floatRange = { min: Math.min(...float), max: Math.max(...float) };
  return {
    signal,
    gate,
    dtype: codes.dtype,
    quantization,
    values: float.length,
    min: Math.min(...reals),
    max: Math.max(...reals),
    floatMin: floatRange.min,
    floatMax: floatRange.max,
    rails,
    lostAtRails: lostAtRails({ axis: codes, floatRange, rails, flat: flat ? {} : null }),
    share: (rails.low + rails.high) / float.length,
    flat: flat ? { low: rails.low, high: rails.high } : null,
    effectiveBits: {
      used: Math.log2(Math.max(...quantized) - Math.min(...quantized) + 1),
      bits: codes.dtype === 'int8' ? 8 : 16,
    },
    local: stats,
    accumulated: { ...stats, sqnrDb: stats.sqnrDb === null ? null : stats.sqnrDb - 1.3 },
    histogram: histogramOf(float, reals, codes.scale),
  };
}

function errorOf(float: readonly number[], reals: readonly number[]): ErrorStats {
  const errors = float.map((v, k) => (reals[k] ?? 0) - v);
  const power = float.reduce((sum, v) => sum + v * v, 0);
  const noise = errors.reduce((sum, e) => sum + e * e, 0);
  return {
    values: float.length,
    sqnrDb: noise === 0 ? null : 10 * Math.log10(power / noise),
    exact: noise === 0,
    rmse: Math.sqrt(noise / float.length),
    maxAbs: Math.max(...errors.map(Math.abs)),
    cosine: 0.999,
    meanError: errors.reduce((sum, e) => sum + e, 0) / float.length,
  };
}

/** Up to 150 bins of whole codes over both paths, edges half-way between codes. */
function histogramOf(float: readonly number[], reals: readonly number[], scale: number): SignalReport['histogram'] {
  const low = Math.min(...float, ...reals);
  const high = Math.max(...float, ...reals);
  const width = Math.ceil((high - low) / scale / 148) * scale;
  const first = Math.round(low / scale) * scale - scale / 2;
  const bins = Math.max(1, Math.ceil((high - first) / width + 1e-9));
  const count = (values: readonly number[]): number[] => {
    const counts = new Array<number>(bins).fill(0);
    for (const v of values) {
      const bin = Math.max(0, Math.min(bins - 1, Math.floor((v - first) / width)));
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    return counts;
  };
  return { edges: Array.from({ length: bins + 1 }, (_, k) => first + k * width), float: count(float), int8: count(reals) };
}

const GATES = [
  ['i', 'input', 0.4, 3.6],
  ['f', 'forget', 2.2, 4.1],
  ['g', 'cell', 0, 2.9],
  ['o', 'output', 4.6, 5.2],
] as const;

/** One LSTM with every signal its topology has, its ledger and costs. */
export function lstmLayer(info: LstmInfo, index: number, inputTooSmallBy = 1): LayerReport {
  const random = generator(17 + index);
  const signals: SignalReport[] = [];
  const inputScale = 0.0294 / inputTooSmallBy;
  signals.push(signalOf('x', null, { dtype: 'int8', scale: inputScale, zeroPoint: -11 }, bell(random, 0.1, 0.98)));
  for (const [letter, gate, mean, deviation] of GATES) {
    if (!(letter === 'i' && info.cifg)) {
      signals.push(signalOf(`${letter}_x`, gate, Q3_12, bell(random, mean / 2, deviation / 2)));
      signals.push(signalOf(`${letter}_xh`, gate, Q3_12, bell(random, mean, deviation)));
      signals.push(signalOf(`${letter}_in`, gate, Q3_12, bell(random, mean, deviation)));
      if (info.layerNorm) signals.push(signalOf(`${letter}_ln`, gate, Q3_12, bell(random, mean / 3, 1.4)));
    }
    const activated = bell(random, mean, deviation).map((z) => (letter === 'g' ? Math.tanh(z) : 1 / (1 + Math.exp(-z))));
    signals.push(signalOf(letter, gate, Q0_15, activated, true));
  }
  const cell = bell(random, 0, 1.7);
  signals.push(signalOf('c', null, { dtype: 'int16', scale: 2 ** -13, zeroPoint: 0 }, cell));
  signals.push(signalOf('tanh_c', null, Q0_15, cell.map(Math.tanh), true));
  const hidden: Codes = { dtype: 'int8', scale: 0.00784, zeroPoint: -1 };
  if (info.projection) signals.push(signalOf('m', null, hidden, bell(random, 0, 0.4)));
  const output = signalOf('h', null, hidden, bell(random, 0, 0.46));
  signals.push(output);
  return {
    subgraph: 0,
    index,
    op: 'UNIDIRECTIONAL_SEQUENCE_LSTM',
    name: `${info.name}/output`,
    shape: [1, -1, info.output],
    dtype: 'int8',
    quantization: output.quantization,
    local: output.local,
    accumulated: output.accumulated,
    saturation: { total: (output.rails?.low ?? 0) + (output.rails?.high ?? 0), values: output.values },
    lostAtRails: sumLost(output.lostAtRails),
    signals,
    lstm: lstmReport(info, signals),
  };
}

function lstmReport(info: LstmInfo, signals: readonly SignalReport[]): LstmReport {
  const entries = (parts: readonly (readonly [LstmPart, SignalName])[], flat = false): LedgerRow['entries'] =>
    parts.flatMap(([part, name]) => {
      const found = signals.find(({ signal }) => signal === name);
      const counts = flat ? found?.flat : found?.rails;
      const lost = flat ? 0 : sumLost(found?.lostAtRails ?? null);
      return found && counts ? [{ part, signal: name, count: counts.low + counts.high, lost, values: found.values }] : [];
    });
  const gates = (suffix: string) => GATES.map(([letter]) => [letter, `${letter}${suffix}` as SignalName] as const);
  const row = (cause: LossCause, label: string, list: LedgerRow['entries'], absent: string | null = null): LedgerRow => {
    return { cause, label, loss: cause !== 'flat', absent, entries: absent === null ? list : [] };
  };
  const missing = (has: boolean): string | null => (has ? null : 'not in this cell');
  return {
    name: info.name,
    ledger: [
      row('int8-rails', 'at the int8 rails', entries([['x', 'x'], ['h', 'h']])), // prettier-ignore
      row('after-input', 'after W·x, int16', entries(gates('_x'))),
      row('after-recurrent', 'after + R·h, int16', entries(gates('_xh'))),
      row('after-peephole', 'after peephole', entries(gates('_in')), missing(info.peephole)),
      row('after-layer-norm', 'after layer norm', entries(gates('_ln')), missing(info.layerNorm)),
      row('flat', 'σ, tanh flat', entries([...gates(''), ['c', 'tanh_c']], true)),
      row('cell-add', 'cell add, int16', entries([['c', 'c']])),
      row('cell-clip', 'cell clip ±10', [], 'inert'),
    ],
    costs: [
      { part: 'W', gainDb: 2.8 },
      { part: 'x', gainDb: 2.5 },
      { part: 'i', gainDb: 0.1 },
      { part: 'f', gainDb: 0.1 },
      { part: 'g', gainDb: 2.5 },
      { part: 'o', gainDb: -0.01 },
      { part: 'c', gainDb: 0.02 },
      { part: 'h', gainDb: 0.4 },
    ],
    costSteps: 1640,
    formula: formulaOf(info),
  };
}

export function lstmInfo(op: number, options: FixtureOptions = {}): LstmInfo {
  return {
    subgraph: 0,
    op,
    name: `lstm${op}`,
    layerNorm: options.layerNorm ?? false,
    projection: options.projection ?? false,
    peephole: options.peephole ?? false,
    cifg: options.cifg ?? false,
    bidirectional: false,
    timeMajor: false,
    scheme: 'int8',
    input: op === 0 ? 120 : 96,
    cell: 96,
    output: 96,
    cellClip: 10,
    projectionClip: 0,
    cellIntegerBits: 2,
  };
}

/** A whole report: inputs, LSTMs, a dense layer, samples, task, findings and targets. */
export function reportOf(options: FixtureOptions = {}): Report {
  const infos = Array.from({ length: options.lstms ?? 2 }, (_, op) => lstmInfo(op, options));
  const lstms = infos.map((info, k) => lstmLayer(info, info.op, k === 0 ? options.inputTooSmallBy : 1));
  const random = generator(5);
  const logits = signalOf('out', null, { dtype: 'int8', scale: 0.1124, zeroPoint: -22 }, bell(random, -2, 4.1));
  const plainLayer = (op: string, index: number, name: string, signal: SignalReport): LayerReport => ({
    subgraph: 0,
    index,
    op,
    name,
    shape: [1, -1, 11],
    dtype: 'int8',
    quantization: signal.quantization,
    local: signal.local,
    accumulated: signal.accumulated,
    saturation: { total: (signal.rails?.low ?? 0) + (signal.rails?.high ?? 0), values: signal.values },
    lostAtRails: sumLost(signal.lostAtRails),
    signals: [signal],
    lstm: null,
  });
  const input = lstms[0]?.signals[0];
  return {
    schema: 'gatescope.report/1',
    generator: 'GateScope test',
    model: {
      fileName: options.fileName ?? 'lstm.int8.tflite',
      byteLength: 167600,
      sha256: '0f'.repeat(32),
      format: 'tflite',
      scheme: 'int8',
    },
    floatModel: {
      source: 'file',
      fileName: 'lstm.float.tflite',
      sha256: 'f0'.repeat(32),
      matching: { by: 'name', matched: 3, operators: 3, unmatched: [] },
    },
    quantizedPath: 'int8',
    persona: 'tflite',
    state: 'reset',
    data: { label: 'telephony.npz', files: ['telephony.npz'], synthetic: false },
    samples: 24,
    steps: 2261,
    complete: true,
    requestedSamples: 24,
    headline: [
      'int8 follows float with 36.9 dB SQNR at lstm1.',
      'Weights, gate g and input x cost most; saturation costs almost nothing.',
      'Both paths get 18 of 24 samples right.',
    ],
    inputs: input ? [{ ...plainLayer('INPUT', 0, 'input', { ...input, signal: 'out' }), local: null }] : [],
    layers: [...lstms, plainLayer('FULLY_CONNECTED', infos.length, 'dense2/output', logits)],
    lstms: infos,
    task: {
      kind: 'ctc-greedy',
      unit: 'digits',
      labels: 'labels.json',
      total: 609,
      floatErrors: 102,
      quantizedErrors: 103,
      floatRight: 18,
      quantizedRight: 18,
      parts: 'characters',
      confusion: {
        texts: ['1', '3', '4', '7'],
        cells: [
          { expected: 0, answered: 0, float: 24, quantized: 23, samples: [0, 1, 2] },
          { expected: 0, answered: 3, float: 0, quantized: 1, samples: [3] },
          { expected: 1, answered: 1, float: 24, quantized: 24, samples: [0, 1, 2] },
          { expected: 2, answered: 2, float: 24, quantized: 24, samples: [0, 1, 2] },
        ],
      },
      flips: { lost: [3], won: [], changed: [] },
    },
    perSample: Array.from({ length: 24 }, (_, k) => ({
      index: k,
      name: `u${String(k).padStart(3, '0')}`,
      steps: 60 + k,
      sqnrDb: 34 + 4 * random(),
      expected: '314',
      float: '314',
      quantized: k === 3 ? '374' : '314',
    })),
    findings: [
      {
        rule: 'cell-range-too-small',
        severity: 'warning',
        title: 'Cell range too small',
        message: 'lstm1: 14 values at the ±4 rails; float reaches −4.69.',
        fix: 'Use Q3.12.',
        explanation: 'The cell carries values from step to step.',
        reference: 'arXiv 2101.05453, section 3.2',
        subgraph: 0,
        op: 1,
        tensor: 43,
      },
      {
        rule: 'gate-saturates-without-cost',
        severity: 'info',
        title: 'Gate saturates without cost',
        message: 'lstm1: o before σ 27.5 % at the rails, 0.0 dB lost.',
        fix: null,
        explanation: 'The activation is flat there.',
        reference: 'arXiv 2101.05453, section 3.1',
        subgraph: 0,
        op: 1,
        tensor: null,
      },
    ],
    targets: targetMap(infos.length + 1),
  };
}

function targetMap(ops: number): TargetMap {
  const placement = (label: string, result: TargetPlacement['result'], verdict: 'native' | 'fallback'): TargetPlacement => ({
    label,
    version: '1.0',
    source: 'test',
    result,
    reasons: [],
    ops: Array.from({ length: ops }, (_, index) => ({
      subgraph: 0,
      index,
      op: index < ops - 1 ? 'UNIDIRECTIONAL_SEQUENCE_LSTM' : 'FULLY_CONNECTED',
      verdict: index === ops - 1 ? 'native' : verdict,
      reached: true,
      reasons:
        verdict === 'native' || index === ops - 1
          ? []
          : [{ rule: 'static shapes', seen: 'time axis dynamic', message: 'Stays on the CPU.', source: 'Vela 5.2.0' }],
    })),
  });
  return {
    'tflite-cpu': placement('TFLite CPU', 'runs', 'native'),
    xnnpack: placement('XNNPACK', 'runs', 'fallback'),
    tflm: placement('TFLM', 'runs', 'native'),
    'ethos-u55': placement('Ethos-U55', 'runs', 'fallback'),
    'ethos-u65': placement('Ethos-U65', 'unverified', 'fallback'),
    'ethos-u85': placement('Ethos-U85', 'runs', 'fallback'),
  };
}
