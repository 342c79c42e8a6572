import { realConstant } from '../../core/model/constants';
import { isQuantized } from '../../core/run/runtimeDtype';
import type { PreparedOp } from '../../core/run/preparedOp';
import type { Value } from '../../core/run/value';
import { realsOfCodes, unroundedCodes } from './affineArrays';
import { clampedAsImplied, FloatOperands } from './floatOperands';
import type { CutSource } from './operands';

/** Operators that compute with codes and have no counterpart with reals. */
const INTEGER_ARITHMETIC = /^QLinear|Integer$|^DynamicQuantize(?!Linear)|^QOrdered/;
const DEFAULT_AXIS = 1;

/**
 * QuantizeLinear and DequantizeLinear on the float path, where both sides are the same reals: values pass through, but for what the
 * format says is cut off. Null for all else.
 */
export function passedThrough({ graph, operator, path, known }: CutSource): PreparedOp | null {
  const [from = -1] = operator.inputs;
  const [to = -1] = operator.outputs;
  const codes = graph.tensors[operator.name === 'QuantizeLinear' ? to : operator.name === 'DequantizeLinear' ? from : -1];
  if (path !== 'float' || codes === undefined || !isQuantized(codes)) return null;
  const stored = graph.tensors[from];
  const given = known.values.get(from) ?? (stored === undefined || stored.data === null ? null : realValue(stored));
  const isCut = operator.name === 'QuantizeLinear';
  const fixed = given !== null && isCut ? clampedAsImplied(codes, given) : given;
  if (fixed !== null) known.values.set(to, fixed);
  const run = ([value]: readonly (Value | null)[]): Value[] => {
    if (fixed !== null) return [fixed];
    if (value === null || value === undefined) return [];
    return [isCut ? clampedAsImplied(codes, value) : value];
  };
  return { operator, cells: [], run, resetState: () => undefined };

  function realValue(tensor: typeof codes & object): Value {
    return { dtype: 'float32', shape: tensor.shape, data: realConstant(tensor, graph) };
  }
}

/**
 * The two with a scale that is computed in a run, on the float path: integers are unrounded codes there. Null for all else, and for
 * blocks, which ONNX Runtime converts.
 */
export function unrounded(source: CutSource): PreparedOp | null {
  const { operator, path } = source;
  const isQuantize = operator.name === 'QuantizeLinear';
  if (path !== 'float' || (!isQuantize && operator.name !== 'DequantizeLinear') || operator.options.block_size) return null;
  const operands = new FloatOperands(source);
  const { axis = DEFAULT_AXIS } = operator.options;
  const run: PreparedOp['run'] = (values) => {
    const [value, scale, zeroPoint] = [0, 1, 2].map((position) => operands.value(position, values));
    if (!value || !scale) return [];
    const affine = { scale, zeroPoint: zeroPoint ?? null, axis: Number(axis) };
    return [isQuantize ? unroundedCodes(value, affine) : realsOfCodes(value, affine)];
  };
  return { operator, cells: [], run, resetState: () => undefined };
}

/** DynamicQuantizeLinear's outputs on the float path: its codes unrounded. @param outputs its own */
export function unroundedDynamic([x]: readonly (Value | null)[], outputs: readonly Value[]): Value[] {
  const [codes, scale, zeroPoint] = outputs;
  if (!x || codes === undefined || scale === undefined || zeroPoint === undefined) return [...outputs];
  return [unroundedCodes(x, { scale, zeroPoint, axis: 0 }), scale, zeroPoint];
}

/** Why an operator is not computed on the float path; null where it is. */
export function floatRefusal({ operator, path }: CutSource): string | null {
  if (path !== 'float' || !INTEGER_ARITHMETIC.test(operator.name)) return null;
  return 'it computes with integer codes, and its operands are reals on the float path';
}
