import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { prepareLstmOperator } from '../../worker/core/lstm/prepareLstmOperator';
import { roundHalfAwayFromZero } from '../../worker/core/quantization/affine';
import type { Value } from '../../worker/core/run/value';
import { buildOperator, type TensorSpec } from '../lstmBuilder';
import { describeShared, SHARED } from '../shared';
import { TFLITE_INT8 } from './lstmCase';

/** LiteRT's own tests of its integer LSTM: reals, a range per tensor, and the int8 outputs that they must give. */
interface LitertCase {
  readonly n_batch: number;
  readonly n_input: number;
  readonly n_cell: number;
  readonly n_output: number;
  readonly sequence_length?: number;
  readonly ranges: readonly (readonly [number, number])[];
  readonly intermediates: readonly (readonly [scale: number, zeroPoint: number])[];
  readonly lstm_input: readonly number[] | readonly (readonly number[])[];
  readonly expected_output: readonly number[] | readonly (readonly number[])[];
  readonly [operand: string]: unknown;
}

/** Names of the constant operands by position. */
const OPERANDS = [
  null,
  'input_to_input_weights',
  'input_to_forget_weights',
  'input_to_cell_weights',
  'input_to_output_weights',
  'recurrent_to_input_weights',
  'recurrent_to_forget_weights',
  'recurrent_to_cell_weights',
  'recurrent_to_output_weights',
  'cell_to_input_weights',
  'cell_to_forget_weights',
  'cell_to_output_weights',
  'input_gate_bias',
  'forget_gate_bias',
  'cell_gate_bias',
  'output_gate_bias',
  'projection_weights',
  'projection_bias',
  null,
  null,
  'input_layer_norm_coefficients',
  'forget_layer_norm_coefficients',
  'cell_layer_norm_coefficients',
  'output_layer_norm_coefficients',
] as const;

type IntegerType = 'int8' | 'int16' | 'int32';
const ARRAYS = { int8: Int8Array, int16: Int16Array, int32: Int32Array };
const f = Math.fround;

/** Scale and zero point as the test harness of LiteRT derives them from a range: all in float32, zero point from the nearer end. */
function parametersOf([min, max]: readonly [number, number], dtype: IntegerType): { scale: number; zeroPoint: number } {
  const bits = { int8: 8, int16: 16, int32: 32 }[dtype];
  const low = f(-(2 ** (bits - 1)));
  const high = f(2 ** (bits - 1) - 1);
  const scale = f(f(f(max) - f(min)) / f(high - low));
  const fromMin = f(low - f(f(min) / scale));
  const fromMax = f(high - f(f(max) / scale));
  const isMinNearer = f(-low + Math.abs(f(min) / scale)) < f(high + Math.abs(f(max) / scale));
  const zeroPoint = roundHalfAwayFromZero(isMinNearer ? fromMin : fromMax);
  return { scale, zeroPoint: Math.max(low, Math.min(high, zeroPoint)) };
}

function quantized(
  reals: readonly number[],
  shape: readonly number[],
  range: readonly [number, number],
  dtype: IntegerType,
): TensorSpec {
  const { scale, zeroPoint } = parametersOf(range, dtype);
  const low = -(2 ** (8 * ARRAYS[dtype].BYTES_PER_ELEMENT - 1));
  const codes = reals.map((real) => roundHalfAwayFromZero(f(zeroPoint + f(f(real) / scale))));
  const clamped = codes.map((code) => Math.max(low, Math.min(-low - 1, code)));
  return { dtype, shape, scale, zeroPoint, values: ARRAYS[dtype].from(clamped) };
}

function buildCase(test: LitertCase) {
  const { n_batch, n_input, n_cell, n_output, sequence_length, ranges } = test;
  const range = (position: number) => ranges[position] ?? [0, 0];
  const shapeOf = (position: number): readonly number[] => {
    if (position <= 4) return [n_cell, n_input];
    if (position <= 8) return [n_cell, n_output];
    if (position === 16) return [n_output, n_cell];
    return position === 17 ? [n_output] : [n_cell];
  };
  const typeOf = (position: number): IntegerType => {
    if (position <= 8 || position === 16) return 'int8';
    return position <= 11 || position >= 20 ? 'int16' : 'int32';
  };
  const variable = (position: number, size: number, dtype: IntegerType): TensorSpec => ({
    dtype,
    shape: [n_batch, size],
    isVariable: true,
    ...parametersOf(range(position), dtype),
  });
  const inputShape = sequence_length === undefined ? [n_batch, n_input] : [sequence_length, n_batch, n_input];
  const operands = OPERANDS.map((name, position): TensorSpec | null => {
    if (position === 0) return { dtype: 'int8', shape: inputShape, ...parametersOf(range(0), 'int8') };
    // The harness gives the output state int16 parameters, and the kernel takes its scale; it holds int8 all the same.
    if (position === 18) return { ...variable(18, n_output, 'int16'), dtype: 'int8' };
    if (position === 19) return variable(19, n_cell, 'int16');
    const reals = name === null ? undefined : (test[name] as readonly number[] | undefined);
    return reals === undefined ? null : quantized(reals, shapeOf(position), range(position), typeOf(position));
  });
  const { graph, operator } = buildOperator({
    name: sequence_length === undefined ? 'LSTM' : 'UNIDIRECTIONAL_SEQUENCE_LSTM',
    operands,
    intermediates: test.intermediates.map(([scale, zeroPoint]) => ({ dtype: 'int16', shape: [], scale, zeroPoint })),
    outputs: [{ dtype: 'int8', shape: [n_batch, n_output], ...parametersOf(range(24), 'int8') }],
    options: { fused_activation_function: 'TANH', cell_clip: 0, proj_clip: 0, time_major: true, kernel_type: 'FULL' },
  });
  const toInput = (reals: readonly number[]): Value => ({
    dtype: 'int8',
    shape: inputShape,
    data: quantized(reals, inputShape, range(0), 'int8').values ?? new Int8Array(0),
  });
  return { prepared: prepareLstmOperator(graph, operator, TFLITE_INT8), toInput };
}

const read = (file: string): Record<string, LitertCase> =>
  SHARED === null ? {} : (JSON.parse(readFileSync(join(SHARED, 'data/golden', file), 'utf8')) as Record<string, LitertCase>);
const tests = Object.entries({
  ...read('litert_lstm_test_integer.json'),
  ...read('litert_unidirectional_sequence_lstm_test_integer.json'),
});
const toRuns = (values: LitertCase['lstm_input']): readonly (readonly number[])[] =>
  typeof values[0] === 'number' ? [values as readonly number[]] : (values as readonly (readonly number[])[]);

const is8x8x8 = ([, test]: (typeof tests)[number]) => test.intermediates.length === 12;

describeShared("LiteRT's own integer LSTM tests", () => {
  it.each(tests.filter((entry) => !is8x8x8(entry)))('%s', (_name, test) => {
    const { prepared, toInput } = buildCase(test);
    const expected = toRuns(test.expected_output);
    toRuns(test.lstm_input).forEach((reals, run) => {
      const inputs = prepared.operator.inputs.map((_, position) => (position === 0 ? toInput(reals) : null));
      expect(Array.from(prepared.run(inputs)[0]?.data as Int8Array)).toEqual(expected[run]);
    });
  });

  it.each(tests.filter(is8x8x8))('%s is refused', (_name, test) => {
    expect(() => buildCase(test)).toThrow('8x8->8');
  });
});
