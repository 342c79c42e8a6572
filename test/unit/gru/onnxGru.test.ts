import { describe, expect, it } from 'vitest';
import { readOnnx } from '../../../worker/core/formats/onnx/readOnnx';
import { onnxModel, type ConstantSpec, type NodeSpec } from '../formats/onnxLstmModel';
import { byEngine, byOrt, inputTypes, random } from '../formats/onnxRuns';

const [STEPS, BATCH, INPUT, HIDDEN] = [5, 3, 4, 6];

interface LayerSpec {
  readonly op: 'GRU' | 'RNN';
  readonly attributes?: NodeSpec['attributes'];
  readonly operands?: readonly ('B' | 'lengths' | 'h')[];
  readonly outputs?: readonly string[];
}

/** One node, and values for the inputs of its model. */
function layerModel({ op, attributes = {}, operands = [], outputs = ['Y', 'Y_h'] }: LayerSpec) {
  const directions = attributes.direction === 'bidirectional' ? 2 : 1;
  const gates = op === 'GRU' ? 3 : 1;
  const constants: Record<string, ConstantSpec> = {
    W: random([directions, gates * HIDDEN, INPUT], 1, 0.9),
    R: random([directions, gates * HIDDEN, HIDDEN], 2, 0.7),
  };
  const feeds: Record<string, ConstantSpec> = { X: random([STEPS, BATCH, INPUT], 3) };
  if (operands.includes('B')) constants.B = random([directions, 2 * gates * HIDDEN], 4, 0.5);
  if (operands.includes('lengths')) feeds.lengths = { shape: [BATCH], values: Int32Array.of(STEPS, 2, 3) };
  if (operands.includes('h')) feeds.h = random([directions, BATCH, HIDDEN], 6);
  const given = (name: string) => (name in feeds || name in constants ? name : '');
  const node: NodeSpec = {
    op,
    name: 'layer',
    inputs: ['X', 'W', 'R', given('B'), given('lengths'), given('h')],
    outputs,
    attributes: { hidden_size: HIDDEN, ...attributes },
  };
  const names = outputs.filter((output) => output !== '');
  return { bytes: onnxModel({ nodes: [node], constants, inputs: inputTypes(feeds), outputs: names }), feeds };
}

const ALL = ['B', 'lengths', 'h'] as const;
const TWO = { direction: 'bidirectional' } as const;

const CASES: Readonly<Record<string, LayerSpec>> = {
  'GRU, reset before, without bias': { op: 'GRU' },
  'GRU, reset before, everything that is optional': { op: 'GRU', operands: ALL },
  'GRU, reset after, everything that is optional': { op: 'GRU', operands: ALL, attributes: { linear_before_reset: 1 } },
  'GRU, reset after, without bias': { op: 'GRU', attributes: { linear_before_reset: 1 } },
  "GRU, reverse, to each row's length": { op: 'GRU', operands: ALL, attributes: { direction: 'reverse' } },
  'GRU, two directions': { op: 'GRU', operands: ALL, attributes: { ...TWO, linear_before_reset: 1 } },
  'GRU, two directions, the last states only': { op: 'GRU', operands: ['B'], outputs: ['', 'Y_h'], attributes: TWO },
  'GRU, clip': { op: 'GRU', operands: ['B', 'h'], attributes: { clip: { float: 0.4 } } },
  'GRU, clip, reset after': { op: 'GRU', operands: ['B'], attributes: { clip: { float: 0.4 }, linear_before_reset: 1 } },
  'GRU, other activations': {
    op: 'GRU',
    operands: ['B'],
    attributes: { activations: ['HardSigmoid', 'Relu'], activation_alpha: { floats: [0.3] }, activation_beta: { floats: [0.4] } },
  },
  'RNN, everything that is optional': { op: 'RNN', operands: ALL },
  'RNN, two directions, each its activation': {
    op: 'RNN',
    operands: ALL,
    attributes: { ...TWO, activations: ['Tanh', 'Relu'] },
  },
  'RNN, reverse, clip': { op: 'RNN', operands: ['B'], attributes: { direction: 'reverse', clip: { float: 0.4 } } },
};

describe("ONNX's GRU and RNN in this engine", () => {
  it.each(Object.entries(CASES))("equal ONNX Runtime's: %s", async (_, spec) => {
    const { bytes, feeds } = layerModel(spec);
    const model = readOnnx(bytes, 'layer.onnx');
    const own = model.graphs[0]!.operators.filter(({ name }) => name === (spec.op === 'GRU' ? 'GRU' : 'VANILLA_RNN'));
    expect(own).toHaveLength(spec.attributes?.direction === 'bidirectional' ? 2 : 1);
    const [outputs, expected] = [await byEngine(model, feeds), await byOrt(bytes, feeds)];
    expect(outputs.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
    for (const [position, { values }] of outputs.entries()) {
      const wanted = expected[position]!.values;
      expect(Math.max(...values.map((value, k) => Math.abs(value - wanted[k]!)))).toBeLessThan(2e-6);
    }
  });
});
