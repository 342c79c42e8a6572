import { INTEGER_RAILS } from '../model/dtype';
import type { Tensor } from '../model/model';
import { dequantizeAll, quantizeAllRoundHalfAway, type IntegerArray } from '../quantization/affine';
import { allocate } from '../run/arrays';
import { isQuantized } from '../run/runtimeDtype';
import type { NumericArray } from '../run/value';
import type { Kernel, KernelPreparer, OperatorContext } from './operatorContext';
import { requantizerDoubleRounding } from './requantize';
import { rowMajorStrides } from './strided';

/** QUANTIZE: reals to codes, or codes of one scale to codes of another. On the float path values pass through. */
const prepareQuantize: KernelPreparer = (context): Kernel => {
  const input = context.input(0);
  const output = context.output();
  const type = context.dtype(input);
  if (context.dtype(output) === type && type === 'float32') return (operands) => [context.required(operands, 0)];
  return type === 'float32' ? quantizeReals(context, output) : requantizeCodes(context, input, output);
};

/** clamp(roundHalfAway(x / scale) + zeroPoint), in float32. */
function quantizeReals(context: OperatorContext, output: Tensor): Kernel {
  const parameters = context.affine(output);
  return (operands) => {
    const x = context.requiredFloat(operands, 0);
    const data = newCodes(context, output, x.data.length);
    return [{ dtype: output.dtype, shape: x.shape, data: quantizeAllRoundHalfAway(x.data, parameters, data) }];
  };
}

/** clamp(zeroPointOut + rescale(q - zeroPointIn)). Source: reference_ops::Requantize. */
function requantizeCodes(context: OperatorContext, input: Tensor, output: Tensor): Kernel {
  const from = context.affine(input);
  const to = context.affine(output);
  const rails = INTEGER_RAILS[output.dtype];
  if (rails === undefined || INTEGER_RAILS[input.dtype] === undefined) {
    throw context.unsupported(`${input.dtype} to ${output.dtype} is not computed`);
  }
  const factor = from.scale / to.scale;
  const rescale = requantizerDoubleRounding(factor);
  return (operands) => {
    const x = context.required(operands, 0);
    const codes = x.data as IntegerArray;
    const data = newCodes(context, output, codes.length);
    for (let i = 0; i < data.length; i++) {
      const code = rescale((codes[i] ?? 0) - from.zeroPoint) + to.zeroPoint;
      data[i] = code < rails[0] ? rails[0] : code > rails[1] ? rails[1] : code;
    }
    return [{ dtype: output.dtype, shape: x.shape, data }];
  };
}

/** DEQUANTIZE: scale * (q - zeroPoint), or half floats widened. Reals pass through. */
const prepareDequantize: KernelPreparer = (context): Kernel => {
  const input = context.input(0);
  if (context.dtype(input) === 'float32') return (operands) => [context.required(operands, 0)];
  if (!isQuantized(input)) throw context.malformed('QUANTIZATION_MISSING', `${input.name} has no scale`);
  if ((input.quantization?.scales.length ?? 0) > 1) return dequantizePerChannel(context, input);
  const parameters = context.affine(input);
  return (operands) => {
    const x = context.required(operands, 0);
    return [{ dtype: 'float32', shape: x.shape, data: dequantizeAll(x.data as IntegerArray, parameters) }];
  };
};

/** One scale per index of an axis. */
function dequantizePerChannel(context: OperatorContext, { name, quantization }: Tensor): Kernel {
  context.refuseOnTflm(true, 'one scale per channel here: it would use the first for all');
  const { scales, zeroPoints, axis } = quantization ?? { scales: [], zeroPoints: [], axis: 0 };
  return (operands) => {
    const x = context.required(operands, 0);
    if (x.shape[axis] !== scales.length)
      throw context.malformed('SCALES', `${name} has ${scales.length} scales along axis ${axis}`);
    const inner = rowMajorStrides(x.shape)[axis] ?? 1;
    const codes = x.data as IntegerArray;
    const data = new Float32Array(codes.length);
    for (let i = 0; i < data.length; i++) {
      const channel = Math.floor(i / inner) % scales.length;
      data[i] = (scales[channel] ?? 0) * ((codes[i] ?? 0) - (zeroPoints[channel] ?? 0));
    }
    return [{ dtype: 'float32', shape: x.shape, data }];
  };
}

function newCodes(context: OperatorContext, output: Tensor, length: number): IntegerArray {
  const data: NumericArray | null = INTEGER_RAILS[output.dtype] === undefined ? null : allocate(output.dtype, length);
  if (data === null) throw context.unsupported(`output ${output.dtype} is not computed`);
  return data as IntegerArray;
}

export const QUANTIZE_OPERATORS: Readonly<Record<string, KernelPreparer>> = {
  QUANTIZE: prepareQuantize,
  DEQUANTIZE: prepareDequantize,
};
