import { constantValues } from '../model/constants';
import { ABSENT, type Graph, type Operator, type Tensor } from '../model/model';

/** Who computes and who reads each tensor of a graph. */
export class Dataflow {
  readonly graph: Graph;
  readonly #producers = new Map<number, Operator>();
  readonly #readers = new Map<number, Operator[]>();
  readonly #outputs: ReadonlySet<number>;

  constructor(graph: Graph) {
    this.graph = graph;
    this.#outputs = new Set(graph.outputs);
    for (const operator of graph.operators) {
      for (const output of operator.outputs) this.#producers.set(output, operator);
      for (const input of new Set(operator.inputs)) {
        const readers = this.#readers.get(input);
        if (readers === undefined) this.#readers.set(input, [operator]);
        else readers.push(operator);
      }
    }
  }

  producer(tensor: number): Operator | null {
    return this.#producers.get(tensor) ?? null;
  }

  readers(tensor: number): readonly Operator[] {
    return this.#readers.get(tensor) ?? [];
  }

  isOutput(tensor: number): boolean {
    return this.#outputs.has(tensor);
  }

  tensor(index: number): Tensor | null {
    return this.graph.tensors[index] ?? null;
  }

  shape(index: number): readonly number[] {
    return this.tensor(index)?.shape ?? [];
  }

  /** The constant that a tensor is, or is the dequantized or reshaped form of; null where it is computed. */
  constant(index: number): Tensor | null {
    const tensor = this.tensor(this.origin(index));
    return tensor === null || tensor.data === null || tensor.isVariable ? null : tensor;
  }

  /** Values of a small constant of integers, such as an axis or the bounds of a slice; null where it is none. */
  integers(index: number): readonly number[] | null {
    const tensor = this.tensor(index);
    if (tensor === null || (tensor.dtype !== 'int32' && tensor.dtype !== 'int64')) return null;
    if (tensor.data === null || tensor.data.length > 1024) return null;
    return Array.from(constantValues(tensor) as ArrayLike<number | bigint>, Number);
  }

  /** The first tensor, going back, that has the same values in the same order, in whatever shape and number format. */
  origin(index: number): number {
    return this.aliases(index).at(-1) ?? index;
  }

  /** The tensor itself, and then those that it hands on unchanged, back to the first. */
  aliases(index: number): readonly number[] {
    const path = [index];
    for (let from = this.#passedOn(index); from !== null && path.length <= this.graph.operators.length;) {
      path.push(from);
      from = this.#passedOn(from);
    }
    return path;
  }

  #passedOn(index: number): number | null {
    const operator = this.producer(index);
    return operator !== null && handsOn(operator) ? (operator.inputs[0] ?? ABSENT) : null;
  }
}

/** Whether an operator gives its first input's values on in the same order. */
function handsOn({ name, inputs, outputs }: Operator): boolean {
  switch (name) {
    case 'RESHAPE':
    case 'SQUEEZE':
    case 'EXPAND_DIMS':
    case 'QUANTIZE':
    case 'DEQUANTIZE':
      return true;
    case 'PACK':
    case 'CONCATENATION':
      return inputs.length === 1;
    case 'UNPACK':
      return outputs.length === 1;
    default:
      return false;
  }
}

export function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Whether an operator applies no activation of its own. */
export function isPlain({ options }: Operator): boolean {
  const activation = options['fused_activation_function'];
  return activation === undefined || activation === 'NONE';
}
