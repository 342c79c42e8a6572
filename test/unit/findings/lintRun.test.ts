import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../worker/core/findings/finding';
import { lintRun, RUN_RULES } from '../../../worker/core/findings/lintRun';
import type { RunParts } from '../../../worker/core/findings/runRule';
import type { Gate } from '../../../worker/core/lstm/signals';
import { lostAtRails, sumLost } from '../../../worker/core/report/lostAtRails';
import type { LstmInfo } from '../../../worker/core/report/overview';
import type { LayerReport, LstmPart, SignalReport } from '../../../worker/core/report/report';

const INFO: LstmInfo = {
  subgraph: 0,
  op: 1,
  name: 'lstm1',
  layerNorm: false,
  projection: false,
  peephole: false,
  cifg: false,
  bidirectional: false,
  timeMajor: false,
  scheme: 'int8',
  input: 4,
  cell: 8,
  output: 8,
  cellClip: 0,
  projectionClip: 0,
  cellIntegerBits: 2,
};

interface SignalSpec {
  readonly scale: number;
  readonly codes?: readonly [low: number, high: number];
  readonly atRails?: number;
  readonly values?: number;
  readonly float: readonly [min: number, max: number];
  readonly nonFinite?: number;
}

function signal(name: SignalReport['signal'], spec: SignalSpec): SignalReport {
  const [lowCode, highCode] = spec.codes ?? [-32768, 32767];
  const { scale, atRails = 0, values = 1000 } = spec;
  const gate: Gate | null = name.startsWith('o') && name !== 'out' ? 'output' : null;
  const rails = { lowCode, highCode, lowReal: lowCode * scale, highReal: highCode * scale, low: 0, high: atRails };
  const floatRange = { min: spec.float[0], max: spec.float[1] };
  return {
    signal: name,
    gate,
    dtype: 'int16',
    quantization: { scales: [scale], zeroPoints: [0], axis: 0, range: [lowCode * scale, highCode * scale] },
    values,
    min: spec.float[0],
    max: spec.float[1],
    floatMin: spec.float[0],
    floatMax: spec.float[1],
    ...(spec.nonFinite === undefined ? {} : { nonFinite: spec.nonFinite }),
    rails,
    lostAtRails: lostAtRails({ axis: { scale, zeroPoint: 0 }, floatRange, rails, flat: null }),
    share: atRails / values,
    flat: null,
    effectiveBits: null,
    local: null,
    accumulated: null,
    histogram: { edges: [], float: [], int8: [] },
  };
}

function layer(index: number, op: string, signals: readonly SignalReport[], more: Partial<LayerReport> = {}): LayerReport {
  const output = signals.find((own) => own.signal === 'out' || own.signal === 'h');
  const rails = output?.rails ?? null;
  return {
    subgraph: 0,
    index,
    op,
    name: op === 'INPUT' ? 'features' : 'logits',
    shape: [],
    dtype: 'int8',
    quantization: null,
    local: null,
    accumulated: null,
    saturation: { total: rails === null ? 0 : rails.low + rails.high, values: output?.values ?? 0 },
    lostAtRails: sumLost(output?.lostAtRails ?? null),
    signals,
    lstm: null,
    ...more,
  };
}

function lstmRun(
  signals: readonly SignalReport[],
  costs: Partial<Record<LstmPart, number>> | null = null,
  info: Partial<LstmInfo> = {},
): RunParts {
  const parts = costs === null ? null : Object.entries(costs).map(([part, gainDb]) => ({ part: part as LstmPart, gainDb }));
  const lstm = { name: 'lstm1', ledger: [], costs: parts, costSteps: parts === null ? null : 100, formula: null };
  return { inputs: [], layers: [layer(1, 'UNIDIRECTIONAL_SEQUENCE_LSTM', signals, { lstm })], lstms: [{ ...INFO, ...info }] };
}

const input = (total: number, values: number, float: readonly [number, number]): RunParts => ({
  inputs: [layer(0, 'INPUT', [signal('out', { scale: 0.01, codes: [-128, 127], atRails: total, values, float })])],
  layers: [],
  lstms: [],
});

const overflow = (lost: number): RunParts => {
  const run = lstmRun([]);
  const entries = [{ part: 'f' as const, signal: 'f_ln' as const, count: lost, lost, values: 1000 }];
  const row = { cause: 'layer-norm-overflow' as const, label: '', loss: true, absent: null, entries };
  const layers = run.layers.map((own) => (own.lstm === null ? own : { ...own, lstm: { ...own.lstm, ledger: [row] } }));
  return { ...run, layers };
};

const outputSignal = (atRails: number, float: readonly [number, number] = [-3, 2]) =>
  signal('out', { scale: 0.01, codes: [-128, 127], atRails, float });

const output = (atRails: number, float?: readonly [number, number]): RunParts => ({
  inputs: [],
  layers: [layer(2, 'FULLY_CONNECTED', [outputSignal(atRails, float)])],
  lstms: [],
});

const constant = (min: number, max: number): RunParts => ({
  inputs: [],
  layers: [layer(2, 'FULLY_CONNECTED', [{ ...outputSignal(0, [-1, 1]), min, max }])],
  lstms: [],
});

const bits = (used: number, synthetic = false): RunParts => ({
  inputs: [],
  layers: [layer(2, 'FULLY_CONNECTED', [{ ...outputSignal(0, [-0.2, 0.1]), effectiveBits: { used, bits: 8 } }])],
  lstms: [],
  data: { label: '', files: [], synthetic },
});

const cell = (atRails: number, float: readonly [number, number], scale = 2 ** -13) => signal('c', { scale, atRails, float });
const gate = (atRails: number) => signal('o_xh', { scale: 2 ** -12, atRails, float: [-10, 17] });

const CASES: Readonly<Record<string, { readonly fires: RunParts; readonly says: readonly string[]; readonly silent: RunParts }>> =
  {
    'not-finite': {
      fires: { inputs: [], layers: [layer(0, 'ADD', [signal('out', { scale: 1, float: [0, 1], nonFinite: 3 })])], lstms: [] },
      says: ['logits: 3 values'],
      silent: { inputs: [], layers: [layer(0, 'ADD', [signal('out', { scale: 1, float: [0, 1] })])], lstms: [] },
    },
    'constant-output': {
      fires: constant(0.2, 0.2),
      says: ['logits: always 0.2; float goes from −1 to 1'],
      silent: constant(0.2, 0.21),
    },
    'activation-bits-unused': {
      fires: bits(5.9),
      says: ['logits: 5.9 of 8 bits; the range is −1.28 to 1.27, float reaches −0.2 to 0.1'],
      silent: bits(6),
    },
    'input-at-rails': {
      fires: input(25486, 66600, [-4.2, 5.1]),
      says: ['features: 38.3 % (25,486 of 66,600)', 'too quiet or too little', '−1.28 to 1.27', '−4.2 to 5.1'],
      // At the rail, but nothing of the data lies beyond it.
      silent: input(25486, 66600, [-1.28, 1.27]),
    },
    'output-at-rails': {
      fires: output(44),
      says: ['logits: 4.4 % (44 of 1,000)', '−3 to 2'],
      silent: output(44, [-3, 1.27]),
    },
    'cell-range-too-small': {
      fires: lstmRun([cell(14, [-4.69, 4.1])]),
      says: ['lstm1: 14 values at the ±4 rails; float reaches −4.69. Use Q3.12.'],
      silent: lstmRun([cell(0, [-3.9, 3.9])]),
    },
    'hidden-at-rails': {
      fires: lstmRun(
        [signal('m', { scale: 1 / 128, codes: [-128, 127], atRails: 20, float: [-1.4, 1.2] })],
        { m: 2.51 },
        { projection: true },
      ),
      says: ['2.0 % of m (20 of 1,000)', '2.5 dB'],
      silent: lstmRun(
        [signal('m', { scale: 1 / 128, codes: [-128, 127], atRails: 9, float: [-1.4, 1.2] })],
        { m: 2.51 },
        { projection: true },
      ),
    },
    'layer-norm-overflow': { fires: overflow(2), says: ['2 values (0.20 %)'], silent: overflow(0) },
    'gate-saturates': {
      fires: lstmRun([gate(24)], { o: 2.5 }),
      says: ['lstm1: o before σ 2.4 % at the rails; in float the output gains 2.5 dB.'],
      silent: lstmRun([gate(24)], { o: 0.1 }),
    },
    'gate-saturates-without-cost': {
      fires: lstmRun([gate(275)], { o: -0.02 }),
      says: ['lstm1: o before σ 27.5 % at the rails, 0.0 dB lost.'],
      // Without a measured cost nothing is said of saturation.
      silent: lstmRun([gate(275)]),
    },
    'cell-bits-unused': {
      fires: lstmRun([cell(0, [-0.11, 0.1], 2 ** -15)], null, { cellIntegerBits: 0 }),
      says: ['±0.11', 'Q0.15 ends at ±1', '3 of 15 bits', 'never goes below ±1'],
      silent: lstmRun([cell(0, [-0.3, 0.1], 2 ** -15)], null, { cellIntegerBits: 0 }),
    },
  };

describe('cell-range-too-small', () => {
  it('does not ask for a wider cell than kernels take', () => {
    const [finding] = lintRun(lstmRun([cell(14, [-610, 154], 2 ** -9)]));
    expect(finding?.message).toContain(
      '14 values at the ±64 rails; float reaches −610. Q6.9 is the widest that the kernels take.',
    );
    expect(finding?.recipe).toBe(undefined);
  });
});

describe('Findings of a run', () => {
  it('have a case each', () => expect(Object.keys(CASES).sort()).toEqual(RUN_RULES.map(({ rule }) => rule).sort()));

  it.each(Object.entries(CASES))('%s fires, with its numbers', (rule, { fires, says }) => {
    const found = lintRun(fires).filter((finding) => finding.rule === rule);
    expect(found.length).toBe(1);
    for (const text of says) expect(found[0]?.message).toContain(text);
  });

  it.each(Object.entries(CASES))('%s is silent where nothing is lost', (rule, { silent }) => {
    expect(lintRun(silent).filter((finding) => finding.rule === rule)).toEqual([]);
  });

  it('tells of many outputs at once, the worst first', () => {
    const layers = [12, 90, 40, 30, 20].map((lost, at) => ({ ...layer(at, 'ADD', [outputSignal(lost)]), name: `add${at}` }));
    const found = lintRun({ inputs: [], layers, lstms: [] });
    expect(found).toMatchObject([{ rule: 'output-at-rails', op: 1 }]);
    expect(found[0]?.message).toMatch(/^add1: 9\.0 % \(90 of 1,000\).* Also add2 4\.0 %, add3 3\.0 %, add4 2\.0 % and 1 more\.$/);
  });

  it('tells of the gates of one LSTM at once', () => {
    const gates = [
      signal('f_xh', { scale: 2 ** -12, atRails: 80, float: [-10, 17] }),
      signal('o_xh', { scale: 2 ** -12, atRails: 275, float: [-10, 17] }),
    ];
    expect(lintRun(lstmRun(gates, { f: 0.14, o: -0.02 })).map(({ message }) => message)).toEqual([
      'lstm1: f before σ 8.0 % and o before σ 27.5 % at the rails, at most 0.1 dB lost each.',
    ]);
    expect(lintRun(lstmRun(gates, { f: 1, o: 2.5 })).map(({ message }) => message)).toEqual([
      'lstm1: f before σ 8.0 % at the rails; in float the output gains 1.0 dB. o before σ 27.5 % at the rails; in float the output gains 2.5 dB.',
    ]);
  });

  it('names the stage at which a gate loses most', () => {
    const input = signal('o_x', { scale: 2 ** -12, atRails: 990, float: [-90, 17] });
    expect(lintRun(lstmRun([input, gate(580)], { o: 0 }))[0]?.message).toBe(
      'lstm1: o after W·x 99.0 % at the rails, 0.0 dB lost.',
    );
    expect(lintRun(lstmRun([{ ...input, lostAtRails: { low: 0, high: 580 } }, gate(580)], { o: 0 }))[0]?.message).toMatch(
      /o before σ 58/,
    );
  });

  it('makes one finding of a cause in the file and its effect in the run', () => {
    const hidden = signal('m', { scale: 1 / 128, codes: [-128, 127], atRails: 97, float: [-1.4, 1.2] });
    const run = lstmRun([hidden], { m: 4.9 }, { projection: true });
    const cause: Finding = {
      rule: 'negated-hidden-zero-point',
      severity: 'info',
      title: 'Hidden values clamp at the wrong end',
      message: 'lstm1: zero point −42 is used as 42.',
      explanation: '',
      fix: 'Calibrate.',
      reference: '',
      subgraph: 0,
      op: 1,
      tensor: 51,
    };
    expect(lintRun(run, [cause])).toEqual([
      {
        ...cause,
        severity: 'warning',
        message: 'lstm1: zero point −42 is used as 42. 9.7 % of m (97 of 1,000) are at these rails. In float it gains 4.9 dB.',
      },
    ]);
    const elsewhere = { ...cause, op: 0 };
    expect(lintRun(run, [elsewhere]).map(({ rule }) => rule)).toEqual(['hidden-at-rails', 'negated-hidden-zero-point']);
  });

  it('takes an input that is lost to a large part for an error', () => {
    expect(lintRun(input(20, 1000, [-4, 4]))[0]?.severity).toBe('warning');
    expect(lintRun(input(380, 1000, [-4, 4]))[0]).toMatchObject({
      severity: 'error',
      op: null,
      input: 0,
      title: 'Input values at the rails',
    });
    expect(lintRun(input(9, 1000, [-4, 4]))).toEqual([]);
  });

  it('does not judge ranges by random data', () => {
    expect(lintRun(bits(3)).map(({ recipe }) => recipe)).toEqual([
      { schema: 'gatescope.recipe/1', tensors: { logits: { range: [-0.2, 0.1] } } },
    ]);
    expect(lintRun(bits(3, true))).toEqual([]);
    const data = { label: '', files: [], synthetic: true };
    const [note] = lintRun({ ...output(44), data });
    expect(note).toMatchObject({ rule: 'output-at-rails', severity: 'info' });
    expect(note?.message).toMatch(/−3 to 2\. The data are random: look again with real ones\.$/);
    expect(note?.recipe).toBeUndefined();
  });

  it('proposes ranges that hold what the run saw', () => {
    const schema = 'gatescope.recipe/1';
    const recipeOf = (parts: RunParts) => lintRun(parts).map(({ recipe }) => recipe);
    expect(recipeOf(output(44))).toEqual([{ schema, tensors: { logits: { range: [-3, 2] } } }]);
    expect(recipeOf(input(380, 1000, [-4, 4]))).toEqual([{ schema, tensors: { features: { range: [-4, 4] } } }]);
    expect(recipeOf(lstmRun([cell(14, [-4.69, 4.1])]))).toEqual([{ schema, lstms: { logits: { cellExponent: 3 } } }]);
  });

  it('never proposes a cell format beyond what the kernels take', () => {
    expect(lintRun(lstmRun([cell(1, [-900, 800])]))[0]?.message).toContain('Use Q6.9.');
  });

  it('has nothing to say of a float run', () => {
    const float = { ...signal('c', { scale: 1, float: [-9, 9] }), rails: null, quantization: null };
    expect(lintRun(lstmRun([float], null, { scheme: 'float', cellIntegerBits: null }))).toEqual([]);
  });
});
