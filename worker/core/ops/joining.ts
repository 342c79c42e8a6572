import { roundHalfAwayFromZero } from '../quantization/affine';
import { elementCount, formatShape, toIndices } from '../run/arrays';
import type { NumericArray, Value } from '../run/value';
import { clampAll, realLimits } from './fusedActivation';
import type { Kernel, KernelPreparer, OperatorContext } from './operatorContext';
import { newLike, resolveAxis, rowMajorStrides } from './strided';

/**
 * CONCATENATION along an axis. int8 and int16 inputs must have the output's parameters (TensorFlow Lite refuses others);
 * uint8 inputs are brought to them: roundHalfAway(q * s + b) + zeroPointOut with s = scaleIn / scaleOut, b = -zeroPointIn * s.
 */
const prepareConcatenation: KernelPreparer = (context): Kernel => {
  const { operator } = context;
  const type = context.dtype(context.output());
  const wantedAxis = context.numberOption('axis');
  context.refuseOnTflm(type === 'uint8', 'uint8');
  const rescales = operator.inputs.map((_, position) => rescaleTo(context, position));
  return (operands) => {
    const values = rescales.map((rescale, position) => rescale(context.required(operands, position)));
    const rank = values[0]?.shape.length ?? 0;
    const joined = join(context, values, resolveAxis(context, wantedAxis, rank));
    if (type !== 'float32') return [joined];
    return [{ ...joined, data: clampAll(joined.data as Float32Array, realLimits(context)) }];
  };
};

/** How an input gets the output's parameters. */
function rescaleTo(context: OperatorContext, position: number): (value: Value) => Value {
  const output = context.output();
  if (context.dtype(output) === 'float32' || output.quantization === null) return (value) => value;
  const to = context.affine(output);
  const from = context.affine(context.input(position));
  if (from.scale === to.scale && from.zeroPoint === to.zeroPoint) return (value) => value;
  if (output.dtype !== 'uint8') {
    throw context.unsupported(`input ${position} has other quantization parameters than the output, which TFLite refuses`);
  }
  const factor = Math.fround(from.scale * Math.fround(1 / to.scale));
  const bias = Math.fround(-from.zeroPoint * factor);
  return (value) => {
    const data = Uint8Array.from(value.data as Uint8Array, (code) => {
      const rounded = roundHalfAwayFromZero(Math.fround(Math.fround(code * factor) + bias)) + to.zeroPoint;
      return Math.min(Math.max(rounded, 0), 255);
    });
    return { ...value, data };
  };
}

/** Values side by side along an axis; all other axes must agree. */
function join(context: OperatorContext, values: readonly Value[], axis: number): Value {
  const first = values[0];
  if (first === undefined) throw context.malformed('NO_INPUTS', 'there is nothing to join');
  const fits = ({ shape, dtype }: Value) =>
    dtype === first.dtype && shape.length === first.shape.length && shape.every((size, index) => index === axis || size === first.shape[index]); // prettier-ignore
  const other = values.find((value) => !fits(value));
  if (other !== undefined) throw context.misfit(`${formatShape(other.shape)} does not join ${formatShape(first.shape)} along axis ${axis}`); // prettier-ignore
  const length = values.reduce((sum, value) => sum + (value.shape[axis] ?? 0), 0);
  const shape = first.shape.map((size, index) => (index === axis ? length : size));
  const data = newLike(context, first, elementCount(shape));
  const inner = rowMajorStrides(first.shape)[axis] ?? 1;
  const rows = elementCount(first.shape.slice(0, axis));
  let position = 0;
  for (let row = 0; row < rows; row++) {
    for (const value of values) {
      const size = (value.shape[axis] ?? 0) * inner;
      copy(value.data, row * size, size, data, position);
      position += size;
    }
  }
  return { dtype: first.dtype, shape, data };
}

/** PACK: values of one shape along a new axis. */
const preparePack: KernelPreparer = (context): Kernel => {
  const wantedAxis = context.numberOption('axis');
  return (operands) => {
    const values = context.operator.inputs.map((_, position) => context.required(operands, position));
    const rank = (values[0]?.shape.length ?? 0) + 1;
    const axis = resolveAxis(context, wantedAxis, rank);
    const widened = values.map((value) => ({ ...value, shape: [...value.shape.slice(0, axis), 1, ...value.shape.slice(axis)] }));
    return [join(context, widened, axis)];
  };
};

/** PAD and PADV2: [before, after] per axis, filled with operand 2, else with real zero. */
const preparePad: KernelPreparer = (context): Kernel => {
  const output = context.output();
  const isReal = context.dtype(output) === 'float32';
  const zero = isReal || output.quantization === null ? 0 : context.affine(output).zeroPoint;
  return (operands) => {
    const input = context.required(operands, 0);
    const pads = toIndices(context.required(operands, 1));
    const fill = operands[2]?.data[0] ?? zero;
    const before = input.shape.map((_, axis) => pads[2 * axis] ?? 0);
    const shape = input.shape.map((size, axis) => size + (pads[2 * axis] ?? 0) + (pads[2 * axis + 1] ?? 0));
    if (pads.length !== 2 * input.shape.length || pads.some((pad) => pad < 0)) {
      throw context.malformed('PADDINGS', `${pads.join(', ')} for ${formatShape(input.shape)}`);
    }
    const data = newLike(context, input, elementCount(shape));
    (data as Float32Array).fill(fill as number);
    const strides = rowMajorStrides(shape);
    const width = input.shape.at(-1) ?? 1;
    const outer = input.shape.slice(0, -1);
    for (let row = 0; row * width < input.data.length; row++) {
      let target = before.at(-1) ?? 0;
      let rest = row;
      for (let axis = outer.length - 1; axis >= 0; axis--) {
        const size = outer[axis] ?? 1;
        target += ((rest % size) + (before[axis] ?? 0)) * (strides[axis] ?? 0);
        rest = Math.floor(rest / size);
      }
      copy(input.data, row * width, width, data, target);
    }
    return [{ dtype: input.dtype, shape, data }];
  };
};

function copy(from: NumericArray, start: number, length: number, to: NumericArray, target: number): void {
  (to as Float32Array).set(from.subarray(start, start + length) as Float32Array, target);
}

/** Operators that put values side by side. */
export const JOINING_OPERATORS: Readonly<Record<string, KernelPreparer>> = {
  CONCATENATION: prepareConcatenation,
  PACK: preparePack,
  PAD: preparePad,
  PADV2: preparePad,
};
