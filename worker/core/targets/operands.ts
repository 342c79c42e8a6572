import type { DType } from '../model/dtype';
import { BITS_PER_ELEMENT } from '../model/dtype';
import type { Graph, Tensor } from '../model/model';
import type { OperatorContext } from './target';

/** Input operand `position` of an operator; null when it is absent, out of range or refers to no tensor. */
export function inputOf({ graph, operator }: OperatorContext, position: number): Tensor | null {
  return tensorAt(graph, operator.inputs[position]);
}

export function outputOf({ graph, operator }: OperatorContext, position = 0): Tensor | null {
  return tensorAt(graph, operator.outputs[position]);
}

/** Inputs that are there, in operand order. */
export function presentInputs({ graph, operator }: OperatorContext): readonly Tensor[] {
  return operator.inputs.map((index) => tensorAt(graph, index)).filter((tensor) => tensor !== null);
}

export function presentOutputs({ graph, operator }: OperatorContext): readonly Tensor[] {
  return operator.outputs.map((index) => tensorAt(graph, index)).filter((tensor) => tensor !== null);
}

export function tensorAt(graph: Graph, index: number | undefined): Tensor | null {
  return index === undefined || index < 0 ? null : (graph.tensors[index] ?? null);
}

export function isConstant(tensor: Tensor): boolean {
  return tensor.data !== null && tensor.data.byteLength > 0;
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function byteCount(tensor: Tensor): number {
  return Math.ceil((elementCount(tensor.shape) * BITS_PER_ELEMENT[tensor.dtype]) / 8);
}

export function isPerAxis(tensor: Tensor): boolean {
  return (tensor.quantization?.scales.length ?? 0) > 1;
}

export function hasScale(tensor: Tensor): boolean {
  return (tensor.quantization?.scales.length ?? 0) > 0;
}

export function scaleOf(tensor: Tensor | null): number | null {
  return tensor?.quantization?.scales[0] ?? null;
}

export function zeroPointOf(tensor: Tensor | null): number {
  return tensor?.quantization?.zeroPoints[0] ?? 0;
}

/** Values of a constant int32 or int64 tensor that parametrizes an operator (axes, sizes, paddings); null when computed or too long. */
export function constantIntegers(tensor: Tensor | null, limit = 64): readonly number[] | null {
  if (tensor === null || tensor.data === null) return null;
  const { data, dtype } = tensor;
  const bytes = dtype === 'int32' ? 4 : dtype === 'int64' ? 8 : 0;
  if (bytes === 0 || data.byteLength === 0 || data.byteLength > limit * bytes) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: Math.floor(data.byteLength / bytes) }, (_, i) =>
    bytes === 4 ? view.getInt32(4 * i, true) : Number(view.getBigInt64(8 * i, true)),
  );
}

/** Size of `shape` at an axis counted from the end (-1 = innermost); 1 where the shape has fewer axes. */
export function sizeFromEnd(shape: readonly number[], fromEnd: number): number {
  return shape[shape.length + fromEnd] ?? 1;
}

export function isInteger(dtype: DType): boolean {
  return dtype.startsWith('int') || dtype.startsWith('uint');
}

/** A tensor as people see it in a reason: its name, or its number where it has none. */
export function labelOf(tensor: Tensor): string {
  return tensor.name === '' ? `tensor ${tensor.index}` : tensor.name;
}

export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/** A numeric option of the operator, or `fallback` where the file does not say. */
export function numberOption({ operator }: OperatorContext, name: string, fallback: number): number {
  const value = operator.options[name];
  return typeof value === 'number' ? value : fallback;
}

export function flagOption({ operator }: OperatorContext, name: string): boolean {
  return operator.options[name] === true;
}

/** An enumerated option by its name in the schema, such as VALID or RELU6. */
export function nameOption({ operator }: OperatorContext, name: string, fallback: string): string {
  const value = operator.options[name];
  return typeof value === 'string' ? value : fallback;
}
