import { ABSENT, type Tensor } from '../model/model';
import { type Dataflow, isPlain } from './dataflow';

/** A matrix product, or a part of one: columns `from` to `from + count` of constant weights, times one source. */
export interface Product {
  /** The values multiplied, as the first tensor that has them. */
  readonly source: number;
  /** The same values as the operator reads them, or as they are joined with others before it. */
  readonly read: number;
  /** [rows, columns]. */
  readonly weights: Tensor;
  readonly from: number;
  readonly count: number;
  /** Where the weights are integers: the operator quantizes its data with a zero point, not symmetrically. */
  readonly isAsymmetric: boolean;
  /** The products of the parts, where the source is several tensors side by side. */
  readonly parts: readonly Product[];
}

/** A sum of matrix products and constants. */
export interface AffineSum {
  readonly products: readonly Product[];
  readonly constants: readonly Tensor[];
}

/** Sums nest no deeper in any cell. */
const MOST_TERMS = 16;

/** What a tensor is as a sum of products with constant weights; null where it is anything else. */
export function affineSum(flow: Dataflow, tensor: number): AffineSum | null {
  const products: Product[] = [];
  const constants: Tensor[] = [];
  const open = [tensor];
  for (let taken = 0; open.length > 0; taken++) {
    if (taken > MOST_TERMS) return null;
    const index = flow.origin(open.pop() ?? ABSENT);
    const constant = flow.constant(index);
    const operator = flow.producer(index);
    if (constant !== null) constants.push(constant);
    else if (operator?.name === 'ADD' && isPlain(operator)) open.push(...operator.inputs);
    else if (operator?.name === 'FULLY_CONNECTED' && isPlain(operator)) {
      const [source = ABSENT, matrix = ABSENT, bias = ABSENT] = operator.inputs;
      const weights = flow.constant(matrix);
      if (weights?.shape.length !== 2) return null;
      products.push(productOf(flow, source, weights, operator.options['asymmetric_quantize_inputs'] === true));
      if (bias !== ABSENT) open.push(bias);
    } else return null;
  }
  return { products, constants };
}

function productOf(flow: Dataflow, read: number, weights: Tensor, isAsymmetric: boolean): Product {
  const source = flow.origin(read);
  const whole = { source, read, weights, from: 0, count: weights.shape[1] ?? 0, isAsymmetric, parts: [] };
  const joined = flow.producer(source);
  if (joined?.name !== 'CONCATENATION' || !isLastAxis(joined.options['axis'], flow.shape(source).length)) return whole;
  let from = 0;
  const parts = joined.inputs.map((part) => {
    const count = flow.shape(part).at(-1) ?? 0;
    from += count;
    return { source: flow.origin(part), read: part, weights, from: from - count, count, isAsymmetric, parts: [] };
  });
  return { ...whole, parts };
}

export function isLastAxis(axis: unknown, rank: number): boolean {
  return axis === -1 || axis === rank - 1;
}
