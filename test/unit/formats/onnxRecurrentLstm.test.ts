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

  it('takes batch-major sequences (layout 1), which ONNX Runtime refuses', async () => {
    const attributes = { direction: 'bidirectional' };
    const steps = lstmModel({ directions: 2, operands: ['B', 'h', 'c'], attributes });
    const rows = lstmModel({ directions: 2, operands: ['B', 'h', 'c'], attributes: { ...attributes, layout: 1 } });
    const byStep = await byEngine(readOnnx(steps.bytes, 'a'), steps.feeds);
    const feeds = Object.fromEntries(Object.entries(steps.feeds).map(([name, feed]) => [name, { ...feed, ...swapped(feed) }]));
    const byRow = await byEngine(readOnnx(rows.bytes, 'b'), feeds);
    expect(byRow.map(({ shape }) => shape)).toEqual([
      [BATCH, STEPS, 2, HIDDEN],
      [BATCH, 2, HIDDEN],
      [BATCH, 2, HIDDEN],
    ]);
    const rowOf = (values: ArrayLike<number>, row: number) => Array.from(values).slice(row * HIDDEN, (row + 1) * HIDDEN);
    for (let t = 0; t < STEPS; t++) {
      for (let b = 0; b < BATCH; b++) {
        for (let d = 0; d < 2; d++) {
          const own = rowOf(byRow[0]!.values, (b * STEPS + t) * 2 + d);
          expect(own).toEqual(rowOf(byStep[0]!.values, (t * 2 + d) * BATCH + b));
        }
      }
    }
    for (const output of [1, 2]) {
      const { shape, values } = byStep[output]!;
      expect(byRow[output]!.values).toEqual(Array.from(swapped({ shape, values: Float32Array.from(values) }).values));
    }
  });

  it('takes weights that exporters reorder by operators, and leaves those operators out', async () => {
    const { bytes, feeds } = lstmModel({ operands: ['B'] });
    const w = random([1, 4 * HIDDEN, INPUT], 1, 0.9);
    const block = (gate: number) => w.values.subarray(gate * HIDDEN * INPUT, (gate + 1) * HIDDEN * INPUT);
    // As PyTorch has it, [4 * hidden, input] in the order i f g o; ONNX's is i o f c.
    const stored = Float32Array.from([0, 2, 3, 1].flatMap((gate) => Array.from(block(gate))));
    const list = (...values: number[]): ConstantSpec => ({ shape: [values.length], values: BigInt64Array.from(values, BigInt) });
    const slice = (from: number, to: number): NodeSpec => ({
      ...{ op: 'Slice', inputs: ['w', `at${from}`, `at${to}`, 'at0'], outputs: [`part${from}`] },
    });
    const exported = onnxModel({
      constants: {
        ...{ w: { shape: [4 * HIDDEN, INPUT], values: stored }, R: random([1, 4 * HIDDEN, HIDDEN], 2, 0.7) },
        ...{ B: random([1, 8 * HIDDEN], 4, 0.5), at0: list(0), at6: list(6), at18: list(18), at24: list(24) },
      },
      inputs: { X: 'float32' },
      outputs: ['Y', 'Y_h', 'Y_c'],
      nodes: [
        ...[slice(0, 6), slice(18, 24), slice(6, 18)],
        { op: 'Concat', inputs: ['part0', 'part18', 'part6'], outputs: ['reordered'], attributes: { axis: 0 } },
        { op: 'Unsqueeze', inputs: ['reordered', 'at0'], outputs: ['W'] },
        { op: 'LSTM', inputs: ['X', 'W', 'R', 'B'], outputs: ['Y', 'Y_h', 'Y_c'], attributes: { hidden_size: HIDDEN } },
      ],
    });
    const model = readOnnx(exported, 'exported');
    const { operators, tensors } = model.graphs[0]!;
    expect(operators.map(({ name }) => name)).toEqual(['UNIDIRECTIONAL_SEQUENCE_LSTM']);
    const constants = tensors.filter(({ data }) => data !== null);
    expect(constants.map(({ name }) => name).sort()).toEqual(
      ['B', 'R', 'W'].flatMap((name) => ['c', 'f', 'i', 'o'].map((gate) => `${name}[${gate}]`)),
    );
    expect(new Set(constants.map(({ buffer }) => buffer)).size).toBe(12);
    expect(await byEngine(model, feeds)).toEqual(await byEngine(readOnnx(bytes, 'plain'), feeds));
  });

  it.each<[string, Partial<NodeSpec>]>([
    ['its weight W is computed at run time', { inputs: ['X', 'W2', 'R'] }],
    ['its activation Swish is none of ONNX', { attributes: { activations: ['Swish', 'Tanh', 'Tanh'] } }],
    ['it has 2 activations, not 3', { attributes: { activations: ['Tanh', 'Tanh'] } }],
    ['input_forget with RELU gates is no CIFG', { attributes: { activations: ['Relu', 'Tanh', 'Tanh'], input_forget: 1 } }],
    ['hidden_size is 5', { attributes: { hidden_size: 5 } }],
    ['its bias B has 8 values, not 48', { inputs: ['X', 'W', 'R', 'short'] }],
    ['its direction is sideways', { attributes: { direction: 'sideways' } }],
  ])("stays ONNX Runtime's, and says why: %s", (reason, change) => {
    const bytes = onnxModel({
      constants: { W: random([1, 24, INPUT], 1), R: random([1, 24, HIDDEN], 2), short: random([1, 8], 3) },
      inputs: { X: 'float32', V: 'float32' },
      outputs: ['Y'],
      nodes: [
        { op: 'Add', inputs: ['W', 'V'], outputs: ['W2'] },
        { op: 'LSTM', inputs: ['X', 'W', 'R'], outputs: ['Y'], ...change },
      ],
    });
    const graph = readOnnx(bytes, 'kept').graphs[0]!;
    expect(graph.operators.find(({ name }) => name === 'OnnxLSTM')?.options.kept_because).toContain(reason);
    expect(describeLstms(graph)).toEqual([]);
  });
});

/** The first two axes swapped. */
function swapped({ shape, values }: { readonly shape: readonly number[]; readonly values: ConstantSpec['values'] }) {
  const [first = 1, second = 1, ...rest] = shape;
  const size = rest.reduce((product, axis) => product * axis, 1);
  const moved = new Float32Array(values.length);
  for (let a = 0; a < first; a++) {
    for (let b = 0; b < second; b++) {
      const from = (a * second + b) * size;
      moved.set(values.subarray(from, from + size) as Float32Array, (b * first + a) * size);
    }
  }
  return { shape: [second, first, ...rest], values: moved };
}
