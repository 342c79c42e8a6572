import type { DType } from '../model/dtype';
import { roundHalfAwayFromZero } from '../quantization/affine';
import { multiplyByQuantizedMultiplierDoubleRounding, roundingDivideByPOT } from '../quantization/fixedPoint';
import { sigmoidOfThirds, tanhOfThirds } from '../quantization/lutActivation';
import { powerOfTwoExponent, quantizeMultiplier } from '../quantization/quantizeMultiplier';
import { sigmoidInt32, tanhInt32 } from './gemmlowpInt32';
import type { Kernel, KernelPreparer, OperatorContext } from './operatorContext';

type Real = (x: number) => number;

const sigmoid: Real = (x) => 1 / (1 + Math.exp(-x));

/** LOGISTIC and TANH: y = f(x), element by element. */
function smooth(real: Real, kind: 'logistic' | 'tanh'): KernelPreparer {
  return (context) => {
    const type = context.dtype(context.input(0));
    if (type === 'float32') return floatElements(context, real);
    if (type === 'int16') return codeTable(context, type, int16Codes(context, kind));
    if (type !== 'int8' && type !== 'uint8') throw context.unsupported(`input ${type} is not computed`);
    context.refuseOnTflm(type === 'uint8', 'uint8');
    const codes = context.options.persona === 'tflm' ? fixedPointCodes(context, kind) : realCodes(context, real);
    return codeTable(context, type, codes);
  };
}

function floatElements(context: OperatorContext, real: Real): Kernel {
  return (operands) => {
    const x = context.requiredFloat(operands, 0);
    return [{ dtype: 'float32', shape: x.shape, data: x.data.map(real) }];
  };
}

/** TensorFlow Lite: f in float32 on the dequantized code, rounded half away from zero to the output's codes. */
function realCodes(context: OperatorContext, real: Real): (code: number) => number {
  const x = context.affine(context.input(0));
  const y = context.affine(context.output());
  const inverse = Math.fround(1 / y.scale);
  return (code) => {
    const value = Math.fround(real(Math.fround(x.scale * (code - x.zeroPoint))));
    return roundHalfAwayFromZero(Math.fround(value * inverse)) + y.zeroPoint;
  };
}

/** Integer bits of the input in TensorFlow Lite Micro's fixed point. */
const INPUT_BITS = 4;

/** TensorFlow Lite Micro: gemmlowp on int32 with the input in Q4.27; outputs of scale 1/256 (sigmoid) or 1/128 (tanh). */
function fixedPointCodes(context: OperatorContext, kind: 'logistic' | 'tanh'): (code: number) => number {
  const { scale, zeroPoint } = context.affine(context.input(0));
  const { multiplier, shift } = quantizeMultiplier(scale * 2 ** (31 - INPUT_BITS));
  const radius = Math.floor(((2 ** INPUT_BITS - 1) * 2 ** (31 - INPUT_BITS)) / 2 ** shift);
  return (code) => {
    const x = code - zeroPoint;
    if (x <= -radius) return -128;
    if (x >= radius) return 127;
    const raw = multiplyByQuantizedMultiplierDoubleRounding(x, multiplier, shift);
    return kind === 'logistic'
      ? roundingDivideByPOT(sigmoidInt32(raw, INPUT_BITS), 23) - 128
      : roundingDivideByPOT(tanhInt32(raw, INPUT_BITS), 24);
  };
}

/**
 * int16, in every runtime: the input brought to thirds of Q3.12 and looked up in the interpolated table; Q0.15 out. Scales of
 * 2^-12 and 2^-11 need a shift only, others a truncated 15-bit multiplier. Source: kernels/activations.cc, SigmoidPrepare.
 */
function int16Codes(context: OperatorContext, kind: 'logistic' | 'tanh'): (code: number) => number {
  const { scale, zeroPoint } = context.affine(context.input(0));
  if (zeroPoint !== 0) throw context.malformed('ZERO_POINT', `an int16 input with zero point ${zeroPoint}`);
  const ofThirds = kind === 'logistic' ? sigmoidOfThirds : tanhOfThirds;
  const { multiplier, right } = thirdsOf(scale);
  const half = right > 0 ? 2 ** (right - 1) : 0;
  return (code) => ofThirds(Math.floor((code * multiplier + half) / 2 ** right));
}

/** scale * 3 * 4096 as multiplier / 2^right. */
function thirdsOf(scale: number): { readonly multiplier: number; readonly right: number } {
  const left = (powerOfTwoExponent(scale) ?? NaN) + 12;
  if (left === 0 || left === 1) return { multiplier: 3 << left, right: 0 };
  let factor = scale * 4096 * 3;
  let right = 0;
  while (factor <= 32767 / 2 && right <= 30) {
    factor *= 2;
    right += 1;
  }
  return { multiplier: Math.trunc(factor), right };
}

/** A function of single codes, computed once for every code of the type. */
export function codeTable(context: OperatorContext, type: 'int8' | 'uint8' | 'int16', codeOf: (code: number) => number): Kernel {
  const output = context.output();
  if (output.dtype !== type) throw context.unsupported(`output ${output.dtype} for input ${type} is not computed`);
  const [low, high] = RAILS[type];
  const table = newCodes(type, high - low + 1);
  for (let code = low; code <= high; code++) {
    const y = codeOf(code);
    table[code - low] = y < low ? low : y > high ? high : y;
  }
  return (operands) => {
    const x = context.required(operands, 0);
    const codes = x.data as Int8Array;
    const data = newCodes(type, codes.length);
    for (let i = 0; i < data.length; i++) data[i] = table[(codes[i] ?? 0) - low] ?? 0;
    return [{ dtype: type, shape: x.shape, data }];
  };
}

const RAILS = { int8: [-128, 127], uint8: [0, 255], int16: [-32768, 32767] } as const satisfies Partial<Record<DType, unknown>>;

function newCodes(type: keyof typeof RAILS, length: number): Int8Array | Uint8Array | Int16Array {
  return type === 'int8' ? new Int8Array(length) : type === 'uint8' ? new Uint8Array(length) : new Int16Array(length);
}

export const ACTIVATION_OPERATORS: Readonly<Record<string, KernelPreparer>> = {
  LOGISTIC: smooth(sigmoid, 'logistic'),
  TANH: smooth(Math.tanh, 'tanh'),
};
