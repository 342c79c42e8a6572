import { realConstant } from '../model/constants';
import { ABSENT, type Operator } from '../model/model';
import { type Dataflow, isPlain } from './dataflow';
import { isLastAxis } from './affineSum';

/** Where a gate's value before its activation lies in the sum that holds it, alone or beside others. */
export interface GatePart {
  readonly packed: number;
  readonly offset: number;
  readonly size: number;
}

/** A part of the last axis taken out by SPLIT or STRIDED_SLICE; the tensor as a whole otherwise. */
export function gatePart(flow: Dataflow, tensor: number): GatePart {
  const index = flow.origin(tensor);
  const size = flow.shape(index).at(-1) ?? 0;
  const operator = flow.producer(index);
  const part = operator === null ? null : (splitPart(flow, operator, index, size) ?? slicePart(flow, operator, size));
  return part ?? { packed: index, offset: 0, size };
}

function splitPart(flow: Dataflow, operator: Operator, output: number, size: number): GatePart | null {
  if (operator.name !== 'SPLIT') return null;
  const [axis = ABSENT, packed = ABSENT] = operator.inputs;
  if (!isLastAxis(flow.integers(axis)?.[0], flow.shape(packed).length)) return null;
  return { packed: flow.origin(packed), offset: operator.outputs.indexOf(output) * size, size };
}

function slicePart(flow: Dataflow, operator: Operator, size: number): GatePart | null {
  const { name, inputs, options } = operator;
  if (name !== 'STRIDED_SLICE' || options['shrink_axis_mask'] !== 0 || options['ellipsis_mask'] !== 0) return null;
  const [packed = ABSENT, begins = ABSENT, , strides = ABSENT] = inputs;
  const shape = flow.shape(packed);
  const last = shape.length - 1;
  const begin = flow.integers(begins)?.[last];
  const isWhole = shape.every((extent, axis) => axis === last || extent === flow.shape(operator.outputs[0] ?? ABSENT)[axis]);
  if (begin === undefined || !isWhole || options['new_axis_mask'] !== 0) return null;
  if (flow.integers(strides)?.some((stride) => stride !== 1) !== false) return null;
  const isFromStart = ((Number(options['begin_mask']) >> last) & 1) === 1;
  const offset = isFromStart ? 0 : begin < 0 ? begin + (shape[last] ?? 0) : begin;
  return { packed: flow.origin(packed), offset, size };
}

export interface Activated {
  /** The value before the sigmoid. */
  readonly input: number;
  readonly isHard: boolean;
}

/** LOGISTIC; or the hard sigmoid as Keras has it, min(max(x + 3, 0), 6) / 6. */
export function sigmoidOf(flow: Dataflow, tensor: number): Activated | null {
  const operator = flow.producer(flow.origin(tensor));
  if (operator?.name === 'LOGISTIC') return { input: operator.inputs[0] ?? ABSENT, isHard: false };
  if (operator?.name !== 'MUL' || !isPlain(operator)) return null;
  for (const [sum = ABSENT, factor = ABSENT] of bothWays(operator)) {
    const clamped = flow.producer(flow.origin(sum));
    if (!isNear(flow, factor, 1 / 6) || clamped?.name !== 'ADD' || clamped.options['fused_activation_function'] !== 'RELU6')
      continue;
    for (const [input = ABSENT, shift = ABSENT] of bothWays(clamped)) if (isNear(flow, shift, 3)) return { input, isHard: true };
  }
  return null;
}

/** What TANH is applied to. */
export function tanhOf(flow: Dataflow, tensor: number): number | null {
  const operator = flow.producer(flow.origin(tensor));
  return operator?.name === 'TANH' ? (operator.inputs[0] ?? ABSENT) : null;
}

/** The two inputs of an operator that does not mind their order, in both orders. */
export function bothWays({ inputs: [a = ABSENT, b = ABSENT] }: Operator): readonly (readonly [number, number])[] {
  return [
    [a, b],
    [b, a],
  ];
}

/** Constants of int8 models are within half a step of what was meant. */
export function isNear(flow: Dataflow, tensor: number, wanted: number): boolean {
  const constant = flow.constant(tensor);
  if (constant === null || (constant.data?.length ?? 0) > 8) return false;
  const values = realConstant(constant);
  return values.length === 1 && Math.abs((values[0] ?? NaN) - wanted) <= 0.01 * wanted;
}
