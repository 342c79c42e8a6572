import { describe, expect, it } from 'vitest';
import { readOnnx } from '../../../worker/core/formats/onnx/readOnnx';
import { describeLstms } from '../../../worker/core/model/lstmInfo';
import { onnxModel, type ConstantSpec, type NodeSpec, type OnnxModelSpec } from './onnxLstmModel';
import { byEngine, byOrt, inputTypes, random } from './onnxRuns';

const [STEPS, BATCH, INPUT, HIDDEN] = [5, 3, 4, 6];

interface LstmSpec {
  readonly attributes?: NodeSpec['attributes'];
  readonly directions?: 1 | 2;
  /** Optional operands that are there; initial states are inputs of the model, or constants. */
  readonly operands?: readonly ('B' | 'lengths' | 'h' | 'c' | 'P' | 'constant h')[];
  readonly outputs?: readonly string[];
}

/** One LSTM node with everything that is asked for, and values for the inputs of its model. */
function lstmModel({ attributes = {}, directions = 1, operands = [], outputs = ['Y', 'Y_h', 'Y_c'] }: LstmSpec) {
  const has = (operand: NonNullable<LstmSpec['operands']>[number]) => operands.includes(operand);
  const constants: Record<string, ConstantSpec> = {
    W: random([directions, 4 * HIDDEN, INPUT], 1, 0.9),
    R: random([directions, 4 * HIDDEN, HIDDEN], 2, 0.7),
  };
  const feeds: Record<string, ConstantSpec> = { X: random([STEPS, BATCH, INPUT], 3) };
  if (has('B')) constants.B = random([directions, 8 * HIDDEN], 4, 0.5);
  if (has('P')) constants.P = random([directions, 3 * HIDDEN], 5, 0.5);
  if (has('lengths')) feeds.lengths = { shape: [BATCH], values: Int32Array.of(STEPS, 2, 3) };
  if (has('h')) feeds.h = random([directions, BATCH, HIDDEN], 6);
  if (has('constant h')) constants.h = random([directions, BATCH, HIDDEN], 6);
  if (has('c')) feeds.c = random([directions, BATCH, HIDDEN], 7);
  const given = (name: string) => (name in feeds || name in constants ? name : '');
  const node: NodeSpec = {
    op: 'LSTM',
    name: 'layer/lstm',
    inputs: ['X', 'W', 'R', given('B'), given('lengths'), given('h'), given('c'), given('P')],
    outputs,
    attributes: { hidden_size: HIDDEN, ...attributes },
  };
  const inputs = inputTypes(feeds);
  const spec: OnnxModelSpec = { nodes: [node], constants, inputs, outputs: outputs.filter((output) => output !== '') };
  return { bytes: onnxModel(spec), feeds };
}

const CASES: Readonly<Record<string, LstmSpec>> = {
  'without bias': {},
  'everything that is optional': { operands: ['B', 'lengths', 'h', 'c', 'P'] },
  "reverse, to each row's length": { operands: ['B', 'lengths', 'h', 'c'], attributes: { direction: 'reverse' } },
  'two directions': { directions: 2, operands: ['B', 'lengths', 'h', 'c', 'P'], attributes: { direction: 'bidirectional' } },
  'two directions, a constant state': {
    directions: 2,
    operands: ['B', 'constant h'],
    attributes: { direction: 'bidirectional' },
  },
  input_forget: { operands: ['B', 'P', 'c'], attributes: { input_forget: 1 } },
  clip: { operands: ['B', 'P'], attributes: { clip: { float: 0.4 } } },
  'clip with input_forget': { operands: ['B', 'P'], attributes: { clip: { float: 0.4 }, input_forget: 1 } },
  'other activations': {
    operands: ['B'],
    attributes: { activations: ['HardSigmoid', 'Softsign', 'LeakyRelu'], activation_alpha: { floats: [0.3, 0.2] } },
  },
  'activations of each direction': {
    directions: 2,
    operands: ['B'],
    attributes: {
      direction: 'bidirectional',
      activations: ['Sigmoid', 'ScaledTanh', 'Affine', 'hardsigmoid', 'Relu', 'Elu'],
      activation_alpha: { floats: [0.8, 0.5, 0.1, 0.9] },
      activation_beta: { floats: [1.5, 0.1, 0.4] },
    },
  },
  'the last cell only': { operands: ['B'], outputs: ['', '', 'Y_c'] },
  'the last states only, of two directions': {
    directions: 2,
    operands: ['B', 'lengths'],
    outputs: ['', 'Y_h', 'Y_c'],
    attributes: { direction: 'bidirectional' },
  },
};

describe("ONNX's LSTM in this engine", () => {
  it.each(Object.entries(CASES))("equals ONNX Runtime's: %s", async (_, spec) => {
    const { bytes, feeds } = lstmModel(spec);
    const model = readOnnx(bytes, 'lstm.onnx');
    expect(describeLstms(model.graphs[0]!)).toHaveLength(spec.directions ?? 1);
    const [own, expected] = [await byEngine(model, feeds), await byOrt(bytes, feeds)];
    expect(own.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
    for (const [position, { values }] of own.entries()) {
      const wanted = expected[position]!.values;
      expect(Math.max(...values.map((value, k) => Math.abs(value - wanted[k]!)))).toBeLessThan(2e-6);
    }
  });
});
