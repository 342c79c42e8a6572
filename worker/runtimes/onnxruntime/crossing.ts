import type { DType } from '../../core/model/dtype';
import { float16ToFloat32 } from '../../core/model/smallFloats';
import type { NumericArray, Value } from '../../core/run/value';
import { toFloat16 } from './halfFloats';
import type { OrtTensor, OrtType } from './protocol';

const CROSSING: ReadonlySet<string> = new Set<OrtType>([
  'float16',
  'float32',
  'float64',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'bool',
]);

/** Whether values of a type can be handed to ONNX Runtime and back; names are the same on both sides. */
export function crosses(type: string): type is OrtType {
  return CROSSING.has(type);
}

/**
 * A copy that can be given away.
 * @param type the value's own, or `float16` for reals that are half floats in the file: each becomes the nearest one
 */
export function toOrt({ shape, data }: Value, type: OrtType): OrtTensor {
  if (type === 'float16') return { type, shape, data: toFloat16(data as Float32Array) };
  return { type, shape, data: data.slice() };
}

/** Half floats are widened, as they are everywhere in this engine; all other types stay. */
export function fromOrt({ type, shape, data }: OrtTensor): Value {
  if (type !== 'float16') return { dtype: type, shape, data: data as NumericArray };
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { dtype: 'float32', shape, data: float16ToFloat32(bytes, data.length) };
}

/** Type that an operand has on ONNX Runtime's side: half floats are half floats there. */
export function ortTypeOf(value: Value, declared: DType | null): DType {
  return declared === 'float16' && value.dtype === 'float32' ? 'float16' : value.dtype;
}
