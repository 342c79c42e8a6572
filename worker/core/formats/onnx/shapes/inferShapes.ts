import { numberAttribute } from '../attributes';
import { flattenedShape } from '../moves/moveShapes';
import type { OnnxNode } from '../proto/messages';
import { gather, moved, reshaped, sliced } from './moves';
import { fromFront, listOf, type Operands, shapeOf } from './operand';
import { convolved, globallyPooled, pooled, transposedConvolution } from './windows';

/** Sizes, -1 where open; null where not even the rank is known. */
export type InferredShape = readonly number[] | null;
type Rule = (node: OnnxNode, operands: Operands) => InferredShape | readonly InferredShape[];

const MAX_RANK = 64;

/**
 * Shapes of an operator's outputs as far as its operands' shapes and values give them, for the operators that models are made
 * of; null for all others. Files mostly say them; graphs inside an If rarely do.
 */
export function inferShapes(node: OnnxNode, operands: Operands): readonly InferredShape[] {
  const rule = RULES.get(node.opType);
  const shapes = rule?.(node, operands) ?? null;
  const all = isList(shapes) ? shapes : [shapes];
  return all.map((shape) => (shape !== null && shape.length <= MAX_RANK && shape.every(isSize) ? shape : null));
}

function isList(shapes: InferredShape | readonly InferredShape[]): shapes is readonly InferredShape[] {
  return shapes !== null && shapes.some((entry) => typeof entry !== 'number');
}

function isSize(size: number): boolean {
  return Number.isSafeInteger(size) && size >= -1;
}

const same: Rule = (_, operands) => shapeOf(operands, 0);

/** Numpy's rule: axes from the back, a size of 1 takes the other's. */
function broadcast(shapes: readonly InferredShape[]): InferredShape {
  let result: readonly number[] = [];
  for (const shape of shapes) {
    if (shape === null) return null;
    const rank = Math.max(result.length, shape.length);
    const sizes: number[] = [];
    for (let i = rank; i > 0; i--) {
      const [a, b] = [result.at(-i) ?? 1, shape.at(-i) ?? 1];
      if (a > 1 && b > 1 && a !== b) return null;
      sizes.push(a === 1 ? b : b === 1 ? a : Math.max(a, b));
    }
    result = sizes;
  }
  return result;
}

const elementwise: Rule = (_, operands) => broadcast(operands.map((_operand, i) => shapeOf(operands, i)));

const matrixProduct =
  (left: number, right: number): Rule =>
  (_, operands) => {
    const [a, b] = [shapeOf(operands, left), shapeOf(operands, right)];
    if (a === null || b === null || a.length < 1 || b.length < 1) return null;
    const batch = broadcast([a.slice(0, -2), b.slice(0, -2)]);
    if (batch === null) return null;
    const rows = a.length > 1 ? [a.at(-2) ?? -1] : [];
    return [...batch, ...rows, ...(b.length > 1 ? [b.at(-1) ?? -1] : [])];
  };

const gemm =
  (left: number, right: number): Rule =>
  (node, operands) => {
    const [a, b] = [shapeOf(operands, left), shapeOf(operands, right)];
    if (a?.length !== 2 || b?.length !== 2) return null;
    const rows = a[numberAttribute(node, 'transA', 0) === 0 ? 0 : 1] ?? -1;
    return [rows, b[numberAttribute(node, 'transB', 0) === 0 ? 1 : 0] ?? -1];
  };

const reduced: Rule = (node, operands) => {
  const shape = shapeOf(operands, 0);
  const listed = listOf(node, operands, 'axes', 1);
  if (shape === null || listed === null) return null;
  const isEmpty = listed === 'absent' || listed.length === 0;
  if (isEmpty && numberAttribute(node, 'noop_with_empty_axes', 0) !== 0) return shape;
  const axes = fromFront(isEmpty ? shape.map((_size, axis) => axis) : listed, shape.length);
  if (axes === null) return null;
  const keeps = numberAttribute(node, 'keepdims', 1) !== 0;
  return shape.flatMap((size, axis) => (!axes.includes(axis) ? [size] : keeps ? [1] : []));
};

const extreme: Rule = (node, operands) => {
  const shape = shapeOf(operands, 0);
  const axes = shape === null ? null : fromFront([numberAttribute(node, 'axis', 0)], shape.length);
  if (shape === null || axes === null) return null;
  const keeps = numberAttribute(node, 'keepdims', 1) !== 0;
  return shape.flatMap((size, axis) => (axis !== axes[0] ? [size] : keeps ? [1] : []));
};

/** Y, Y_h and Y_c; W is [directions, gates * hidden, inputs], or turned about for com.microsoft's DynamicQuantizeLSTM. */
const recurrent: Rule = (node, operands) => {
  const data = shapeOf(operands, 0);
  const directions = shapeOf(operands, 1)?.[0] ?? -1;
  if (data?.length !== 3) return null;
  const hidden = numberAttribute(node, 'hidden_size', -1);
  const isBatchFirst = numberAttribute(node, 'layout', 0) === 1;
  const [steps, batch] = isBatchFirst ? [data[1] ?? -1, data[0] ?? -1] : [data[0] ?? -1, data[1] ?? -1];
  const state = isBatchFirst ? [batch, directions, hidden] : [directions, batch, hidden];
  return [isBatchFirst ? [batch, steps, directions, hidden] : [steps, directions, batch, hidden], state, state];
};

const split: Rule = (node, operands) => {
  const shape = shapeOf(operands, 0);
  const sizes = listOf(node, operands, 'split', 1);
  const axis = shape === null ? undefined : fromFront([numberAttribute(node, 'axis', 0)], shape.length)?.[0];
  if (shape === null || axis === undefined) return null;
  const parts = node.outputs.length;
  const whole = shape[axis] ?? -1;
  const even = whole < 0 ? -1 : Math.ceil(whole / parts);
  return node.outputs.map((_name, i) => {
    const last = i === parts - 1 && whole >= 0 ? whole - even * (parts - 1) : even;
    const size = sizes === 'absent' ? last : (sizes?.[i] ?? -1);
    return shape.map((old, at) => (at === axis ? size : old));
  });
};

const concat: Rule = (node, operands) => {
  const shapes = operands.map((_operand, i) => shapeOf(operands, i));
  const first = shapes.find((shape) => shape !== null);
  if (first === undefined || first === null) return null;
  const axis = fromFront([numberAttribute(node, 'axis', 0)], first.length)?.[0];
  return first.map((size, at) => {
    const sizes = shapes.map((shape) => shape?.[at] ?? -1);
    if (at === axis) return sizes.includes(-1) ? -1 : sizes.reduce((sum, part) => sum + part, 0);
    return sizes.find((part) => part >= 0) ?? size;
  });
};

const padded: Rule = (node, operands) => {
  const shape = shapeOf(operands, 0);
  if (shape === null) return null;
  const pads = listOf(node, operands, 'pads', 1);
  const listed = listOf(node, operands, '', 3);
  const axes = listed === null ? null : fromFront(listed === 'absent' ? shape.map((_size, axis) => axis) : listed, shape.length);
  if (pads === null || pads === 'absent' || axes === null || pads.length !== 2 * axes.length) return shape.map(() => -1);
  return shape.map((size, axis) => {
    const at = axes.indexOf(axis);
    return size < 0 || at === -1 ? size : Math.max(0, size + (pads[at] ?? 0) + (pads[at + axes.length] ?? 0));
  });
};

/** A shape given as a value: what ConstantOfShape makes and Expand reaches for. */
function valueAsShape(operands: Operands, operand: number): InferredShape {
  const value = operands[operand]?.value ?? null;
  return value?.shape.length !== 1 ? null : value.values.map((size) => (size === null || size < 0 ? -1 : size));
}

const tiled: Rule = (node, operands) => {
  const shape = shapeOf(operands, 0);
  const repeats = listOf(node, operands, '', 1);
  if (shape === null || repeats === null || repeats === 'absent' || repeats.length !== shape.length) return null;
  return shape.map((size, axis) => (size < 0 ? -1 : size * (repeats[axis] ?? 1)));
};

const flattened: Rule = (node, operands) => {
  const shape = shapeOf(operands, 0);
  return shape === null ? null : flattenedShape(shape, numberAttribute(node, 'axis', 1));
};

const SAME =
  'Abs Acos Acosh Asin Asinh Atan Atanh BatchNormalization BitwiseNot Cast CastLike Ceil Celu Clip Cos Cosh CumSum DequantizeLinear ' +
  'Dropout Elu Erf Exp Floor Gelu FastGelu HardSigmoid HardSwish Hardmax Identity InstanceNormalization IsInf IsNaN ' +
  'LayerNormalization LeakyRelu Log LogSoftmax LRN LpNormalization MeanVarianceNormalization Mish Neg Not PRelu QuantizeLinear ' +
  'QLinearLeakyRelu QLinearSigmoid QLinearSoftmax QuickGelu Reciprocal Relu Round Selu Shrink Sigmoid Sign Sin Sinh Softmax Softplus ' +
  'Softsign Sqrt Swish Tan Tanh ThresholdedRelu Trilu';
const BROADCAST =
  'Add And BitwiseAnd BitwiseOr BitwiseXor Div Equal Greater GreaterOrEqual Less LessOrEqual Max Mean Min Mod Mul Or Pow Sub Sum ' +
  'Where Xor';
const REDUCED = 'L1 L2 LogSum LogSumExp Max Mean Min Prod Sum SumSquare';

function each(names: string, rule: Rule): (readonly [string, Rule])[] {
  return names.split(' ').map((name) => [name, rule]);
}

const RULES: ReadonlyMap<string, Rule> = new Map([
  ...each(SAME, same),
  ...each(BROADCAST, elementwise),
  ...each(
    REDUCED.split(' ')
      .map((name) => `Reduce${name}`)
      .join(' '),
    reduced,
  ),
  ...each('ArgMax ArgMin', extreme),
  ...each('Conv ConvInteger', convolved(1)),
  ...each('QLinearConv', convolved(3)),
  ...each('ConvTranspose', transposedConvolution),
  ...each('MaxPool AveragePool LpPool QLinearAveragePool', pooled),
  ...each('GlobalAveragePool GlobalMaxPool GlobalLpPool QLinearGlobalAveragePool', globallyPooled),
  ...each('MatMul MatMulInteger MatMulIntegerToFloat DynamicQuantizeMatMul', matrixProduct(0, 1)),
  ...each('QLinearMatMul', matrixProduct(0, 3)),
  ...each('Gemm', gemm(0, 1)),
  ...each('QGemm', gemm(0, 3)),
  ...each('QLinearAdd QLinearMul', (_, operands) => broadcast([shapeOf(operands, 0), shapeOf(operands, 3)])),
  ...each('LSTM GRU RNN DynamicQuantizeLSTM', recurrent),
  ...each('DynamicQuantizeLinear', (_, operands) => [shapeOf(operands, 0), [], []]),
  ...each('Shape', (_, operands) => [shapeOf(operands, 0)?.length ?? -1]),
  ...each('Size', () => []),
  ...each('Transpose Squeeze Unsqueeze', moved),
  ...each('Reshape', reshaped),
  ...each('Slice', sliced),
  ...each('Gather', gather),
  ...each('Flatten', flattened),
  ...each('Concat', concat),
  ...each('Split', split),
  ...each('Pad', padded),
  ...each('Tile', tiled),
  ...each('Expand', (_, operands) => broadcast([shapeOf(operands, 0), valueAsShape(operands, 1)])),
  ...each('ConstantOfShape', (_, operands) => valueAsShape(operands, 0)),
]);
