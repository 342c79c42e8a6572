import { GATES, type Gate } from '../lstm/signals';
import { constantValues } from '../model/constants';
import type { Product } from './affineSum';
import type { GatePart } from './gatePart';
import type { HybridWeights, Int8Matrix } from './recognised';
import type { StepRoles } from './stepRoles';

type Kept = Extract<HybridWeights, { kind: 'kept' }>;

/**
 * The int8 matrices of a hybrid cell, cut into those of its gates, where the fused operator multiplies by them just as the file does:
 * by TensorFlow Lite's own kernels. XNNPACK's FULLY_CONNECTED rounds its data with a zero point whatever the file says, so that there
 * the two differ by that rounding.
 */
export function hybridWeights({ gates }: StepRoles): HybridWeights {
  const found: Partial<Record<Gate, Kept['gates'][Gate]>> = {};
  const products = GATES.flatMap((gate) => [gates[gate]?.input ?? [], gates[gate]?.recurrent ?? []].flat());
  const why = reasonToWiden(products);
  if (why !== null) return { kind: 'widened', why };
  for (const gate of GATES) {
    const source = gates[gate];
    if (source === null || source.recurrent === null)
      return { kind: 'widened', why: 'the recurrent weights of a gate are missing' };
    found[gate] = { input: rows(source.input, source.part), recurrent: rows(source.recurrent, source.part) };
  }
  return { kind: 'kept', gates: found as Kept['gates'], isAsymmetric: products[0]?.isAsymmetric === true };
}

function reasonToWiden(products: readonly Product[]): string | null {
  if (products.some(({ weights }) => weights.dtype !== 'int8')) return 'not all of its matrices are int8';
  if (products.some(({ weights }) => weights.quantization?.scales.length !== 1))
    return 'they have a scale for each row, and the fused operator takes one for each gate';
  if (products.some(({ weights }) => weights.quantization?.zeroPoints[0] !== 0))
    return 'they have a zero point, and the fused operator takes symmetric ones';
  if (products.some(({ count, weights }) => count !== weights.shape[1]))
    return 'one product of input and hidden value rounds both to 8 bits together, and the fused operator each alone';
  const [first] = products;
  return products.every(({ isAsymmetric }) => isAsymmetric === first?.isAsymmetric)
    ? null
    : 'its products round their data to 8 bits in two ways';
}

function rows({ weights, count }: Product, { offset, size }: GatePart): Int8Matrix {
  const codes = constantValues(weights) as Int8Array;
  return { codes: codes.slice(offset * count, (offset + size) * count), scale: weights.quantization?.scales[0] ?? 0 };
}
