import type { Tensor } from '../model/model';
import { elementCount, formatShape } from '../run/arrays';
import type { Value } from '../run/value';
import { clampAll, codeLimits, realLimits } from './fusedActivation';
import { quantizeRowSymmetric } from './hybridRows';
import type { Kernel, KernelPreparer, OperatorContext } from './operatorContext';
import { requantizerDoubleRounding, requantizerInt64, requantizerSingleRounding, type Requantize } from './requantize';

type Codes = Int8Array | Uint8Array | Int16Array;

/**
 * FULLY_CONNECTED: y[b, u] = activation(sum over k of x[b, k] * w[u, k] + bias[u]); weights [units, depth], any leading axes.
 * Source of the arithmetic: TensorFlow Lite, kernels/fully_connected.cc and reference_ops / reference_integer_ops.
 */
function prepareFullyConnected(context: OperatorContext): Kernel {
  const weights = context.input(1);
  const [units, depth] = weights.shape;
  if (weights.shape.length !== 2 || units === undefined || depth === undefined || depth === 0) {
    throw context.malformed('WEIGHTS_SHAPE', `weights are ${formatShape(weights.shape)}, not [units, depth]`);
  }
  if (context.nameOption('weights_format') === 'SHUFFLED4x16INT8') throw context.unsupported('shuffled weights are not computed');
  const layer: Layer = { context, weights, units, depth };
  const inputType = context.dtype(context.input(0));
  const weightType = context.dtype(weights);
  if (inputType === 'float32' && weightType === 'float32') return floatKernel(layer);
  if (inputType === 'float32' && (weightType === 'int8' || weightType === 'int4')) return hybridKernel(layer);
  if (inputType === 'int8' || inputType === 'uint8' || inputType === 'int16') return integerKernel(layer, inputType);
  throw context.unsupported(`input ${inputType} with weights ${weightType} is not computed`);
}

interface Layer {
  readonly context: OperatorContext;
  readonly weights: Tensor;
  readonly units: number;
  readonly depth: number;
}

/** Sums in float64, rounded to float32 once: the runtimes' float32 sums differ from it, and from each other, in the last bits. */
function floatKernel({ context, units, depth }: Layer): Kernel {
  const limits = realLimits(context);
  return (operands) => {
    const x = context.requiredFloat(operands, 0);
    const w = context.requiredFloat(operands, 1).data;
    const bias = operands[2]?.data ?? null;
    const rows = rowsOf(context, x, depth);
    const y = new Float32Array(rows * units);
    for (let row = 0; row < rows; row++) {
      for (let unit = 0; unit < units; unit++) {
        let sum = Number(bias?.[unit] ?? 0);
        const xStart = row * depth;
        const wStart = unit * depth;
        for (let k = 0; k < depth; k++) sum += (x.data[xStart + k] ?? 0) * (w[wStart + k] ?? 0);
        y[row * units + unit] = sum;
      }
    }
    return [{ dtype: 'float32', shape: outputShape(context, x, rows, units), data: clampAll(y, limits) }];
  };
}

/**
 * Dynamic range: every row of the input is quantized on the fly (symmetric, int8), products are integers, the sum is
 * float32: bias + dot * (rowScale * weightScale). A row of zeroes gives the bias.
 */
function hybridKernel({ context, weights, units, depth }: Layer): Kernel {
  if (context.options.persona === 'tflm') throw context.unsupported('TFLM refuses float inputs with int8 weights (hybrid)');
  if (context.booleanOption('asymmetric_quantize_inputs'))
    throw context.unsupported('asymmetric input quantization is not computed');
  const scales = weightScales(context, weights, units);
  const limits = realLimits(context);
  return (operands) => {
    const x = context.requiredFloat(operands, 0);
    const w = context.required(operands, 1).data as Int8Array;
    const bias = operands[2]?.data ?? null;
    const rows = rowsOf(context, x, depth);
    const y = new Float32Array(rows * units);
    const codes = new Int8Array(depth);
    for (let row = 0; row < rows; row++) {
      const rowScale = quantizeRowSymmetric(x.data, row * depth, codes);
      for (let unit = 0; unit < units; unit++) {
        const start = Number(bias?.[unit] ?? 0);
        if (rowScale === 0) {
          y[row * units + unit] = start;
          continue;
        }
        let dot = 0;
        const wStart = unit * depth;
        for (let k = 0; k < depth; k++) dot += (codes[k] ?? 0) * (w[wStart + k] ?? 0);
        y[row * units + unit] = start + Math.fround(dot * Math.fround(rowScale * (scales[unit] ?? 0)));
      }
    }
    return [{ dtype: 'float32', shape: outputShape(context, x, rows, units), data: clampAll(y, limits) }];
  };
}

/**
 * y = clamp(zeroPointY + rescale(bias + sum (x - zeroPointX) * (w - zeroPointW))), rescale by scaleX * scaleW / scaleY per unit.
 * int8 and uint8: int32 sums. int16: int64 sums, held exactly in float64, and the 15-bit multiplier.
 */
function integerKernel({ context, weights, units, depth }: Layer, inputType: 'int8' | 'uint8' | 'int16'): Kernel {
  const output = context.output();
  if (output.dtype !== inputType) throw context.unsupported(`output ${output.dtype} for input ${inputType} is not computed`);
  const x = context.affine(context.input(0));
  const y = context.affine(output);
  const scales = weightScales(context, weights, units);
  const weightZeroPoint = weights.quantization?.zeroPoints[0] ?? 0;
  const limits = codeLimits(context, output);
  const perUnit = scales.length > 1 && new Set(scales).size > 1;
  const rescales: Requantize[] = Array.from({ length: perUnit ? units : 1 }, (_, unit) => {
    const factor = (x.scale * (scales[unit] ?? 0)) / y.scale;
    if (inputType === 'int16') return requantizerInt64(factor);
    return context.options.persona === 'tflm' ? requantizerDoubleRounding(factor) : requantizerSingleRounding(factor);
  });
  return (operands) => {
    const input = context.required(operands, 0);
    const codes = input.data as Codes;
    const w = context.required(operands, 1).data as Codes;
    const bias = operands[2]?.data ?? null;
    const rows = rowsOf(context, input, depth);
    const data = inputType === 'int8' ? new Int8Array(rows * units) : inputType === 'uint8' ? new Uint8Array(rows * units) : new Int16Array(rows * units); // prettier-ignore
    for (let unit = 0; unit < units; unit++) {
      const rescale = rescales[perUnit ? unit : 0] ?? ((value: number) => value);
      const wStart = unit * depth;
      const start = Number(bias?.[unit] ?? 0);
      for (let row = 0; row < rows; row++) {
        const xStart = row * depth;
        let sum = 0;
        for (let k = 0; k < depth; k++) {
          sum += ((codes[xStart + k] ?? 0) - x.zeroPoint) * ((w[wStart + k] ?? 0) - weightZeroPoint);
        }
        const code = rescale(inputType === 'int16' ? sum + start : (sum + start) | 0) + y.zeroPoint;
        data[row * units + unit] = code < limits[0] ? limits[0] : code > limits[1] ? limits[1] : code;
      }
    }
    return [{ dtype: inputType, shape: outputShape(context, input, rows, units), data }];
  };
}

/** One scale per unit, whether the file has one or one for each. */
function weightScales(context: OperatorContext, weights: Tensor, units: number): Float32Array {
  const scales = weights.quantization?.scales ?? new Float32Array();
  if (scales.length === units && units > 0) return scales;
  if (scales.length === 1) return new Float32Array(units).fill(scales[0] ?? 0);
  throw context.malformed('WEIGHT_SCALES', `weights have ${scales.length} scales for ${units} units`);
}

function rowsOf(context: OperatorContext, input: Value, depth: number): number {
  const rows = elementCount(input.shape) / depth;
  if (Number.isInteger(rows)) return rows;
  throw context.misfit(`${formatShape(input.shape)} does not divide into rows of ${depth} values`);
}

/** `keep_num_dims` keeps the leading axes, which needs the last one to be the depth; else [rows, units]. */
function outputShape(context: OperatorContext, input: Value, rows: number, units: number): number[] {
  return context.booleanOption('keep_num_dims') ? [...input.shape.slice(0, -1), units] : [rows, units];
}

export const FULLY_CONNECTED_OPERATORS: Readonly<Record<string, KernelPreparer>> = {
  FULLY_CONNECTED: prepareFullyConnected,
};
