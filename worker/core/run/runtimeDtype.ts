import type { Tensor } from '../model/model';
import type { DType } from '../model/dtype';
import type { Path } from './graphRunner';

/**
 * Type that a tensor's values have while a graph runs. The float path holds every quantized tensor as float32; half floats
 * are widened on every path, as the runtimes do when they read them.
 */
export function runtimeDtype(tensor: Tensor, path: Path): DType {
  if (tensor.dtype === 'float16' || tensor.dtype === 'bfloat16') return 'float32';
  if (path === 'float' && isQuantized(tensor)) return 'float32';
  return tensor.dtype;
}

/** Whether a tensor's integers stand for reals. */
export function isQuantized(tensor: Tensor): boolean {
  return tensor.quantization !== null && tensor.quantization.scales.length > 0 && tensor.dtype !== 'float32';
}
