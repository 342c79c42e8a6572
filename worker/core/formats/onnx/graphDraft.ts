import type { DType } from '../../model/dtype';
import { ABSENT, type Graph, type Operator, type Quantization, type Tensor } from '../../model/model';
import { grouped } from '../../wording';
import { ModelFormatError } from '../modelFormatError';
import type { OnnxNode, OnnxTensor, OnnxValue } from './proto/messages';
import type { Known } from './shapes/operand';

/** Functions that call functions multiply: a small file must not become a graph of any size. */
const MAX_TENSORS = 2_000_000;

type Draft<T> = { -readonly [K in keyof T]: T[K] };
type TensorDraft = Draft<Tensor>;
export type OperatorDraft = Draft<Operator>;

/** Numbers the constants of all graphs of a model, as buffers of a file are numbered. */
export interface BufferCount {
  last: number;
}

/** A graph while it is put together: tensors by index, and what is known of their values. */
export class GraphDraft {
  readonly tensors: TensorDraft[] = [];
  readonly operators: OperatorDraft[] = [];
  inputs: number[] = [];
  outputs: number[] = [];
  readonly known = new Map<number, Known>();
  /** The node behind a computed tensor, and its inputs. */
  readonly producers = new Map<number, { readonly node: OnnxNode; readonly inputs: readonly number[] }>();

  constructor(
    readonly index: number,
    readonly name: string,
    private readonly buffers: BufferCount,
  ) {}

  /** @param buffer of a constant that is the same under another shape */
  constant(tensor: Omit<OnnxTensor, 'name'>, name: string, buffer?: number): number {
    const index = this.add(name, tensor.dtype, tensor.shape, tensor.offset);
    this.fill(index, tensor.data, buffer);
    return index;
  }

  /** Makes a tensor a constant. */
  fill(index: number, data: Uint8Array, buffer = ++this.buffers.last): void {
    const tensor = this.tensors[index];
    if (tensor !== undefined) Object.assign(tensor, { data, buffer, shapeSignature: tensor.shape });
  }

  /** @param shape -1 for open sizes; null where nothing is known */
  add(name: string, dtype: DType, shape: readonly number[] | null, offset: number | null): number {
    const index = this.tensors.length;
    if (index >= MAX_TENSORS) {
      throw new ModelFormatError(
        'TOO_MANY_TENSORS',
        'The graph has too many tensors.',
        offset,
        `${grouped(MAX_TENSORS)} tensors`,
      );
    }
    this.tensors.push({
      index,
      name,
      dtype,
      ...shapes(shape),
      quantization: null as Quantization | null,
      range: null,
      isVariable: false,
      sparsity: null,
      data: null,
      buffer: 0,
    });
    return index;
  }

  /** Completes what is known of a tensor by what the file says of a value of that name; sizes that it leaves open stay. */
  describe(index: number, value: OnnxValue | undefined): void {
    const tensor = this.tensors[index];
    if (tensor === undefined || value === undefined || tensor.data !== null) return;
    if (value.dtype !== 'unknown') tensor.dtype = value.dtype;
    if (value.shape === null) return;
    const before = tensor.hasRank && tensor.shape.length === value.shape.length ? tensor.shapeSignature : null;
    Object.assign(tensor, shapes(value.shape.map((size, axis) => (size < 0 ? (before?.[axis] ?? -1) : size))));
  }

  /** The graph, without operators that nothing needs any more. */
  finish(unneeded: ReadonlySet<OperatorDraft>): Graph {
    const operators = this.operators.filter((operator) => !unneeded.has(operator));
    for (const [index, operator] of operators.entries()) operator.index = index;
    const { index, name, tensors, inputs, outputs } = this;
    return { index, name, tensors, operators, inputs, outputs };
  }
}

function shapes(shape: readonly number[] | null): Pick<Tensor, 'shape' | 'shapeSignature' | 'hasRank'> {
  return {
    shape: shape === null ? [] : shape.map((size) => (size < 0 ? 1 : size)),
    shapeSignature: shape ?? [],
    hasRank: shape !== null,
  };
}

/** Names of a graph and of the graphs around it. */
export class Scope {
  private readonly names = new Map<string, number>();

  constructor(
    private readonly outer: { find(name: string): number | null } | null,
    private readonly values: ReadonlyMap<string, OnnxValue>,
  ) {}

  /** @throws ModelFormatError where the name is given twice */
  declare(name: string, index: number, offset: number): void {
    if (this.names.has(name)) {
      const message = `The value ${name} is given twice.`;
      throw new ModelFormatError('DUPLICATE_VALUE', message, offset, 'one node, input or constant for every name');
    }
    this.names.set(name, index);
  }

  has(name: string): boolean {
    return this.names.has(name);
  }

  find(name: string): number | null {
    if (name === '') return ABSENT;
    return this.names.get(name) ?? this.outer?.find(name) ?? null;
  }

  describes(name: string): OnnxValue | undefined {
    return this.values.get(name);
  }
}
