import type { Tensor } from '../model/model';
import { formatShape } from '../run/arrays';
import type { Value } from '../run/value';
import { centred, convolve, convolveDepthwise, type Centred, type ConvolutionShape } from './convolve';
import { clampAll, codeLimits, realLimits, type Limits } from './fusedActivation';
import type { Kernel, KernelPreparer, OperatorContext } from './operatorContext';
import { requantizerDoubleRounding, requantizerInt64, type Requantize } from './requantize';
import { windowAxis } from './window';

type Codes = Int8Array | Uint8Array | Int16Array;

/** Constant filters of at most so many values are kept as reals beside their codes: to convert them takes as long as one small image. */
const MOST_KEPT = 2 ** 18;

/** What CONV_2D and DEPTHWISE_CONV_2D share: NHWC images, a filter, one scale per output channel. */
interface Convolution {
  readonly context: OperatorContext;
  readonly filter: Tensor;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly outputChannels: number;
  /** Each input channel has filters of its own. */
  readonly isDepthwise: boolean;
}

/**
 * CONV_2D (filter [out, height, width, in]) and DEPTHWISE_CONV_2D (filter [1, height, width, out], out = in * multiplier),
 * float, int8 and int16 per channel, uint8 per tensor. Source: TensorFlow Lite, reference/conv.h, integer_ops/conv.h.
 */
function prepareConvolution(isDepthwise: boolean): KernelPreparer {
  return (context) => {
    const filter = context.input(1);
    const [first, filterHeight, filterWidth, last] = filter.shape;
    if (
      filter.shape.length !== 4 ||
      first === undefined ||
      filterHeight === undefined ||
      filterWidth === undefined ||
      last === undefined
    ) {
      throw context.malformed('FILTER_SHAPE', `the filter is ${formatShape(filter.shape)}, not of 4 axes`);
    }
    const layer = { context, filter, filterHeight, filterWidth, outputChannels: isDepthwise ? last : first, isDepthwise };
    const type = context.dtype(context.input(0));
    const filterType = context.dtype(filter);
    if (type === 'float32' && filterType === 'float32') return floatKernel(layer);
    if ((type === 'int8' || type === 'int16') && filterType === 'int8') return integerKernel(layer, type);
    if (type === 'uint8' && filterType === 'uint8') return integerKernel(layer, type);
    throw context.unsupported(`input ${type} with a filter of ${filterType} is not computed`);
  };
}

function floatKernel(layer: Convolution): Kernel {
  const { context } = layer;
  const limits = realLimits(context);
  return (operands) => {
    const x = context.requiredFloat(operands, 0);
    const w = context.requiredFloat(operands, 1).data;
    const bias = operands[2]?.data ?? null;
    const shape = geometry(layer, x);
    const data = new Float32Array(shape.count);
    const sums = sumsOf(layer, shape, { values: x.data, zeroPoint: 0 }, { values: w, zeroPoint: 0 });
    let channel = 0;
    for (let i = 0; i < data.length; i++) {
      data[i] = (sums[i] ?? 0) + Number(bias?.[channel] ?? 0);
      if (++channel === layer.outputChannels) channel = 0;
    }
    return [{ dtype: 'float32', shape: shape.output, data: clampAll(data, limits) }];
  };
}

function integerKernel(layer: Convolution, type: 'int8' | 'uint8' | 'int16'): Kernel {
  const { context, filter, outputChannels } = layer;
  context.refuseOnTflm(type === 'uint8', 'uint8');
  const output = context.output();
  if (output.dtype !== type) throw context.unsupported(`output ${output.dtype} for input ${type} is not computed`);
  const x = context.affine(context.input(0));
  const y = context.affine(output);
  const scales = filter.quantization?.scales ?? new Float32Array();
  if (scales.length !== 1 && scales.length !== outputChannels) {
    throw context.malformed('FILTER_SCALES', `the filter has ${scales.length} scales for ${outputChannels} channels`);
  }
  const filterZeroPoint = type === 'uint8' ? (filter.quantization?.zeroPoints[0] ?? 0) : 0;
  const limits: Limits = codeLimits(context, output);
  const rescales = Array.from({ length: outputChannels }, (_, channel): Requantize => {
    const product = x.scale * (scales[scales.length === 1 ? 0 : channel] ?? 0);
    const factor = (type === 'uint8' ? Math.fround(product) : product) / y.scale;
    return type === 'int16' ? requantizerInt64(factor) : requantizerDoubleRounding(factor);
  });
  let kept: Centred | null = null;
  const weightsOf = (values: Codes): Centred => {
    const given = { values, zeroPoint: filterZeroPoint };
    if (filter.data === null || values.length > MOST_KEPT) return given;
    return (kept ??= centred(given));
  };
  return (operands) => {
    const input = context.required(operands, 0);
    const w = context.required(operands, 1).data as Codes;
    const bias = operands[2]?.data ?? null;
    const shape = geometry(layer, input);
    const data = type === 'int8' ? new Int8Array(shape.count) : type === 'uint8' ? new Uint8Array(shape.count) : new Int16Array(shape.count); // prettier-ignore
    const sums = sumsOf(layer, shape, { values: input.data as Codes, zeroPoint: x.zeroPoint }, weightsOf(w));
    let channel = 0;
    for (let i = 0; i < data.length; i++) {
      const total = (sums[i] ?? 0) + Number(bias?.[channel] ?? 0);
      const code = (rescales[channel]?.(type === 'int16' ? total : total | 0) ?? 0) + y.zeroPoint;
      data[i] = code < limits[0] ? limits[0] : code > limits[1] ? limits[1] : code;
      if (++channel === outputChannels) channel = 0;
    }
    return [{ dtype: type, shape: shape.output, data }];
  };
}

interface Geometry extends ConvolutionShape {
  readonly output: readonly number[];
  readonly count: number;
}

function geometry(layer: Convolution, input: Value): Geometry {
  const { context, filter, filterHeight, filterWidth, outputChannels, isDepthwise } = layer;
  const [batch, inputHeight, inputWidth, inputChannels] = input.shape;
  if (batch === undefined || inputHeight === undefined || inputWidth === undefined || inputChannels === undefined) {
    throw context.misfit(`the input is ${formatShape(input.shape)}, not of 4 axes`);
  }
  const perFilter = isDepthwise ? 1 : (filter.shape[3] ?? 1);
  if (isDepthwise ? outputChannels % inputChannels !== 0 : inputChannels % perFilter !== 0) {
    throw context.misfit(`a filter of ${formatShape(filter.shape)} does not fit an input of ${formatShape(input.shape)}`);
  }
  const rows = windowAxis(context, 'h', inputHeight, filterHeight);
  const columns = windowAxis(context, 'w', inputWidth, filterWidth);
  const output = [batch, rows.size, columns.size, outputChannels];
  const count = batch * rows.size * columns.size * outputChannels;
  return {
    batch,
    inputHeight,
    inputWidth,
    inputChannels,
    filterHeight,
    filterWidth,
    outputChannels,
    rows,
    columns,
    output,
    count,
  };
}

function sumsOf({ isDepthwise, filter }: Convolution, shape: Geometry, x: Centred, w: Centred): Float64Array {
  return isDepthwise ? convolveDepthwise(shape, x, w) : convolve(shape, x, w, filter.shape[3] ?? 1);
}

export const CONVOLUTION_OPERATORS: Readonly<Record<string, KernelPreparer>> = {
  CONV_2D: prepareConvolution(false),
  DEPTHWISE_CONV_2D: prepareConvolution(true),
};
