import { Int8Matrix, VECTORS } from '../kernels/int8Matrix';
import type { RealMatrix } from '../lstm/float/floatParameters';
import { floatMatrix, hybridMatrix } from '../lstm/float/realMatrix';
import type { Tensor } from '../model/model';
import { elementCount, formatShape } from '../run/arrays';
import { atOnce } from '../run/atOnce';
import type { Value } from '../run/value';
import { clampAll, codeLimits, realLimits } from './fusedActivation';
import { gemmMatrix } from './gemmMatrix';
import type { Kernel, KernelPreparer, OperatorContext } from './operatorContext';
import { requantizerDoubleRounding, requantizerInt64, requantizerSingleRounding, type Requantize } from './requantize';

type Codes = Int8Array | Uint8Array | Int16Array;
type CodeType = 'int8' | 'uint8' | 'int16';

/**
 * FULLY_CONNECTED: y[b, u] = activation(sum over k of x[b, k] * w[u, k] + bias[u]); weights [units, depth], any leading axes.
 * Source of the arithmetic: TensorFlow Lite, kernels/fully_connected.cc, reference_ops and reference_integer_ops.
 */
const prepareFullyConnected: KernelPreparer = (context): Kernel => {
  const weights = context.input(1);
  const [units, depth] = weights.shape;
  if (weights.shape.length !== 2 || units === undefined || depth === undefined || depth === 0) {
    throw context.malformed('WEIGHTS_SHAPE', `weights are ${formatShape(weights.shape)}, not [units, depth]`);
  }
  if (context.nameOption('weights_format') === 'SHUFFLED4x16INT8') throw context.unsupported('shuffled weights are not computed');
  const layer: Layer = { context, weights, units, depth };
  const inputType = context.dtype(context.input(0));
  const weightType = context.dtype(weights);
  if (inputType === 'float32' && weightType === 'float32') {
    return realKernel(layer, (w) =>
      context.options.floatSums === 'calibrator'
        ? gemmMatrix(w as Float32Array, depth)
        : atOnce(floatMatrix([() => w as Float32Array], units, depth)),
    );
  }
  if (inputType === 'float32' && (weightType === 'int8' || weightType === 'int4')) return hybridKernel(layer);
  if (inputType === 'int8' || inputType === 'uint8' || inputType === 'int16') return integerKernel(layer, inputType);
  throw context.unsupported(`input ${inputType} with weights ${weightType} is not computed`);
};

interface Layer {
  readonly context: OperatorContext;
  readonly weights: Tensor;
  readonly units: number;
  readonly depth: number;
}

/**
 * Dynamic range: every row of the input is quantized on the fly, products are integers, sums float32:
 * bias + dot * (rowScale * weightScale).
 */
function hybridKernel(layer: Layer): Kernel {
  const { context, weights, units, depth } = layer;
  context.refuseOnTflm(true, 'float inputs with integer weights (hybrid)');
  const scales = weightScales(context, weights, units);
  const isAsymmetric = context.booleanOption('asymmetric_quantize_inputs');
  return realKernel(layer, (w) => atOnce(hybridMatrix(w as Int8Array, depth, scales, isAsymmetric)));
}

/** Float input and output; `pack` makes the matrix, once where the weights are constant. */
function realKernel({ context, units, depth }: Layer, pack: (weights: Value['data']) => RealMatrix): Kernel {
  const limits = realLimits(context);
  const constant = context.constant(1);
  const packed = constant === null ? null : pack(constant.data);
  const noBias = new Float32Array(units);
  return (operands) => {
    const x = context.requiredFloat(operands, 0);
    const matrix = packed ?? pack(context.required(operands, 1).data);
    const bias = operands[2] ? context.requiredFloat(operands, 2).data : noBias;
    const rows = rowsOf(context, x, depth);
    const y = new Float32Array(rows * units);
    matrix.multiply(x.data, 0, depth, rows, bias, y);
    return [{ dtype: 'float32', shape: outputShape(context, x, rows, units), data: clampAll(y, limits) }];
  };
}

/**
 * y = clamp(zeroPointY + rescale(bias + sum (x - zeroPointX) * (w - zeroPointW))), rescale by scaleX * scaleW / scaleY per unit.
 * TensorFlow Lite rounds once, TFLM twice, and TFLM rescales the int64 sums of int16 data by a 15-bit multiplier.
 */
function integerKernel(layer: Layer, inputType: CodeType): Kernel {
  const { context, units, depth } = layer;
  const output = context.output();
  if (output.dtype !== inputType) throw context.unsupported(`output ${output.dtype} for input ${inputType} is not computed`);
  context.refuseOnTflm(inputType === 'uint8', 'uint8');
  const x = context.affine(context.input(0));
  const y = context.affine(output);
  const limits = codeLimits(context, output);
  const rescales = rescalesOf(layer, inputType, x.scale, y.scale);
  const sums = sumsOfProducts(layer, inputType, x.zeroPoint);
  return (operands) => {
    const input = context.required(operands, 0);
    const bias = operands[2]?.data ?? null;
    const rows = rowsOf(context, input, depth);
    const acc = sums(input.data as Codes, context.required(operands, 1).data as Codes, rows);
    const data = newCodes(inputType, rows * units);
    for (let unit = 0; unit < units; unit++) {
      const rescale = rescales[unit] ?? Number;
      const start = Number(bias?.[unit] ?? 0);
      for (let index = unit; index < data.length; index += units) {
        const total = (acc[index] ?? 0) + start;
        const code = rescale(inputType === 'int16' ? total : total | 0) + y.zeroPoint;
        data[index] = code < limits[0] ? limits[0] : code > limits[1] ? limits[1] : code;
      }
    }
    return [{ dtype: inputType, shape: outputShape(context, input, rows, units), data }];
  };
}

function rescalesOf({ context, weights, units }: Layer, inputType: CodeType, scaleX: number, scaleY: number): Requantize[] {
  const make =
    context.options.persona !== 'tflm'
      ? requantizerSingleRounding
      : inputType === 'int16'
        ? requantizerInt64
        : requantizerDoubleRounding;
  const scales = weightScales(context, weights, units);
  if (scales.every((scale) => scale === scales[0])) {
    return new Array<Requantize>(units).fill(make(Math.fround(scaleX * (scales[0] ?? 0)) / scaleY));
  }
  return Array.from(scales, (scale) => make((scaleX * scale) / scaleY));
}

/** Sums of (x - zeroPointX) * (w - zeroPointW) for every row and unit, [rows, units]. */
type Sums = (x: Codes, w: Codes, rows: number) => Float64Array;

function sumsOfProducts({ context, weights, units, depth }: Layer, inputType: CodeType, zeroPoint: number): Sums {
  const weightZeroPoint = weights.quantization?.zeroPoints[0] ?? 0;
  const constant = context.constant(1)?.data;
  // Int8Matrix is exact up to 2^15 columns.
  if (inputType === 'int8' && weightZeroPoint === 0 && constant instanceof Int8Array && depth <= 32768) {
    return packedSums(atOnce(Int8Matrix.preparing(constant, units, depth)), constant, zeroPoint);
  }
  return (x, w, rows) => plainSums(x, w, rows, units, depth, zeroPoint, weightZeroPoint);
}

function packedSums(matrix: Int8Matrix, weights: Int8Array, zeroPoint: number): Sums {
  const { rows: units, columns: depth } = matrix;
  const fromZeroPoint = Float64Array.from({ length: units }, (_, unit) => {
    const row = weights.subarray(unit * depth, (unit + 1) * depth);
    return zeroPoint * row.reduce((sum, weight) => sum + weight, 0);
  });
  return (x, _, rows) => {
    const sums = new Float64Array(rows * units);
    for (let first = 0; first < rows; first += VECTORS) {
      const count = Math.min(VECTORS, rows - first);
      for (let v = 0; v < count; v++) matrix.codes(v).set(x.subarray((first + v) * depth, (first + v + 1) * depth));
      matrix.multiply(count);
      for (let v = 0; v < count; v++) {
        const dots = matrix.dots(v);
        const start = (first + v) * units;
        for (let unit = 0; unit < units; unit++) sums[start + unit] = (dots[unit] ?? 0) - (fromZeroPoint[unit] ?? 0);
      }
    }
    return sums;
  };
}

/** The same without kernels: float64 holds every sum of int16 times int8 exactly. */
function plainSums(
  x: Codes,
  w: Codes,
  rows: number,
  units: number,
  depth: number,
  zeroPoint: number,
  weightZeroPoint: number,
): Float64Array {
  const sums = new Float64Array(rows * units);
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++) {
      const xStart = row * depth;
      const wStart = unit * depth;
      let sum = 0;
      for (let k = 0; k < depth; k++) {
        sum += ((x[xStart + k] ?? 0) - zeroPoint) * ((w[wStart + k] ?? 0) - weightZeroPoint);
      }
      sums[row * units + unit] = sum;
    }
  }
  return sums;
}

function newCodes(type: CodeType, length: number): Codes {
  return type === 'int8' ? new Int8Array(length) : type === 'uint8' ? new Uint8Array(length) : new Int16Array(length);
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

/** `keep_num_dims` keeps the leading axes; else [rows, units]. */
function outputShape(context: OperatorContext, input: Value, rows: number, units: number): number[] {
  return context.booleanOption('keep_num_dims') ? [...input.shape.slice(0, -1), units] : [rows, units];
}

export const FULLY_CONNECTED_OPERATORS: Readonly<Record<string, KernelPreparer>> = {
  FULLY_CONNECTED: prepareFullyConnected,
};
