import { INTEGER_RAILS } from '../model/dtype';
import type { Graph, Tensor } from '../model/model';
import { dequantizeAll, quantizeAllRoundHalfAway, quantizeAllRoundHalfToEven, type IntegerArray } from '../quantization/affine';
import { allocate, formatShape } from './arrays';
import type { InputRounding, Path } from './graphRunner';
import { InputShapeError } from './inputShapeError';
import { isQuantized, runtimeDtype } from './runtimeDtype';
import type { Value } from './value';

/**
 * One input of a graph as a path needs it.
 * Float data for an integer input is quantized with the input's scale and zero point (float32, clamped);
 * codes of the input's own type are taken as they are, and on the float path become reals.
 * @throws InputShapeError when rank, step size or type do not fit
 */
export function bindInput(
  graph: Graph,
  position: number,
  value: Value | undefined,
  path: Path,
  rounding: InputRounding = 'half-even',
): Value {
  const tensor = graph.tensors[graph.inputs[position] ?? -1];
  if (tensor === undefined || value === undefined) {
    throw new InputShapeError(`The model has ${graph.inputs.length} inputs; none was given for input ${position}`);
  }
  checkShape(tensor, value);
  return bindValue(tensor, value, path, rounding);
}

/** The same of values whose shape is not that of one call. @throws InputShapeError when the type does not fit */
export function bindValue(tensor: Tensor, value: Value, path: Path, rounding: InputRounding = 'half-even'): Value {
  const wanted = runtimeDtype(tensor, path);
  if (value.dtype === wanted) return value;
  if (isReal(value)) return realInput(tensor, value, wanted, rounding);
  if (value.dtype === tensor.dtype && wanted === 'float32') return { ...value, dtype: wanted, data: toReals(tensor, value) };
  if (wanted === 'float32' && !isQuantized(tensor) && value.dtype !== 'int8') {
    return { ...value, dtype: wanted, data: Float32Array.from(value.data as ArrayLike<number | bigint>, Number) };
  }
  if (wanted === 'bool' || wanted === 'int32' || wanted === 'int64') return integerInput(tensor, value, wanted);
  throw wrongType(tensor, value);
}

/** Codes of a tensor as reals: scale * (q - zeroPoint). Values of a tensor without parameters are taken as they are. */
export function toReals(tensor: Tensor, value: Value): Float32Array {
  const scale = tensor.quantization?.scales[0];
  const zeroPoint = tensor.quantization?.zeroPoints[0];
  if (value.data instanceof Float32Array) return value.data;
  if (scale === undefined || zeroPoint === undefined) {
    return Float32Array.from(value.data as ArrayLike<number | bigint>, Number);
  }
  return dequantizeAll(value.data as ArrayLike<number>, { scale, zeroPoint });
}

function isReal(value: Value): boolean {
  return value.dtype === 'float32' || value.dtype === 'float64';
}

function realInput(tensor: Tensor, value: Value, wanted: Value['dtype'], rounding: InputRounding): Value {
  if (wanted === 'float32') return { ...value, dtype: wanted, data: Float32Array.from(value.data as Float64Array) };
  const scale = tensor.quantization?.scales[0];
  const zeroPoint = tensor.quantization?.zeroPoints[0];
  const codes = allocate(wanted, value.data.length);
  if (scale !== undefined && zeroPoint !== undefined && INTEGER_RAILS[wanted] !== undefined && codes !== null) {
    const quantize = rounding === 'half-away' ? quantizeAllRoundHalfAway : quantizeAllRoundHalfToEven;
    quantize(value.data as Float32Array, { scale, zeroPoint }, codes as IntegerArray);
    return { ...value, dtype: wanted, data: codes };
  }
  return integerInput(tensor, value, wanted);
}

/** Whole numbers for an input without scale: indices, counts, flags. */
function integerInput(tensor: Tensor, value: Value, wanted: Value['dtype']): Value {
  const data = allocate(wanted, value.data.length);
  if (data === null) throw wrongType(tensor, value);
  const source = value.data as ArrayLike<number | bigint>;
  for (let i = 0; i < data.length; i++) {
    const number = Number(source[i]);
    if (!Number.isInteger(number)) throw wrongType(tensor, value);
    data[i] = wanted === 'int64' ? BigInt(number) : number;
    if (Number(data[i]) !== number) throw wrongType(tensor, value);
  }
  return { ...value, dtype: wanted, data };
}

function checkShape(tensor: Tensor, value: Value): void {
  const wanted = tensor.shapeSignature;
  const said = `Input ${tensor.name} takes ${formatShape(wanted)}; the data is ${formatShape(value.shape)}`;
  if (tensor.hasRank && value.shape.length !== wanted.length) throw new InputShapeError(said);
  const last = wanted.at(-1) ?? -1;
  if (wanted.length > 1 && last >= 0 && value.shape.at(-1) !== last) throw new InputShapeError(said);
}

function wrongType(tensor: Tensor, value: Value): InputShapeError {
  const codes = isQuantized(tensor) ? `${tensor.dtype} codes or float32 reals` : tensor.dtype;
  return new InputShapeError(`Input ${tensor.name} takes ${codes}; the data is ${value.dtype}`);
}
