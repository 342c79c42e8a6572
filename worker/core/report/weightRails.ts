import { ABSENT, type Graph, type Operator } from '../model/model';
import { countRailsInt8 } from '../kernels/sumInt8';
import { elementCount } from '../run/arrays';
import type { WeightRails } from './ledgerRows';

/** int8 matrices among an operator's constants: values at +-127, the ends of the symmetric range (and -128 below it). */
export function weightRailsOf(graph: Graph, operator: Operator): WeightRails | null {
  let count = 0;
  let values = 0;
  for (const index of new Set(operator.inputs)) {
    const tensor = index === ABSENT ? undefined : graph.tensors[index];
    if (tensor === undefined || tensor.data === null || tensor.dtype !== 'int8' || tensor.shape.length !== 2) continue;
    values += elementCount(tensor.shape);
    const { buffer, byteOffset, length } = tensor.data;
    count += countRailsInt8(new Int8Array(buffer, byteOffset, length));
  }
  return values === 0 ? null : { count, values };
}
