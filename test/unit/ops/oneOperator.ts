import { prepareOperator } from '../../../worker/core/ops/prepareOperator';
import type { GraphOptions } from '../../../worker/core/run/graphRunner';
import type { Value } from '../../../worker/core/run/value';
import { buildOperator, type OperatorSpec, type TensorSpec } from '../../lstmBuilder';

export const TFLITE: GraphOptions = { path: 'int8', persona: 'tflite' };
export const TFLM: GraphOptions = { path: 'int8', persona: 'tflm' };
export const FLOAT: GraphOptions = { path: 'float', persona: 'tflite' };

/** Outputs of one operator for the values of its operands that are no constants, in order. */
export function run(spec: OperatorSpec, values: readonly Value[], options: GraphOptions = TFLITE): Value[] {
  const { graph, operator } = buildOperator(spec);
  const queue = [...values];
  const operands = spec.operands.map((operand) =>
    operand === null || operand.values !== undefined ? null : (queue.shift() ?? null),
  );
  return prepareOperator(graph, operator, options).run(operands);
}

/** A constant list of int32, such as axes. */
export function indices(...list: readonly number[]): TensorSpec {
  return { shape: [list.length], dtype: 'int32', values: Int32Array.from(list) };
}

export function int8(shape: readonly number[], data: ArrayLike<number>): Value {
  return { dtype: 'int8', shape, data: Int8Array.from(data) };
}

export function float32(shape: readonly number[], data: ArrayLike<number>): Value {
  return { dtype: 'float32', shape, data: Float32Array.from(data) };
}
