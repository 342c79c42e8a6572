import { ABSENT, type Graph, type Operator } from '../model/model';
import { elementCount } from '../run/arrays';
import type { WeightRails } from './ledger';

/** int8 matrices among an operator's constants: values at +-127, the ends of the symmetric range (and -128 below it). */
export function weightRailsOf(graph: Graph, operator: Operator): WeightRails | null {
  let count = 0;
  let values = 0;
  for (const index of new Set(operator.inputs)) {
    const tensor = index === ABSENT ? undefined : graph.tensors[index];
    if (tensor === undefined || tensor.data === null || tensor.dtype !== 'int8' || tensor.shape.length !== 2) continue;
    values += elementCount(tensor.shape);
    count += countRails(tensor.data);
  }
  return values === 0 ? null : { count, values };
}

/** Large models have tens of millions of them, and a report must not wait. */
function countRails(bytes: Uint8Array): number {
  let count = 0;
  // 127, -128 and -127 are 0x7f, 0x80 and 0x81.
  for (let k = 0; k < bytes.length; k++) if (((bytes[k]! - 0x7f) & 0xff) <= 2) count++;
  return count;
}
