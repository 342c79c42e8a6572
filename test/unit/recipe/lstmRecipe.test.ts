import { describe, expect, it } from 'vitest';
import { BIDIRECTIONAL_OPERANDS, LSTM_OPERANDS } from '../../../worker/core/model/lstmOperands';
import { RecipeError } from '../../../worker/core/recipe/recipeError';
import type { Path } from '../../../worker/core/run/graphRunner';
import { prepareGraph } from '../../../worker/core/run/prepareGraph';
import type { Value } from '../../../worker/core/run/value';
import { ModelBuilder } from './modelBuilder';

const WEIGHTS = [0.3, -0.5, 0.7, -0.2, 0.4, 0.1, -0.6];

function single(weights = WEIGHTS, ranges: Parameters<ModelBuilder['lstm']>[4] = {}) {
  const b = new ModelBuilder();
  const x = b.value('x', [1, 4, 3], [-1, 1]);
  const h = b.lstm('h', x, 3, weights, ranges);
  return { b, x, h, quantize: (recipe: Parameters<ModelBuilder['quantize']>[2] = {}) => b.quantize([x], [h], recipe) };
}

const input: Value = { dtype: 'float32', shape: [1, 4, 3], data: Float32Array.from({ length: 12 }, (_, i) => Math.sin(i)) };
const reals = (model: ReturnType<ModelBuilder['model']>, path: Path, persona: 'tflite' | 'tflm') => {
  const [y] = prepareGraph(model, 0, { path, persona }).run([input]);
  const { scales, zeroPoints } = model.graphs[0]!.tensors[model.graphs[0]!.outputs[0]!]!.quantization ?? {
    scales: [1],
    zeroPoints: [0],
  };
  return Array.from(y!.data as Float32Array, (q) => (q - zeroPoints[0]!) * scales[0]!);
};

describe('the recipe of an LSTM', () => {
  it('holds h in 16 bits where the recipe says so, as TensorFlow Lite Micro runs it', () => {
    const { b, x, h, quantize } = single();
    const { graph, tensor, notes, model } = quantize({ tensors: { h: { bits: 16 } } });
    expect(['x', 'h', 'h/output_state', 'h/cell_state'].map((name) => tensor(name)?.dtype)).toEqual([
      'int16',
      'int16',
      'int16',
      'int16',
    ]);
    expect(tensor('h/forget_b')?.dtype).toBe('int64');
    expect(tensor('h/forget_w')?.dtype).toBe('int8');
    expect(graph.operators).toHaveLength(1);
    expect(notes).toMatchObject([{ kind: 'override', name: 'h' }]);
    const float = reals(b.model([x], [h]), 'float', 'tflite');
    reals(model, 'int8', 'tflm').forEach((value, i) => expect(Math.abs(value - float[i]!)).toBeLessThan(0.004));
  });

  it('refuses 16 bits for topologies that TensorFlow Lite Micro does not know', () => {
    const { b, quantize } = single();
    for (const gate of [LSTM_OPERANDS.inputToGate.input, LSTM_OPERANDS.recurrentToGate.input, LSTM_OPERANDS.gateBias.input])
      (b.model([], []).graphs[0]!.operators[0]!.inputs as number[])[gate] = -1;
    const { notes, tensor } = quantize({ tensors: { h: { bits: 16 } } });
    expect(tensor('h')?.dtype).toBe('int8');
    expect(notes[0]).toMatchObject({ kind: 'refused', op: 0 });
    expect(notes[0]?.text).toContain('input-to-input weights are missing (CIFG)');
  });

  it('gives the cell the exponent that the recipe names', () => {
    const { tensor, notes } = single().quantize({ lstms: { h: { cellExponent: 4 } } });
    expect(tensor('h/cell_state')?.quantization?.scales[0]).toBe(2 ** -11);
    expect(notes.map(({ text }) => text)).toEqual(['The cell is Q4.11, as the recipe says; its range is ±16.']);
    expect(single().quantize().tensor('h/cell_state')?.quantization?.scales[0]).toBe(2 ** -14);
  });

  it('saturates cells beyond what the kernels hold, and refuses those beyond 16 bits', () => {
    const wide = single(WEIGHTS, { cell: { min: -3, max: 90 } }).quantize();
    expect(wide.tensor('h/cell_state')?.quantization?.scales[0]).toBe(2 ** -9);
    expect(wide.notes).toMatchObject([{ kind: 'range', op: 0, name: 'h' }]);
    const lost = single(WEIGHTS, { cell: { min: 0, max: 40000 } });
    expect(() => lost.quantize()).toThrow(RecipeError);
    expect(() => lost.quantize()).toThrow('The cell of h reached 40000');
    expect(lost.quantize({ keepFloat: ['h'] }).tensor('h')?.dtype).toBe('float32');
    expect(lost.quantize({ tensors: { 'h/cell_state': { range: [-2, 2] } } }).tensor('h/cell_state')?.dtype).toBe('int16');
  });

  it('names ranges inside it that are not finite', () => {
    expect(() => single(WEIGHTS, { hidden: { min: NaN, max: 1 } }).quantize()).toThrow(
      'The range of h/intermediate_4 is NaN to 1.',
    );
    expect(() => single(WEIGHTS, { output: { min: 0, max: Infinity } }).quantize()).toThrow('The range of h is 0 to Infinity.');
  });

  it('bears weights of zeros only and states that stayed 0', () => {
    const zero = { min: 0, max: 0 };
    const { tensor, notes, model } = single([0], { hidden: zero, cell: zero, output: zero }).quantize();
    expect(tensor('h/forget_w')?.quantization?.scales[0]).toBe(1);
    expect(tensor('h')?.quantization?.scales[0]).toBe(2 ** -7);
    expect(notes.filter(({ text }) => text.startsWith('All of its values are 0'))).toHaveLength(8);
    expect(reals(model, 'int8', 'tflite')).toEqual(new Array<number>(12).fill(0));
  });

  it('makes the intermediates that a file lacks', () => {
    const { b, quantize } = single();
    (b.model([], []).graphs[0]!.operators[0]!.intermediates as number[]).length = 0;
    for (const tensor of b.tensors) tensor.name = tensor.name.replace('intermediate', 'unused');
    const { graph, tensor } = quantize();
    expect(graph.operators[0]?.intermediates).toHaveLength(5);
    expect(tensor('h/intermediate_0')).toMatchObject({ dtype: 'float32', shape: [0], quantization: null });
    expect(tensor('h/intermediate_4')?.quantization).toEqual(tensor('h')?.quantization);
  });

  it('keeps an LSTM float whose ranges are unknown or whose activation is none of the integer kernels', () => {
    const { b, x, h } = single();
    (b.ranges.lstms as Map<number, unknown>).clear();
    expect(b.quantize([x], [h]).notes[0]?.text).toContain('The ranges inside it are not known.');
    const relu = single();
    Object.assign(relu.b.model([], []).graphs[0]!.operators[0]!.options, { fused_activation_function: 'RELU' });
    expect(relu.quantize().notes[0]?.text).toContain('Its activation is RELU');
  });

  it('notes what a recipe says of gates whose format is fixed', () => {
    const { notes } = single().quantize({
      lstms: { '#0': { gates: { forget: { range: [-4, 4] } }, hidden: { bits: 16, range: [-1, 1] } } },
    });
    expect(notes.map(({ kind }) => kind)).toEqual(['refused', 'override', 'refused']);
  });
});

/** A bidirectional operator over [1, 4, 3] with 3 cells each way. */
function bidirectional(isMerged: boolean) {
  const b = new ModelBuilder();
  const x = b.value('x', [1, 4, 3], [-1, 1]);
  const inputs = new Array<number>(48).fill(-1);
  inputs[0] = x;
  for (const direction of ['forward', 'backward'] as const) {
    const operands = BIDIRECTIONAL_OPERANDS[direction];
    const values = (count: number, phase: number) => Array.from({ length: count }, (_, i) => WEIGHTS[(i * 5 + phase) % 7]!);
    (['input', 'forget', 'cell', 'output'] as const).forEach((gate, i) => {
      inputs[operands.inputToGate[gate]] = b.constant(`${direction}/${gate}_w`, [3, 3], values(9, i));
      inputs[operands.recurrentToGate[gate]] = b.constant(`${direction}/${gate}_r`, [3, 3], values(9, i + 3));
      inputs[operands.gateBias[gate]] = b.constant(`${direction}/${gate}_b`, [3], values(3, i + 1));
    });
    inputs[operands.outputState] = b.value(`${direction}/h`, [1, 3], null, { isVariable: true });
    inputs[operands.cellState] = b.value(`${direction}/c`, [1, 3], null, { isVariable: true });
  }
  const outputs = isMerged
    ? [b.value('y', [1, 4, 6], [-0.9, 0.9])]
    : [b.value('y', [1, 4, 3], [-0.9, 0.9]), b.value('z', [1, 4, 3], [-0.5, 0.9])];
  const options = { fused_activation_function: 'TANH', cell_clip: 0, proj_clip: 0, merge_outputs: isMerged, time_major: false };
  const op = b.operator('BIDIRECTIONAL_SEQUENCE_LSTM', inputs, outputs, options);
  const gates = { input: null, forget: null, cell: null, output: null };
  const range = (max: number) => ({
    gates,
    hidden: { min: -0.5, max },
    cell: { min: -1.5, max: 1.5 },
    output: { min: -0.5, max },
  });
  (b.ranges.lstms as Map<number, unknown>).set(op, [range(0.8), range(0.9)]);
  return { b, x, outputs };
}

describe('the recipe of a bidirectional LSTM', () => {
  it('takes it apart into two cells that compute what it computes', () => {
    const { b, x, outputs } = bidirectional(true);
    const { graph, model, notes } = b.quantize([x], outputs);
    const names = [
      'UNIDIRECTIONAL_SEQUENCE_LSTM',
      'REVERSE_V2',
      'UNIDIRECTIONAL_SEQUENCE_LSTM',
      'REVERSE_V2',
      'QUANTIZE',
      'QUANTIZE',
      'CONCATENATION',
    ];
    expect(graph.operators.map(({ name }) => name)).toEqual(names);
    expect(notes.map(({ kind, op }) => `${kind} ${op}`)).toEqual(['rewritten 0', 'rewritten null', 'rewritten null']);
    const float = reals(b.model([x], outputs), 'float', 'tflite');
    reals(model, 'int8', 'tflite').forEach((value, i) => expect(Math.abs(value - float[i]!)).toBeLessThan(0.03));
  });

  it('shares output parameters where the recipe says so, without a QUANTIZE', () => {
    const { b, x, outputs } = bidirectional(true);
    const { graph, tensor, notes } = b.quantize([x], outputs, { shareBidirectionalOutput: true });
    expect(graph.operators.map(({ name }) => name)).not.toContain('QUANTIZE');
    expect(tensor('y/forward')?.quantization).toEqual(tensor('y')?.quantization);
    expect(tensor('backward/h')?.quantization).toEqual(tensor('y')?.quantization);
    expect(notes.map(({ kind }) => kind)).toEqual(['rewritten', 'override']);
  });

  it('keeps two outputs apart', () => {
    const { b, x, outputs } = bidirectional(false);
    const { graph, tensor } = b.quantize([x], outputs);
    expect(graph.operators.map(({ name }) => name)).not.toContain('CONCATENATION');
    expect(tensor('y')?.quantization?.scales[0]).not.toBe(tensor('z')?.quantization?.scales[0]);
  });

  it('stays one operator where the recipe keeps it float, and in the hybrid scheme', () => {
    const { b, x, outputs } = bidirectional(true);
    expect(b.quantize([x], outputs, { keepFloat: ['y'] }).graph.operators.map(({ name }) => name)).toEqual([
      'BIDIRECTIONAL_SEQUENCE_LSTM',
    ]);
    const { graph, tensor } = b.quantize([x], outputs, { scheme: 'hybrid' });
    expect(graph.operators).toMatchObject([{ name: 'BIDIRECTIONAL_SEQUENCE_LSTM', version: 3 }]);
    expect([tensor('forward/cell_w')?.dtype, tensor('forward/cell_b')?.dtype]).toEqual(['int8', 'float32']);
  });
});

describe('the hybrid scheme', () => {
  it('leaves small matrices float where the recipe sets a least size, an LSTM with all of its own excepted', () => {
    const b = new ModelBuilder();
    const x = b.value('x', [1, 4, 3], null);
    const h = b.lstm('h', x, 3, WEIGHTS);
    const y = b.value('y', [1, 4, 2], null);
    b.operator('FULLY_CONNECTED', [h, b.constant('w', [2, 3], [1, 2, 3, 4, 5, 6]), -1], [y], { keep_num_dims: true });
    const small = b.quantize([x], [y], { scheme: 'hybrid', hybridMinimum: 1024 });
    expect([small.tensor('h/forget_w')?.dtype, small.tensor('w')?.dtype]).toEqual(['int8', 'float32']);
    expect(small.notes.map(({ text }) => text)).toEqual(['Its weights have 6 values; below 1,024 they stay float.']);
    const all = b.quantize([x], [y], { scheme: 'hybrid' });
    expect(all.codes('w')).toEqual([21, 42, 64, 85, 106, 127]);
    expect(all.graph.operators.map(({ version }) => version)).toEqual([2, 3]);
    const kept = b.quantize([x], [y], { scheme: 'hybrid', keepFloat: ['h'] });
    expect([kept.tensor('h/forget_w')?.dtype, kept.tensor('w')?.dtype]).toEqual(['float32', 'int8']);
  });
});
