import { expect, it } from 'vitest';
import { readTf1 } from '../../worker/core/formats/tf1/readTf1';
import { writeTflite } from '../../worker/core/formats/tflite/write/writeTflite';
import { prepareGraph } from '../../worker/core/run/prepareGraph';
import { loadLiteRt } from '../oracle/runtimes/liteRt';
import { FLOAT, GraphDefBuilder, INT } from '../unit/formats/tf1Graphs';

/** One graph with a result of every operator that is converted. */
function everyOperator(): Uint8Array {
  const graph = new GraphDefBuilder();
  // Above 0, for roots and logarithms.
  const x = graph.placeholder('x', [-1, 2, 3, 4]);
  const factor = graph.floats('factor', [4], [0.5, -1, 2, 1.5]);
  const ints = (name: string, values: readonly number[] | number) => graph.ints(`${name}/ints`, values);
  for (const op of [
    'Sigmoid',
    'Tanh',
    'Elu',
    'Softmax',
    'LogSoftmax',
    'Exp',
    'Log',
    'Abs',
    'Neg',
    'Square',
    'Sqrt',
    'Rsqrt',
    'Relu',
    'Relu6',
  ])
    graph.node(op, op, [x], { T: FLOAT });
  graph.node('LeakyRelu', 'leaky', [graph.node('Neg', 'negative', [x])], { alpha: { float: 0.1 } });
  for (const op of ['Add', 'Sub', 'Mul', 'RealDiv', 'Maximum', 'Minimum', 'SquaredDifference'])
    graph.node(op, op, [x, factor], { T: FLOAT });
  graph.node('Transpose', 'turned', [x, ints('turned', [0, 2, 1, 3])], { T: FLOAT, Tperm: INT });
  graph.node('ConcatV2', 'joined', [x, x, ints('joined', -1)], { T: FLOAT, N: { int: 2 } });
  graph.node('Pack', 'packed', [x, x], { axis: { int: 1 }, N: { int: 2 }, T: FLOAT });
  const unpacked = graph.node('Unpack', 'unpacked', [x], { axis: { int: 1 }, num: { int: 2 }, T: FLOAT });
  graph.node('Sub', 'parts', [unpacked, `${unpacked}:1`], { T: FLOAT });
  const split = graph.node('Split', 'split', [ints('split', 3), x], { num_split: { int: 2 }, T: FLOAT });
  graph.node('Mul', 'halves', [split, `${split}:1`], { T: FLOAT });
  graph.node('Slice', 'sliced', [x, ints('from', [0, 1, 0, 2]), ints('size', [1, -1, 2, 1])], { T: FLOAT });
  const bounds = [ints('begin', [0, 0, -2, 0]), ints('end', [1, 1, 3, 4]), ints('by', [1, 1, 1, 2])];
  const masks = { begin_mask: { int: 1 }, end_mask: { int: 1 }, shrink_axis_mask: { int: 2 } };
  graph.node('StridedSlice', 'strided', [x, ...bounds], { T: FLOAT, ...masks });
  graph.node('Pad', 'padded', [
    x,
    graph.node('Reshape', 'amounts', [ints('pad', [0, 0, 1, 0, 0, 2, 0, 0]), ints('four', [4, 2])], { T: INT }),
  ]);
  for (const op of ['Mean', 'Sum', 'Max'])
    graph.node(op, op, [x, ints(op, [1, -1])], { T: FLOAT, keep_dims: { bool: op === 'Sum' } });
  const squeezed = graph.node('Squeeze', 'squeezed', [x], { squeeze_dims: { ints: [0] }, T: FLOAT });
  graph.node('BatchMatMulV2', 'product', [squeezed, squeezed], { T: FLOAT, adj_y: { bool: true } });
  graph.node('ExpandDims', 'expanded', [x, ints('expanded', 1)], { T: FLOAT });
  const window = { ksize: { ints: [1, 2, 2, 1] }, strides: { ints: [1, 1, 1, 1] } };
  graph.node('MaxPool', 'pooled', [x], { ...window, padding: { text: 'SAME' } });
  graph.node('AvgPool', 'averaged', [x], { ...window, padding: { text: 'VALID' } });
  const filter = Array.from({ length: 2 * 2 * 4 * 2 }, (_, i) => Math.sin(i));
  const strides = { strides: { ints: [1, 1, 2, 1] }, padding: { text: 'SAME' } };
  graph.node('Conv2D', 'conv', [x, graph.floats('conv/w', [2, 2, 4, 2], filter)], strides);
  graph.node('DepthwiseConv2dNative', 'depthwise', [x, graph.floats('deep/w', [2, 2, 4, 2], filter)], {
    ...strides,
    strides: { ints: [1, 1, 1, 1] },
  });
  graph.node('MatMul', 'dense', [
    graph.node('Reshape', 'rows', [x, ints('rows', [-1, 4])], { T: FLOAT }),
    graph.floats('dense/w', [4, 3], filter.slice(0, 12)),
  ]);
  return graph.bytes();
}

it('every converted TensorFlow operator is written so that LiteRT gives this engine’s values', async () => {
  const bytes = everyOperator();
  const model = readTf1(bytes, 'every.pb');
  expect(model.description).toMatch(/nodes, as TensorFlow Lite operators\.$/);
  const graph = model.graphs[0]!;
  const data = Float32Array.from({ length: 24 }, (_, i) => 1.2 + Math.sin(1.3 * i));
  const own = prepareGraph(model, 0, { path: 'float', persona: 'tflite' }).run([{ dtype: 'float32', shape: [1, 2, 3, 4], data }]);
  const graphs = [{ graph, tensorOrigins: [...graph.tensors.keys()], operatorOrigins: [...graph.operators.keys()] }];
  const opened = await (await loadLiteRt()).open(writeTflite({ source: model, graphs, metadata: [] }, bytes));
  const theirs = await opened.run([data]);
  opened.close();
  expect(own).toHaveLength(40);
  own.forEach((value, i) => {
    const tensor = graph.tensors[graph.outputs[i]!]!;
    expect([tensor.name, value.shape]).toEqual([tensor.name, tensor.shape]);
    const answer = new Float32Array(theirs[i]!.buffer);
    expect([tensor.name, answer.length]).toEqual([tensor.name, value.data.length]);
    answer.forEach((wanted, at) => expect(Math.abs(Number(value.data[at]) - wanted), tensor.name).toBeLessThanOrEqual(1e-5));
  });
});
