import fc from 'fast-check';
import { Writer } from 'protobufjs/minimal';
import { describe, expect, it } from 'vitest';
import { ModelFormatError } from '../../../worker/core/formats/modelFormatError';
import { readModel } from '../../../worker/core/formats/readModel';
import { isGraphDef, readTf1 } from '../../../worker/core/formats/tf1/readTf1';
import type { Model } from '../../../worker/core/model/model';
import { prepareGraph } from '../../../worker/core/run/prepareGraph';
import { cellSpec, FLOAT, GraphDefBuilder, INT } from './tf1Graphs';
import { addLoop } from './tf1Loop';

const read = (graph: GraphDefBuilder) => readModel({ name: 'made.pb', bytes: graph.bytes() });
const names = (model: Model) => model.graphs[0]!.operators.map(({ name }) => name);
const wave = (count: number, by: number) => Array.from({ length: count }, (_, i) => Math.sin(1 + by * i));

/** SAME padding, stride 1 or 2, [height, width, in] with a filter [h, w, in, out] or, depthwise, [h, w, in, 1]. */
function convolved(
  x: readonly number[],
  size: number,
  depth: number,
  filter: readonly number[],
  kernel: number,
  out: number,
  stride: number,
  isDepthwise: boolean,
) {
  const sides = Math.ceil(size / stride);
  const before = Math.floor(Math.max(0, (sides - 1) * stride + kernel - size) / 2);
  return Array.from({ length: sides * sides * out }, (_, i) => {
    const [row, column, unit] = [Math.floor(i / (sides * out)), Math.floor(i / out) % sides, i % out];
    let sum = 0;
    for (let a = 0; a < kernel; a++)
      for (let b = 0; b < kernel; b++)
        for (let d = isDepthwise ? unit : 0; d < (isDepthwise ? unit + 1 : depth); d++) {
          const [y, z] = [row * stride + a - before, column * stride + b - before];
          const weight = filter[((a * kernel + b) * depth + d) * (isDepthwise ? 1 : out) + (isDepthwise ? 0 : unit)]!;
          if (y >= 0 && z >= 0 && y < size && z < size) sum += weight * x[(y * size + z) * depth + d]!;
        }
    return sum;
  });
}

describe('feed-forward networks of TensorFlow 1', () => {
  it('of convolutions, batch norm, pooling and dense layers become their operators, with bias and activation inside', () => {
    const graph = new GraphDefBuilder();
    const [filter, offsets, deep, dense] = [wave(3 * 3 * 2, 0.9), [0.1, -0.2], wave(3 * 3 * 2, 1.3), wave(2 * 3, 2.1)];
    const window = (stride: number) => ({
      strides: { ints: [1, stride, stride, 1] },
      padding: { text: 'SAME' },
      data_format: { text: 'NHWC' },
    });
    const x = graph.placeholder('x', [-1, 6, 6, 1]);
    const conv = graph.node('Conv2D', 'conv', [x, graph.floats('conv/w', [3, 3, 1, 2], filter)], { ...window(2), T: FLOAT });
    const relu = graph.node('Relu', 'relu', [graph.node('BiasAdd', 'biased', [conv, graph.floats('conv/b', [2], offsets)])]);
    const depthwise = graph.node('DepthwiseConv2dNative', 'deep', [relu, graph.floats('deep/w', [3, 3, 2, 1], deep)], window(1));
    const parameters = [
      [1.5, 0.5],
      [0.1, 0.2],
      [0.3, -0.1],
      [0.25, 4],
    ].map((values, i) => graph.floats(`norm/${i}`, [2], values));
    const norm = graph.node('FusedBatchNorm', 'norm', [depthwise, ...parameters], {
      epsilon: { float: 0 },
      data_format: { text: 'NHWC' },
    });
    const capped = graph.node('Relu6', 'capped', [norm]);
    const pooled = graph.node('AvgPool', 'pooled', [capped], {
      ksize: { ints: [1, 3, 3, 1] },
      ...window(3),
      padding: { text: 'VALID' },
    });
    const flat = graph.node('Reshape', 'flat', [pooled, graph.ints('flat/shape', [-1, 2])], { T: FLOAT });
    const product = graph.node('MatMul', 'product', [flat, graph.floats('product/w', [3, 2], dense)], {
      transpose_b: { bool: true },
    });
    graph.node('Softmax', 'y', [graph.node('Add', 'logits', [product, graph.floats('product/b', [3], [0.3, 0, -0.3])])], {
      T: FLOAT,
    });
    const model = read(graph);
    expect(names(model)).toEqual([
      ...['CONV_2D', 'DEPTHWISE_CONV_2D', 'MUL', 'ADD', 'AVERAGE_POOL_2D', 'RESHAPE', 'FULLY_CONNECTED', 'SOFTMAX'],
    ]);
    const input = wave(36, 0.7);
    const first = convolved(input, 6, 1, filter, 3, 2, 2, false).map((sum, i) => Math.max(0, sum + offsets[i % 2]!));
    const second = convolved(first, 3, 2, deep, 3, 2, 1, true).map((sum, i) => {
      const [scale, shift, mean, variance] = i % 2 === 0 ? [1.5, 0.1, 0.3, 0.25] : [0.5, 0.2, -0.1, 4];
      return Math.min(6, Math.max(0, ((sum - mean) * scale) / Math.sqrt(variance) + shift));
    });
    const means = [0, 1].map((channel) => second.reduce((sum, value, i) => sum + (i % 2 === channel ? value : 0), 0) / 9);
    const logits = [0.3, 0, -0.3].map((bias, unit) => bias + means[0]! * dense[2 * unit]! + means[1]! * dense[2 * unit + 1]!);
    const total = logits.reduce((sum, value) => sum + Math.exp(value), 0);
    const runner = prepareGraph(model, 0, { path: 'float', persona: 'tflite' });
    const y = runner.run([{ dtype: 'float32', shape: [1, 6, 6, 1], data: Float32Array.from(input) }])[0]!.data;
    logits.forEach((value, i) => expect(y[i]).toBeCloseTo(Math.exp(value) / total, 6));
  });

  it('are told of by what they leave out: results that cannot be converted, operators that lead nowhere', () => {
    const graph = new GraphDefBuilder();
    const x = graph.placeholder('x', [1, 4]);
    graph.node('Tanh', 'y', [x], { T: FLOAT });
    graph.node('Unique', 'odd', [x], { T: FLOAT });
    const { description, metadata } = read(graph);
    expect(description).toBe(
      'A TensorFlow graph of 3 nodes, as TensorFlow Lite operators. Not shown: Unique. Its result odd is left out: Unique, odd: there is no conversion of Unique.',
    );
    expect(metadata).toEqual([{ name: 'gatescope.not-shown', byteLength: 6, text: 'Unique' }]);
  });
});

describe('TensorFlow files that are no frozen network', () => {
  const graphWith = (op: string, shape: readonly number[] | null = [1, 4], type = 1) => {
    const graph = new GraphDefBuilder();
    graph.node(op, 'y', [graph.placeholder('x', shape, type)], { T: FLOAT });
    return graph;
  };

  it.each<[string, GraphDefBuilder, RegExp]>([
    ['an operator that is not converted', graphWith('Cumsum'), /Cumsum, y: there is no conversion of Cumsum/],
    ['an open shape', graphWith('Tanh', [-1, -1]), /Placeholder, x: its shape is open: \[1, -1\]/],
    ['no shape', graphWith('Tanh', null), /its shape is not known/],
    ['texts', graphWith('Tanh', [], 7), /it takes string/],
  ])('%s is named', (_, graph, says) => expect(() => read(graph)).toThrow(says));

  it('variables mean that the graph is not frozen', () => {
    const graph = new GraphDefBuilder();
    const w = graph.node('VariableV2', 'w', [], { dtype: FLOAT, shape: { shape: [4, 2] } });
    graph.node('MatMul', 'y', [graph.placeholder('x', [1, 4]), w], { T: FLOAT });
    expect(() => read(graph)).toThrow(/VariableV2, w: its value stands in a checkpoint: freeze the graph/);
  });

  it('a SavedModel, a training graph, a graph as text and a tensor are called what they are', () => {
    const graph = graphWith('Tanh').bytes();
    const meta = new Writer().uint32(10).bytes(new Writer().uint32(10).string('v').finish()).uint32(18).bytes(graph).finish();
    const saved = new Writer().uint32(8).int32(1).uint32(18).bytes(meta).finish();
    const opened = (bytes: Uint8Array) => () => readModel({ name: 'm.pb', bytes: Uint8Array.from(bytes) });
    expect(opened(saved)).toThrow(/SavedModel: its weights stand in the folder "variables"/);
    expect(opened(meta)).toThrow(/training graph \(\.meta\) without weights/);
    expect(opened(new TextEncoder().encode('node {\n  name: "x"\n}'))).toThrow(/written as text \(\.pbtxt\)/);
    const tensor = new Writer().uint32(8).int32(2).uint32(16).int32(1).uint32(74).bytes(new Uint8Array(8)).finish();
    expect(opened(tensor)).toThrow(/single tensor \(an ONNX TensorProto, as in test data\), not a model/);
    expect(isGraphDef(graph)).toBe(true);
  });

  it.each<[string, (graph: GraphDefBuilder) => void, string]>([
    ['an edge to nowhere', (graph) => graph.node('Tanh', 'z', ['gone']), 'NODE_MISSING'],
    ['a name that is taken', (graph) => graph.placeholder('y', [1]), 'NODE_NAME_TWICE'],
    ['a node without an operator', (graph) => graph.node('', 'z', []), 'NODE_WITHOUT_NAME'],
    ['a constant of another size', (graph) => graph.node('Mul', 'z', ['y', graph.floats('w', [3], [1, 2])]), 'CONSTANT_SIZE'],
    [
      'a value that is repeated without end',
      (graph) => graph.node('Mul', 'z', ['y', graph.filled('w', [2 ** 40], 1)]),
      'CONSTANT_SIZE',
    ],
    [
      'a loop of nodes',
      (graph) => graph.node('Tanh', 'z', [graph.node('Add', 'own', ['own', 'y'], { T: FLOAT })], { T: FLOAT }),
      'TF1_NOT_CONVERTED',
    ],
  ])('%s is told with its place', (_, spoil, code) => {
    const graph = graphWith('Tanh');
    spoil(graph);
    const thrown = ((): unknown => {
      try {
        return read(graph);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(ModelFormatError);
    expect(thrown).toMatchObject({ code, byteOffset: expect.any(Number) as number });
  });
});

describe('hostile graphs', () => {
  const looped = () => {
    const graph = new GraphDefBuilder();
    const turned = graph.node('Transpose', 'turned', [graph.placeholder('x', [1, 4, 2]), graph.ints('perm', [1, 0, 2])], {
      T: FLOAT,
      Tperm: INT,
    });
    const made = addLoop(graph, turned, [cellSpec(2, 3, 2)], { steps: 4, gathers: true });
    graph.node('Softmax', 'y', [made.last[0]!], { T: FLOAT });
    return graph.bytes();
  };
  const onlyFormatErrors = (bytes: Uint8Array) => {
    try {
      readTf1(bytes, 'damaged.pb');
    } catch (error) {
      if (!(error instanceof ModelFormatError)) throw error;
    }
  };

  it('cut off anywhere or with bytes changed give a model or a format error', () => {
    const whole = looped();
    for (let length = 0; length < whole.length; length += 7) onlyFormatErrors(whole.slice(0, length));
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const damaged = whole.slice();
        for (const [at, byte] of changes) damaged[at] = byte;
        onlyFormatErrors(damaged);
      }),
      { numRuns: 1500 },
    );
  });

  it('of long chains are read without recursion', () => {
    const graph = new GraphDefBuilder();
    let value = graph.placeholder('x', [1, 4]);
    for (let i = 0; i < 20_000; i++) value = graph.node('Identity', `pass${i}`, [value]);
    let size = graph.ints('size', 4);
    for (let i = 0; i < 5_000; i++) size = graph.node('Add', `sum${i}`, [size, size], { T: INT });
    graph.node('Reshape', 'y', [value, size], { T: FLOAT });
    expect(() => read(graph)).toThrow(/Reshape, y: it makes \[1, 4\] into \[Infinity\]/);
  });
});
