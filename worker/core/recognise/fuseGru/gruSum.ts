import { realConstant } from '../../model/constants';
import { ABSENT, type Operator, type Tensor } from '../../model/model';
import { type Dataflow, isPlain } from '../dataflow';
import { gatePart } from '../gatePart';

/** Rows of a constant matrix times one source. */
export interface GruProduct {
  /** The values multiplied, as the first tensor that has them. */
  readonly source: number;
  readonly weights: Tensor;
  /** First row, and how many. */
  readonly offset: number;
  readonly size: number;
  /** Hybrid: the operator quantizes its data with a zero point. */
  readonly isAsymmetric: boolean;
}

/** What a gate sums up before its activation. */
export interface GruSum {
  readonly products: readonly GruProduct[];
  /** All constants together; 0 where there are none. */
  readonly bias: Float32Array;
  /** How far two such sums of constants may differ and mean the same: an int8 model stores one bias at several scales. */
  readonly slack: number;
  /** Products of two computed values in it: a GRU that resets after its product has one. */
  readonly multiplied: readonly Operator[];
}

/** Sums nest no deeper in any cell. */
const MOST_TERMS = 16;

/** A part of a tensor's last axis. */
interface Part {
  readonly tensor: number;
  readonly offset: number;
}

/** What a tensor of `size` values in a row is as a sum; null where it is anything else. */
export function gruSum(flow: Dataflow, tensor: number, size: number): GruSum | null {
  const products: GruProduct[] = [];
  const multiplied: Operator[] = [];
  const bias = new Float32Array(size);
  let slack = 0;
  const open: Part[] = [{ tensor, offset: 0 }];
  for (let taken = 0; open.length > 0; taken++) {
    const part = taken > MOST_TERMS ? undefined : open.pop();
    if (part === undefined) return null;
    const { packed, offset } = gatePart(flow, part.tensor);
    const from = part.offset + offset;
    const constant = flow.constant(packed);
    const operator = flow.producer(packed);
    if (constant !== null) {
      if (!addConstant(flow, constant, from, bias)) return null;
      slack += constant.dtype === 'float32' ? 0 : (constant.quantization?.scales[0] ?? 0);
    } else if (operator === null || !isPlain(operator)) return null;
    else if (operator.name === 'ADD') open.push(...operator.inputs.map((term) => ({ tensor: term, offset: from })));
    else if (operator.name === 'FULLY_CONNECTED') {
      const product = productOf(flow, operator, from, size);
      if (product === null) return null;
      products.push(product);
      const [, , biases = ABSENT] = operator.inputs;
      if (biases !== ABSENT) open.push({ tensor: biases, offset: from });
    } else if (operator.name === 'MUL' && from === 0) multiplied.push(operator);
    else return null;
  }
  return { products, bias, slack, multiplied };
}

function productOf(flow: Dataflow, { inputs, options }: Operator, offset: number, size: number): GruProduct | null {
  const [source = ABSENT, matrix = ABSENT] = inputs;
  const weights = flow.constant(matrix);
  if (weights?.shape.length !== 2 || offset + size > (weights.shape[0] ?? 0)) return null;
  return {
    source: flow.origin(source),
    weights,
    offset,
    size,
    isAsymmetric: options['asymmetric_quantize_inputs'] === true,
  };
}

/** Adds `bias.length` values from `offset` on of a constant row; false where it is none. */
function addConstant(flow: Dataflow, constant: Tensor, offset: number, bias: Float32Array): boolean {
  const values = realConstant(constant, flow.graph);
  if (values.length !== (constant.shape.at(-1) ?? 1) || offset + bias.length > values.length) return false;
  for (let k = 0; k < bias.length; k++) bias[k]! += values[offset + k]!;
  return true;
}
