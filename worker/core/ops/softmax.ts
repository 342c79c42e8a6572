import type { Tensor } from '../model/model';
import { roundHalfAwayFromZero } from '../quantization/affine';
import { multiplyByQuantizedMultiplierDoubleRounding, roundingDivideByPOT, saturatingRoundingDoublingHighMul } from '../quantization/fixedPoint'; // prettier-ignore
import { quantizeMultiplier } from '../quantization/quantizeMultiplier';
import { expOnNegative, reciprocalOfOnePlus } from './gemmlowpInt32';
import type { Kernel, KernelPreparer, OperatorContext } from './operatorContext';

/**
 * SOFTMAX over the last axis: exp(beta * x) / sum of exp(beta * x). Output int8 stands for 0..255/256 (scale 1/256, zero point
 * -128), uint8 likewise from 0.
 */
function prepareSoftmax(context: OperatorContext): Kernel {
  const input = context.input(0);
  const type = context.dtype(input);
  if (type === 'float32') return floatKernel(context);
  const output = context.output();
  if ((type !== 'int8' && type !== 'uint8') || output.dtype !== type) {
    throw context.unsupported(`input ${type} with output ${output.dtype} is not computed`);
  }
  context.refuseOnTflm(type === 'uint8', 'uint8');
  const beta = context.numberOption('beta');
  const row =
    context.options.persona === 'tflm'
      ? fixedPointRow(context.affine(input).scale, beta, type)
      : tableRow(context, input, output, beta);
  return (operands) => {
    const x = context.required(operands, 0);
    const codes = x.data as Int8Array | Uint8Array;
    const depth = x.shape.at(-1) ?? 1;
    const data = type === 'int8' ? new Int8Array(codes.length) : new Uint8Array(codes.length);
    for (let start = 0; start < codes.length; start += depth) {
      row(codes.subarray(start, start + depth), data.subarray(start, start + depth));
    }
    return [{ dtype: type, shape: x.shape, data }];
  };
}

type Row = (x: Int8Array | Uint8Array, y: Int8Array | Uint8Array) => void;

function floatKernel(context: OperatorContext): Kernel {
  const beta = context.numberOption('beta');
  return (operands) => {
    const x = context.requiredFloat(operands, 0);
    const depth = x.shape.at(-1) ?? 1;
    const data = new Float32Array(x.data.length);
    for (let start = 0; start < data.length; start += depth) {
      const end = start + depth;
      let largest = -Infinity;
      for (let i = start; i < end; i++) largest = Math.max(largest, x.data[i] ?? 0);
      let sum = 0;
      for (let i = start; i < end; i++) {
        const power = Math.exp(((x.data[i] ?? 0) - largest) * beta);
        data[i] = power;
        sum += power;
      }
      for (let i = start; i < end; i++) data[i] = (data[i] ?? 0) / sum;
    }
    return [{ dtype: 'float32', shape: x.shape, data }];
  };
}

/** TensorFlow Lite: exp(-scale * beta * k) for the 256 possible distances from the row's largest code, float32 sums. */
function tableRow(context: OperatorContext, input: Tensor, output: Tensor, beta: number): Row {
  const step = Math.fround(-context.affine(input).scale * beta);
  const powers = Float32Array.from({ length: 256 }, (_, distance) => Math.exp(Math.fround(step * distance)));
  const { scale, zeroPoint } = context.affine(output);
  const [low, high] = output.dtype === 'int8' ? [-128, 127] : [0, 255];
  return (x, y) => {
    let largest = -128;
    for (const code of x) largest = Math.max(largest, code);
    let sum = 0;
    for (const code of x) sum = Math.fround(sum + (powers[largest - code] ?? 0));
    const inverse = Math.fround(1 / Math.fround(sum * scale));
    for (let i = 0; i < x.length; i++) {
      const share = Math.fround((powers[largest - (x[i] ?? 0)] ?? 0) * inverse);
      const code = roundHalfAwayFromZero(share) + zeroPoint;
      y[i] = code < low ? low : code > high ? high : code;
    }
  };
}

/** Integer bits of the scaled distance from the largest code, and of the sum of powers. */
const DISTANCE_BITS = 5;
const SUM_BITS = 12;

/** TensorFlow Lite Micro and the reference kernel (reference/softmax.h): gemmlowp's exp and reciprocal in int32. */
function fixedPointRow(inputScale: number, beta: number, type: 'int8' | 'uint8'): Row {
  const factor = Math.min(beta * inputScale * 2 ** (31 - DISTANCE_BITS), 2 ** 31 - 1);
  const { multiplier, shift } = quantizeMultiplier(factor);
  const radius = Math.floor(((2 ** DISTANCE_BITS - 1) * 2 ** (31 - DISTANCE_BITS)) / 2 ** shift);
  const [low, high] = type === 'int8' ? [-128, 127] : [0, 255];
  const power = (distance: number) =>
    expOnNegative(multiplyByQuantizedMultiplierDoubleRounding(distance, multiplier, shift), DISTANCE_BITS);
  return (x, y) => {
    let largest = -128;
    for (const code of x) largest = Math.max(largest, code);
    let sum = 0;
    for (const code of x) if (code - largest >= -radius) sum = (sum + roundingDivideByPOT(power(code - largest), SUM_BITS)) | 0;
    const headroom = Math.clz32(sum);
    const inverse = reciprocalOfOnePlus(((sum << headroom) - 2 ** 31) | 0);
    const right = SUM_BITS - headroom + 31 - 8;
    for (let i = 0; i < x.length; i++) {
      const distance = (x[i] ?? 0) - largest;
      if (distance < -radius) {
        y[i] = low;
        continue;
      }
      const code = roundingDivideByPOT(saturatingRoundingDoublingHighMul(inverse, power(distance)), right) + low;
      y[i] = code < low ? low : code > high ? high : code;
    }
  };
}

export const SOFTMAX_OPERATORS: Readonly<Record<string, KernelPreparer>> = { SOFTMAX: prepareSoftmax };
