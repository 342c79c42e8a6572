import type { Comparison, LayerDifference, SignalDifference } from '../../../worker/core/compare/comparison';
import { lstmInfo } from '../../charts/reportFixture';

/** A signal of 4 steps of 10 values; `counts` of them differ. */
export function signal(
  name: SignalDifference['signal'],
  counts: readonly number[],
  more: Partial<SignalDifference> = {},
): SignalDifference {
  const differing = counts.reduce((sum, one) => sum + one, 0);
  const at = counts.findIndex((one) => one > 0);
  return {
    signal: name,
    direction: null,
    gate: null,
    dtypeA: 'int16',
    dtypeB: 'int16',
    sameFormat: true,
    values: counts.length * 10,
    differing,
    maxCodes: differing > 0 ? 16 : 0,
    maxAbs: differing > 0 ? 0.1 : 0,
    first: differing > 0 ? { sample: 0, sampleName: 'u0', step: at, row: 0, unit: 7, units: 6, ofUnits: 13 } : null,
    sqnrDbA: 20,
    sqnrDbB: 40,
    maxErrorA: 0.1,
    maxErrorB: 0.01,
    steps: {
      perEntry: 1,
      values: counts.map(() => 10),
      differing: [...counts],
      rmsA: counts.map(() => 0.02),
      rmsB: counts.map(() => 0.01),
    },
    ...more,
  };
}

/** A peephole LSTM in which `o` differs first, and the dense layer after it. */
export function comparison(more: Partial<Comparison> = {}): Comparison {
  const lstm: LayerDifference = {
    a: { index: 0, op: 'UNIDIRECTIONAL_SEQUENCE_LSTM', name: 'lstm0/output' },
    b: { index: 0, op: 'UNIDIRECTIONAL_SEQUENCE_LSTM', name: 'lstm0/output' },
    lstm: lstmInfo(0, { peephole: true, projection: true }),
    signals: [
      signal('i_x', [0, 0, 0, 0]),
      signal('i_in', [0, 9, 10, 10]),
      signal('f_x', [0, 0, 0, 0]),
      signal('f_in', [0, 10, 10, 10]),
      signal('g_xh', [0, 9, 9, 9]),
      signal('g_in', [0, 9, 9, 9]),
      signal('c', [0, 10, 10, 10]),
      signal('o_in', [5, 10, 10, 10]),
      signal('tanh_c', [0, 10, 10, 10]),
      signal('m', [2, 4, 6, 6]),
      signal('h', [6, 7, 9, 9]),
    ],
  };
  const dense: LayerDifference = {
    a: { index: 1, op: 'FULLY_CONNECTED', name: 'logits' },
    b: { index: 1, op: 'FULLY_CONNECTED', name: 'logits' },
    lstm: null,
    signals: [signal('out', [0, 1, 0, 0], { dtypeA: 'int8', dtypeB: 'int8', maxCodes: 1 })],
  };
  const side = {
    label: 'TFLite',
    fileName: 'm.tflite',
    byteLength: 1,
    sha256: 'a',
    scheme: 'int8',
    path: 'int8',
    persona: 'tflite',
    personaOverrides: {},
  } as const;
  return {
    schema: 'gatescope.compare/1',
    generator: 'test',
    a: side,
    b: { ...side, label: 'TFLite, peephole quirk off' },
    sameFile: true,
    statics: {
      by: 'same',
      operators: { a: 2, b: 2, matched: 2 },
      onlyA: [],
      onlyB: [],
      options: [],
      tensors: { a: 9, b: 9, matched: 9, differing: 0 },
      differing: [],
    },
    run: {
      data: { label: 'x.npy', files: ['x.npy'], synthetic: false },
      state: 'reset',
      samples: 3,
      steps: 12,
      complete: true,
      requestedSamples: 3,
      float: 'own',
      first: { sample: 0, sampleName: 'u0', step: 0, row: 0, unit: 7, units: 6, ofUnits: 13, layer: 0, signal: 'o_in' },
      mainLayer: 1,
      layers: [lstm, dense],
      task: null,
    },
    causes: [],
    headline: ['First difference: sample u0.'],
    ...more,
  };
}
