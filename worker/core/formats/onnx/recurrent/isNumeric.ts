import { BITS_PER_ELEMENT, type DType } from '../../../model/dtype';

/** Whether a constant of this type has values that `constantValues` gives. */
export function isNumeric(dtype: DType): boolean {
  return BITS_PER_ELEMENT[dtype] > 0 && !dtype.startsWith('complex');
}
