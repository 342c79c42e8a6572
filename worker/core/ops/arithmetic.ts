import type { DType } from '../model/dtype';
import { allocate, elementCount } from '../run/arrays';
import type { NumericArray, Value } from '../run/value';
import { broadcast } from './broadcast';
import { clampAll, codeLimits, realLimits } from './fusedActivation';
import type { Kernel, KernelPreparer, OperatorContext } from './operatorContext';
import { requantizerDoubleRounding } from './requantize';

/** Combines two codes, each already without its zero point, into a code of the output without clamp. */
type CombineCodes = (a: number, b: number) => number;

interface BinaryRule {
  readonly real: (a: number, b: number) => number;
  /** Prepared for quantized operands; null where there is no quantized form. */
  readonly codes: ((context: OperatorContext) => CombineCodes) | null;
}

/** Bits that ADD and SUB shift codes left by, so that rescaling to a common scale keeps precision. */
const LEFT_SHIFT: Readonly<Partial<Record<DType, number>>> = { int8: 20, uint8: 20, int16: 15 };

/**
 * Both operands are brought to twice the larger scale, added, and brought to the output's scale.
 * Source: TensorFlow Lite, kernels/add.cc and reference/integer_ops/add.h.
 */
function addCodes(sign: 1 | -1): (context: OperatorContext) => CombineCodes {
  return (context) => {
    const a = context.affine(context.input(0));
    const b = context.affine(context.input(1));
    const y = context.affine(context.output());
    const shift = LEFT_SHIFT[context.output().dtype] ?? 20;
    const common = 2 * Math.max(a.scale, b.scale);
    const rescaleA = requantizerDoubleRounding(a.scale / common);
    const rescaleB = requantizerDoubleRounding(b.scale / common);
    const rescale = requantizerDoubleRounding(common / (2 ** shift * y.scale));
    return (p, q) => rescale(rescaleA(p << shift) + sign * rescaleB(q << shift)) + y.zeroPoint;
  };
}

/** Source: TensorFlow Lite, kernels/mul.cc and reference/integer_ops/mul.h. */
function multiplyCodes(context: OperatorContext): CombineCodes {
  const a = context.affine(context.input(0));
  const b = context.affine(context.input(1));
  const y = context.affine(context.output());
  const rescale = requantizerDoubleRounding(Math.fround(Math.fround(a.scale * b.scale) / y.scale));
  return (p, q) => rescale(p * q) + y.zeroPoint;
}

function squaredDifference(a: number, b: number): number {
  const difference = Math.fround(a - b);
  return difference * difference;
}

/** Codes are in the order of the reals they stand for where all parameters agree. */
function orderOfCodes(pick: (a: number, b: number) => number): (context: OperatorContext) => CombineCodes {
  return (context) => {
    const tensors = [context.input(0), context.input(1), context.output()].map((tensor) => context.affine(tensor));
    const { scale, zeroPoint } = context.affine(context.output());
    if (tensors.some((own) => own.scale !== scale || own.zeroPoint !== zeroPoint)) {
      throw context.unsupported('operands with other parameters than the output are not computed');
    }
    return (p, q) => pick(p, q) + zeroPoint;
  };
}

const QUANTIZED: ReadonlySet<DType> = new Set(['int8', 'uint8', 'int16']);

function binary(rule: BinaryRule): KernelPreparer {
  return (context) => {
    const type = context.dtype(context.input(0));
    const other = context.dtype(context.input(1));
    if (type !== other) throw context.unsupported(`${type} with ${other} is not computed`);
    if (type === 'float32') return realKernel(context, rule.real);
    if (type === 'int32' || type === 'int64') return wholeKernel(context, rule.real, type);
    if (!QUANTIZED.has(type) || rule.codes === null) throw context.unsupported(`${type} is not computed`);
    return codeKernel(context, rule.codes(context), type);
  };
}

function realKernel(context: OperatorContext, real: BinaryRule['real']): Kernel {
  const limits = realLimits(context);
  return (operands) => {
    const a = context.requiredFloat(operands, 0);
    const b = context.requiredFloat(operands, 1);
    const { shape, forEach } = broadcast(context, a.shape, b.shape);
    const data = new Float32Array(elementCount(shape));
    forEach((left, right, target) => (data[target] = real(a.data[left] ?? 0, b.data[right] ?? 0)));
    return [{ dtype: 'float32', shape, data: clampAll(data, limits) }];
  };
}

/** Plain integers (shapes, counters); int32 wraps. */
function wholeKernel(context: OperatorContext, real: BinaryRule['real'], type: 'int32' | 'int64'): Kernel {
  return (operands) => {
    const a = context.required(operands, 0);
    const b = context.required(operands, 1);
    const { shape, forEach } = broadcast(context, a.shape, b.shape);
    const data = newArray(context, type, elementCount(shape));
    forEach((left, right, target) => {
      const value = Math.trunc(real(Number(a.data[left]), Number(b.data[right])));
      data[target] = type === 'int64' ? BigInt(value) : value | 0;
    });
    return [{ dtype: type, shape, data }];
  };
}

function codeKernel(context: OperatorContext, combine: CombineCodes, type: DType): Kernel {
  const output = context.output();
  if (output.dtype !== type) throw context.unsupported(`output ${output.dtype} for inputs ${type} is not computed`);
  context.refuseOnTflm(type === 'uint8', 'uint8');
  const { zeroPoint: zeroA } = context.affine(context.input(0));
  const { zeroPoint: zeroB } = context.affine(context.input(1));
  const [low, high] = codeLimits(context, output);
  return (operands) => {
    const a: Value = context.required(operands, 0);
    const b: Value = context.required(operands, 1);
    const left = a.data as Int8Array;
    const right = b.data as Int8Array;
    const { shape, forEach } = broadcast(context, a.shape, b.shape);
    const data = newArray(context, type, elementCount(shape));
    forEach((i, j, target) => {
      const code = combine((left[i] ?? 0) - zeroA, (right[j] ?? 0) - zeroB);
      data[target] = code < low ? low : code > high ? high : code;
    });
    return [{ dtype: type, shape, data }];
  };
}

function newArray(context: OperatorContext, type: DType, length: number): NumericArray {
  const data = allocate(type, length);
  if (data === null) throw context.unsupported(`${type} is not computed`);
  return data;
}

export const ARITHMETIC_OPERATORS: Readonly<Record<string, KernelPreparer>> = {
  ADD: binary({ real: (a, b) => a + b, codes: addCodes(1) }),
  SUB: binary({ real: (a, b) => a - b, codes: addCodes(-1) }),
  MUL: binary({ real: (a, b) => a * b, codes: multiplyCodes }),
  DIV: binary({ real: (a, b) => a / b, codes: null }),
  FLOOR_DIV: binary({ real: (a, b) => Math.floor(a / b), codes: null }),
  FLOOR_MOD: binary({ real: (a, b) => a - Math.floor(a / b) * b, codes: null }),
  POW: binary({ real: Math.pow, codes: null }),
  SQUARED_DIFFERENCE: binary({ real: squaredDifference, codes: null }),
  MAXIMUM: binary({ real: Math.max, codes: orderOfCodes(Math.max) }),
  MINIMUM: binary({ real: Math.min, codes: orderOfCodes(Math.min) }),
};
