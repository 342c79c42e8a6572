import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Graph, Model } from '../../../worker/core/model/model';
import { quantizeModel, RECIPE_METADATA } from '../../../worker/core/recipe/quantizeModel';
import { rangesInFile } from '../../../worker/core/recipe/rangesInFile';
import { RecipeError } from '../../../worker/core/recipe/recipeError';
import { prepareGraph } from '../../../worker/core/run/prepareGraph';
import type { Path } from '../../../worker/core/run/graphRunner';
import { ModelBuilder } from './modelBuilder';

const INT8 = 'gatescope.recipe/1';
const steps = ({ operators, tensors }: Graph) =>
  operators.map(
    ({ name, inputs, outputs }) =>
      `${name} ${[...inputs, -9, ...outputs].map((i) => (i === -9 ? '->' : (tensors[i]?.name ?? '-'))).join(' ')}`,
  );

/** x through FULLY_CONNECTED to y, and what a test adds. */
function dense(weights: readonly number[] = [1, -2, 0.5, 0.25], bias: readonly number[] = [0.1, -0.1]) {
  const b = new ModelBuilder();
  const x = b.value('x', [1, 2], [-1, 1]);
  const w = b.constant('w', [2, 2], weights);
  const y = b.value('y', [1, 2], [-3, 3]);
  b.operator('FULLY_CONNECTED', [x, w, b.constant('b', [2], bias)], [y], {
    fused_activation_function: 'NONE',
    quantized_bias_type: 'float32',
  });
  return { b, x, w, y };
}

const codeOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof RecipeError) return [error.code, error.message] as const;
    throw error;
  }
  return ['none', ''] as const;
};

/** Outputs of the float model and of the quantized one, as reals, for one input. */
function bothPaths(
  b: ModelBuilder,
  x: number,
  y: number,
  recipe: Parameters<ModelBuilder['quantize']>[2],
  data: Float32Array,
  persona: 'tflite' | 'tflm' = 'tflite',
) {
  const shape = b.tensors[x]!.shape;
  const { model } = b.quantize([x], [y], recipe);
  const run = (of: Model, path: Path) => prepareGraph(of, 0, { path, persona }).run([{ dtype: 'float32', shape, data }])[0]!;
  const float = run(b.model([x], [y]), 'float').data as Float32Array;
  const out = run(model, 'int8');
  const quantization = model.graphs[0]!.tensors[model.graphs[0]!.outputs[0]!]!.quantization;
  const scale = quantization?.scales[0] ?? 1;
  const zeroPoint = quantization?.zeroPoints[0] ?? 0;
  return { float, integer: Float32Array.from(out.data as Float32Array, (q) => (q - zeroPoint) * scale), scale };
}

describe('quantizeModel: operators of one graph', () => {
  it('gives a layer one scale for each output and its bias that of data times weights', () => {
    const { b, x, y } = dense();
    const { graph, tensor, codes, edit } = b.quantize([x], [y]);
    expect(tensor('w')?.quantization).toMatchObject({ scales: Float32Array.of(2 / 127, 0.5 / 127), axis: 0 });
    expect(codes('w')).toEqual([64, -127, 127, 64]);
    expect(tensor('b')).toMatchObject({ dtype: 'int32' });
    expect(graph.operators[0]).toMatchObject({ version: 4, options: { quantized_bias_type: 'int32' } });
    expect(edit.graphs[0]?.tensorOrigins).toEqual([0, 1, 3, 2].sort());
    expect(edit.metadata.map(({ name }) => name)).toEqual([RECIPE_METADATA]);
    expect(JSON.parse(edit.metadata[0]!.text)).toEqual({
      schema: 'gatescope.recipe-record/1',
      recipe: { schema: INT8 },
      mends: [],
    });
  });

  it('widens weights whose bias would leave int32, as TensorFlow Lite does', () => {
    const { b, x, y } = dense([1e-6, 0, 0.5, 0.25], [1000, 0]);
    const { tensor } = b.quantize([x], [y]);
    const bias = new Int32Array(tensor('b')!.data!.slice().buffer);
    expect(Math.abs(bias[0]!) / 2 ** 30).toBeCloseTo(1, 5);
  });

  it('keeps an operator without an integer form float between DEQUANTIZE and QUANTIZE, and says so', () => {
    const { b, x, y } = dense();
    const s = b.value('s', [1, 2], [-1, 1]);
    const z = b.value('z', [1, 2], [0, 1]);
    b.operator('SIN', [y], [s]);
    b.operator('LOGISTIC', [s], [z]);
    const { graph, notes, tensor } = b.quantize([x], [z]);
    expect(steps(graph)).toEqual([
      'FULLY_CONNECTED x w b -> y',
      'DEQUANTIZE y -> y_float',
      'SIN y_float -> s',
      'QUANTIZE s -> s_int8',
      'LOGISTIC s_int8 -> z',
    ]);
    expect(tensor('z')?.quantization).toMatchObject({ scales: Float32Array.of(1 / 256), zeroPoints: Float64Array.of(-128) });
    expect(notes).toMatchObject([
      { kind: 'kept-float', op: 1, name: 's', text: 'SIN stays float. There is no integer form of SIN.' },
    ]);
  });

  it('shares conversions between operators that ask for the same one', () => {
    const { b, x, y } = dense();
    const [s, t] = [b.value('s', [1, 2], [-1, 1]), b.value('t', [1, 2], [-1, 1])];
    b.operator('SIN', [y], [s]);
    b.operator('COS', [y], [t]);
    const { graph } = b.quantize([x], [s, t]);
    expect(steps(graph).filter((step) => step.startsWith('DEQUANTIZE'))).toHaveLength(1);
  });

  it('keeps what the recipe names float, by output or by number', () => {
    for (const name of ['y', '#0']) {
      const { b, x, y } = dense();
      const { graph, notes } = b.quantize([x], [y], { keepFloat: [name] });
      expect(steps(graph)).toEqual(['FULLY_CONNECTED x w b -> y']);
      expect(graph.tensors.map(({ dtype }) => dtype)).toEqual(['float32', 'float32', 'float32', 'float32']);
      expect(notes).toMatchObject([
        { kind: 'kept-float', op: 0, text: 'FULLY_CONNECTED stays float. The recipe keeps it float.' },
      ]);
    }
  });

  it('reads an input both as float and as integers without either seeing the other', () => {
    const b = new ModelBuilder();
    const x = b.value('x', [1, 2], [-1, 1]);
    const [s, y] = [b.value('s', [1, 2], null), b.value('y', [1, 2], [-1, 1])];
    b.operator('SIN', [x], [s]);
    b.operator('ABS', [x], [y]);
    expect(steps(b.quantize([x], [s, y]).graph)).toEqual(['DEQUANTIZE x -> x_float', 'SIN x_float -> s', 'ABS x -> y']);
  });

  it('requantizes the inputs of a CONCATENATION that differ, constants in place', () => {
    const b = new ModelBuilder();
    const x = b.value('x', [1, 2], [-2, 2]);
    const t = b.value('t', [1, 2], [-1, 1]);
    const y = b.value('y', [1, 6], [-2, 2]);
    b.operator('TANH', [x], [t]);
    b.operator('CONCATENATION', [x, t, b.constant('c', [1, 2], [1, -1])], [y], { axis: 1, fused_activation_function: 'NONE' });
    const { graph, tensor, codes } = b.quantize([x], [y]);
    expect(steps(graph)).toEqual(['TANH x -> t', 'QUANTIZE t -> t_requantized', 'CONCATENATION x t_requantized c -> y']);
    expect(tensor('t_requantized')?.quantization).toEqual(tensor('y')?.quantization);
    expect(tensor('c')?.quantization).toEqual(tensor('y')?.quantization);
    expect(codes('c')).toEqual([63, -65]);
  });

  it('passes parameters through operators that move codes, also into both outputs of a SPLIT', () => {
    const b = new ModelBuilder();
    const x = b.value('x', [1, 4], [-2, 2]);
    const [y, z] = [b.value('y', [1, 2], [-1, 1]), b.value('z', [1, 2], null)];
    b.operator('SPLIT', [b.integers('axis', [1]), x], [y, z], { num_splits: 2 });
    const { tensor } = b.quantize([x], [y, z]);
    expect(tensor('y')?.quantization).toEqual(tensor('x')?.quantization);
    expect(tensor('z')?.quantization).toEqual(tensor('x')?.quantization);
    expect(tensor('axis')).toMatchObject({ dtype: 'int32', quantization: null });
  });

  it('leaves operators on integers alone', () => {
    const { b, x, y } = dense();
    const n = b.value('n', [1], null, { dtype: 'int32' });
    b.operator('ADD', [b.integers('one', [1]), b.integers('two', [2])], [n]);
    const { notes, tensor } = b.quantize([x], [y, n]);
    expect(notes).toEqual([]);
    expect(tensor('n')).toMatchObject({ dtype: 'int32', quantization: null });
  });

  it('writes a constant twice where one operator wants reals and another codes', () => {
    const { b, x, w, y } = dense();
    const s = b.value('s', [2, 2], null);
    b.operator('SIN', [w], [s]);
    const { graph } = b.quantize([x], [y, s]);
    expect(steps(graph)).toEqual(['FULLY_CONNECTED x w_int8 b -> y', 'SIN w -> s']);
    expect(graph.tensors.find(({ name }) => name === 'w')?.dtype).toBe('float32');
  });

  it('puts QUANTIZE and DEQUANTIZE at a float boundary; the outer tensors keep name and origin', () => {
    const { b, x, y } = dense();
    const { graph, edit } = b.quantize([x], [y], { inputs: 'float32', outputs: 'float32' });
    expect(steps(graph)).toEqual(['QUANTIZE x -> x_int8', 'FULLY_CONNECTED x_int8 w b -> y_int8', 'DEQUANTIZE y_int8 -> y']);
    expect(graph.inputs.map((i) => edit.graphs[0]!.tensorOrigins[i])).toEqual([x]);
    expect(graph.outputs.map((i) => edit.graphs[0]!.tensorOrigins[i])).toEqual([y]);
  });

  it('puts int8 around operators that stay float where the recipe asks for it', () => {
    const { b, x, y } = dense();
    const { graph, tensor } = b.quantize([x], [y], { inputs: 'int8', outputs: 'int8', keepFloat: ['y'] });
    expect(steps(graph)).toEqual(['DEQUANTIZE x -> x_float', 'FULLY_CONNECTED x_float w b -> y_float', 'QUANTIZE y_float -> y']);
    expect(tensor('y')?.quantization?.scales[0]).toBe(Math.fround(6 / 255));
  });

  it('takes FAKE_QUANT out and its range for the tensor', () => {
    const { b, x, w } = dense();
    const q = b.value('q', [2, 2], null);
    const f = b.value('f', [1, 2], null);
    const y = b.value('out', [1, 2], [-5, 5]);
    b.operator('FAKE_QUANT', [w], [q], { min: -4, max: 4, num_bits: 8, narrow_range: true });
    b.operator('FULLY_CONNECTED', [x, q, -1], [f]);
    b.operator('FAKE_QUANT', [f], [y], { min: -3, max: 3, num_bits: 8, narrow_range: false });
    const { graph, tensor } = b.quantize([x], [y]);
    expect(steps(graph)).toContain('FULLY_CONNECTED x w - -> out');
    expect(tensor('out')?.quantization?.scales[0]).toBe(Math.fround(6 / 255));
    expect(tensor('w')?.quantization?.scales).toEqual(Float32Array.of(4 / 127, 4 / 127));
  });

  it('spreads sparse weights out, keeps zeros at zero and tells their share', () => {
    const b = new ModelBuilder();
    const x = b.value('x', [1, 4], [-1, 1]);
    const y = b.value('y', [1, 2], [-3, 3]);
    const sparsity = {
      traversalOrder: [0, 1],
      blockMap: [],
      dimensions: [
        { kind: 'dense', size: 2 },
        { kind: 'sparse-csr', segments: Int32Array.of(0, 1, 2), indices: Int32Array.of(2, 0) },
      ],
    } as const;
    b.operator('FULLY_CONNECTED', [x, b.constant('w', [2, 4], [1, -2], { sparsity }), -1], [y]);
    const { tensor, codes, notes } = b.quantize([x], [y]);
    expect(codes('w')).toEqual([0, 0, 127, 0, -127, 0, 0, 0]);
    expect(tensor('w')?.sparsity).toBeNull();
    expect(notes).toMatchObject([{ kind: 'zeros', name: 'w', zeroShare: 0.75 }]);
    expect(notes[0]?.text).toContain('75.0 % of its 8 values are 0 and stay 0');
    expect(notes[0]?.text).toContain('now stored dense');
  });

  it('comes within a few codes of the float model, whatever stays float', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 }),
        fc.subarray(['y', 's', 'm', 'z']),
        (values, keepFloat) => {
          const { b, x, y } = dense(values.slice(0, 4), values.slice(4, 6));
          const [s, m, z] = [b.value('s', [1, 2], [0, 1]), b.value('m', [1, 2], [-3, 3]), b.value('z', [1, 4], [-3, 3])];
          b.operator('LOGISTIC', [y], [s]);
          b.operator('MUL', [s, y], [m], { fused_activation_function: 'NONE' });
          b.operator('CONCATENATION', [m, y], [z], { axis: 1, fused_activation_function: 'NONE' });
          const { float, integer, scale } = bothPaths(b, x, z, { keepFloat }, Float32Array.from(values.slice(6)));
          const allowed = Math.max(3 * scale, 0.08);
          float.forEach((value, i) => expect(Math.abs(integer[i]! - value)).toBeLessThan(allowed));
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('quantizeModel: what cannot be quantized, and rules for odd cases', () => {
  it('names weights that are not finite', () => {
    const { b, x, y } = dense([1, NaN, 0, 0]);
    expect(codeOf(() => b.quantize([x], [y]))).toEqual(['WEIGHTS_NOT_FINITE', 'w holds NaN at position 1.']);
  });

  it('names the tensor of a range that is not finite', () => {
    const b = new ModelBuilder();
    const x = b.value('x', [1, 2], [-Infinity, 1]);
    const y = b.value('y', [1, 2], [0, 1]);
    b.operator('ABS', [x], [y]);
    const [code, message] = codeOf(() => b.quantize([x], [y]));
    expect([code, message]).toEqual(['RANGE_NOT_FINITE', expect.stringContaining('The range of x is -Infinity to 1.')]);
    expect(codeOf(() => b.quantize([x], [y], { tensors: { x: { range: [-1, 1] } } }))[0]).toBe('none');
  });

  it('takes -1 to 1 where a tensor was 0 throughout, and says so', () => {
    const b = new ModelBuilder();
    const x = b.value('x', [1, 2], [0, 0]);
    const y = b.value('y', [1, 2], [5, 5]);
    b.operator('ABS', [x], [y]);
    const { tensor, notes } = b.quantize([x], [y]);
    expect(tensor('x')?.quantization).toMatchObject({ scales: Float32Array.of(2 ** -7), zeroPoints: Float64Array.of(0) });
    expect(tensor('y')?.quantization?.scales[0]).toBe(Math.fround(5 / 255));
    expect(notes).toMatchObject([{ kind: 'range', tensor: 0, name: 'x' }]);
  });

  it('keeps an operator float whose range is missing, and says which', () => {
    const { b, x, y } = dense();
    const z = b.value('z', [1, 2], null);
    b.operator('ABS', [y], [z]);
    const { notes, graph } = b.quantize([x], [z]);
    expect(steps(graph).at(-1)).toBe('ABS y_float -> z');
    expect(notes).toMatchObject([{ kind: 'kept-float', op: 1, text: 'ABS stays float. The range of z is not known.' }]);
  });

  it('refuses models without any range, and models that are quantized already', () => {
    const { b, x, y } = dense();
    const none = { tensors: b.tensors.map(() => null), lstms: new Map() };
    const model = b.model([x], [y]);
    expect(codeOf(() => quantizeModel(model, none, { schema: INT8 }))[0]).toBe('NO_RANGES');
    const { model: quantized } = b.quantize([x], [y]);
    const [code, message] = codeOf(() => quantizeModel(quantized, b.ranges, { schema: INT8 }));
    expect([code, message]).toEqual(['ALREADY_QUANTIZED', expect.stringContaining('x is int8')]);
    expect(codeOf(() => quantizeModel(quantized, b.ranges, { schema: INT8, scheme: 'hybrid' }))[0]).toBe('ALREADY_QUANTIZED');
  });

  it('lists near names for what the model does not have', () => {
    const { b, x, y } = dense();
    expect(codeOf(() => b.quantize([x], [y], { tensors: { Y: { bits: 16 } } }))).toEqual([
      'UNKNOWN_TENSOR',
      'The model has no tensor named "Y". Nearest: "y", "x", "w".',
    ]);
    expect(codeOf(() => b.quantize([x], [y], { keepFloat: ['#9'] }))[0]).toBe('UNKNOWN_OPERATOR');
    expect(codeOf(() => b.quantize([x], [y], { lstms: { y: {} } }))[0]).toBe('UNKNOWN_LSTM');
  });

  it('refuses operators that are not in the order of their data', () => {
    const b = new ModelBuilder();
    const [x, y, z] = [b.value('x', [1], [0, 1]), b.value('y', [1], [0, 1]), b.value('z', [1], [0, 1])];
    b.operator('ABS', [y], [z]);
    b.operator('ABS', [x], [y]);
    expect(codeOf(() => b.quantize([x], [z]))[0]).toBe('OPERATOR_ORDER');
  });

  it('leaves other graphs as they are', () => {
    const { b, x, y } = dense();
    const model = b.model([x], [y]);
    const other = { ...model.graphs[0]!, index: 1 };
    const { edit, notes } = quantizeModel({ ...model, graphs: [model.graphs[0]!, other] }, b.ranges, { schema: INT8 });
    expect(edit.graphs[1]?.graph).toBe(other);
    expect(notes.map(({ kind }) => kind)).toEqual(['kept-float']);
  });

  it('takes overridden ranges for activations and weights', () => {
    const { b, x, y } = dense();
    const { tensor, notes } = b.quantize([x], [y], { tensors: { y: { range: [0, 10] }, w: { range: [-1, 1] } } });
    expect(tensor('y')?.quantization?.scales[0]).toBe(Math.fround(10 / 255));
    expect(tensor('w')?.quantization?.scales).toEqual(Float32Array.of(1 / 127, 1 / 127));
    expect(notes.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['override y', 'override w']);
  });
});

describe('quantizeModel: 16-bit activations', () => {
  it('computes the operators around a tensor in 16 bits and converts beside them', () => {
    const { b, x, y } = dense();
    const [t, z] = [b.value('t', [1, 2], [-1, 1]), b.value('z', [1, 2], [0, 1])];
    b.operator('TANH', [y], [t]);
    b.operator('ABS', [t], [z]);
    const { graph, tensor } = b.quantize([x], [z], { tensors: { y: { bits: 16 } } });
    expect(steps(graph)).toEqual(['FULLY_CONNECTED x w b -> y', 'QUANTIZE y -> y_int8', 'TANH y_int8 -> t', 'ABS t -> z']);
    expect([tensor('x'), tensor('y'), tensor('t')].map((one) => one?.dtype)).toEqual(['int16', 'int16', 'int8']);
    expect(tensor('b')?.dtype).toBe('int64');
    expect(tensor('w')?.dtype).toBe('int8');
    expect(tensor('y')?.quantization).toMatchObject({ scales: Float32Array.of(3 / 32767), zeroPoints: Float64Array.of(0) });
  });

  it('lets codes of 16 bits pass through and takes fixed 16-bit parameters', () => {
    const b = new ModelBuilder();
    const x = b.value('x', [1, 2], [-2, 2]);
    const [r, t] = [b.value('r', [2, 1], null), b.value('t', [2, 1], [-1, 1])];
    b.operator('RESHAPE', [x, b.integers('shape', [2, 1])], [r]);
    b.operator('TANH', [r], [t]);
    const { graph, tensor } = b.quantize([x], [t], { tensors: { x: { bits: 16 }, t: { bits: 16 } } });
    expect(steps(graph)).toEqual(['RESHAPE x shape -> r', 'TANH r -> t']);
    expect(graph.tensors.filter(({ dtype }) => dtype === 'int16')).toHaveLength(3);
    expect(tensor('t')?.quantization?.scales[0]).toBe(2 ** -15);
  });

  it('says why not where there is no kernel', () => {
    const { b, x, y } = dense();
    const h = b.value('h', [1, 2], [-1, 3]);
    b.operator('HARD_SWISH', [y], [h]);
    const { notes, tensor } = b.quantize([x], [h], { tensors: { h: { bits: 16 }, w: { bits: 16 } } });
    expect(tensor('h')?.dtype).toBe('int8');
    expect(notes.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      'refused: Not in 16 bits: HARD_SWISH has no 16-bit kernel.',
      'refused: Not in 16 bits: it is a constant.',
    ]);
  });
});

describe('rangesInFile', () => {
  it('takes what tensors record and what FAKE_QUANT says', () => {
    const b = new ModelBuilder();
    const x = b.value('x', [1], null, { range: { min: [-1], max: [2] } });
    const [y, z] = [b.value('y', [1], null), b.value('z', [1], null)];
    b.operator('ABS', [x], [y]);
    b.operator('FAKE_QUANT', [y], [z], { min: -3, max: 4, num_bits: 8, narrow_range: false });
    expect(rangesInFile(b.model([x], [z])).tensors).toEqual([
      { min: -1, max: 2 },
      { min: -3, max: 4 },
      { min: -3, max: 4 },
    ]);
  });
});
