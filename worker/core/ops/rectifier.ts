import { INTEGER_RAILS } from '../model/dtype';
import { roundHalfAwayFromZero, type AffineParameters } from '../quantization/affine';
import { codeTable } from './activation';
import type { Kernel, KernelPreparer, OperatorContext } from './operatorContext';
import { broadcast } from './broadcast';
import { requantizerDoubleRounding } from './requantize';

/** RELU and its clamped relatives: limits as reals. Source of the integer form: kernels/activations.cc, QuantizedReluX. */
function rectifier(low: number, high: number): KernelPreparer {
  return (context): Kernel => {
    const type = context.dtype(context.input(0));
    if (type === 'float32') return realElements(context, (x) => (x < low ? low : x > high ? high : x));
    if (type !== 'int8' && type !== 'uint8' && type !== 'int16') throw context.unsupported(`${type} is not computed`);
    const x = context.affine(context.input(0));
    const y = context.affine(context.output());
    const rails = INTEGER_RAILS[type] ?? [-128, 127];
    const lowest = low === -Infinity ? rails[0] : Math.max(rails[0], y.zeroPoint + roundHalfAwayFromZero(low / y.scale));
    const highest = high === Infinity ? rails[1] : Math.min(rails[1], y.zeroPoint + roundHalfAwayFromZero(high / y.scale));
    if (context.options.persona === 'tflm' && high === 6) return clampWithoutRescale(context, type, x);
    const rescale = requantizerDoubleRounding(x.scale / y.scale);
    return codeTable(context, type, (code) => {
      const rescaled = rescale(code - x.zeroPoint) + y.zeroPoint;
      return rescaled < lowest ? lowest : rescaled > highest ? highest : rescaled;
    });
  };
}

/** RELU6 of TensorFlow Lite Micro takes the input's parameters for the output's: codes between 0 and 6 pass as they are. */
function clampWithoutRescale(context: OperatorContext, type: 'int8' | 'uint8' | 'int16', x: AffineParameters): Kernel {
  context.refuseOnTflm(type !== 'int8', type);
  const six = Math.min(127, x.zeroPoint + roundHalfAwayFromZero(6 / x.scale));
  return codeTable(context, type, (code) => Math.min(Math.max(code, x.zeroPoint), six));
}

/** LEAKY_RELU: x, or alpha * x below zero. Codes are rescaled by one factor on either side (reference/leaky_relu.h). */
const prepareLeakyRelu: KernelPreparer = (context): Kernel => {
  const alpha = context.numberOption('alpha');
  const type = context.dtype(context.input(0));
  if (type === 'float32') return realElements(context, (x) => (x < 0 ? x * alpha : x));
  if (type !== 'int8' && type !== 'uint8' && type !== 'int16') throw context.unsupported(`${type} is not computed`);
  const x = context.affine(context.input(0));
  const y = context.affine(context.output());
  const above = requantizerDoubleRounding(x.scale / y.scale);
  const below = requantizerDoubleRounding((x.scale * alpha) / y.scale);
  return codeTable(context, type, (code) => {
    const value = code - x.zeroPoint;
    return (value >= 0 ? above(value) : below(value)) + y.zeroPoint;
  });
};

/** HARD_SWISH: x * relu6(x + 3) / 6. */
const prepareHardSwish: KernelPreparer = (context): Kernel => {
  const real = (x: number) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6;
  const type = context.dtype(context.input(0));
  if (type === 'float32') return realElements(context, real);
  throw context.unsupported(`${type} is not computed`);
};

/** PRELU: x, or x times the slope of its channel below zero. */
const preparePrelu: KernelPreparer = (context): Kernel => {
  if (context.dtype(context.input(0)) !== 'float32') throw context.unsupported('quantized slopes are not computed');
  return (operands) => {
    const x = context.requiredFloat(operands, 0);
    const slope = context.requiredFloat(operands, 1);
    const { shape, forEach } = broadcast(context, x.shape, slope.shape);
    const data = new Float32Array(x.data.length);
    forEach((left, right, target) => {
      const value = x.data[left] ?? 0;
      data[target] = value < 0 ? value * (slope.data[right] ?? 0) : value;
    });
    return [{ dtype: 'float32', shape, data }];
  };
};

function realElements(context: OperatorContext, real: (x: number) => number): Kernel {
  return (operands) => {
    const x = context.requiredFloat(operands, 0);
    return [{ dtype: 'float32', shape: x.shape, data: x.data.map(real) }];
  };
}

export const RECTIFIER_OPERATORS: Readonly<Record<string, KernelPreparer>> = {
  RELU: rectifier(0, Infinity),
  RELU6: rectifier(0, 6),
  RELU_N1_TO_1: rectifier(-1, 1),
  RELU_0_TO_1: rectifier(0, 1),
  LEAKY_RELU: prepareLeakyRelu,
  HARD_SWISH: prepareHardSwish,
  PRELU: preparePrelu,
};
