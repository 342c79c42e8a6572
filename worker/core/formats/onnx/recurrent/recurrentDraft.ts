import type { DType } from '../../../model/dtype';
import { ABSENT, type Graph, type Operator, type OptionValue, type Tensor } from '../../../model/model';
import { WireMessage } from '../proto/wire';
import { NODE } from '../schema';
import { FoldedConstants, type Folded } from './foldedConstants';

/** Why a recurrent operator stays ONNX Runtime's. */
export class NotLowered extends Error {
  override readonly name = 'NotLowered';
}

/** A graph whose recurrent operators are being put in this engine's form: tensors are added, none is taken away. */
export class RecurrentDraft {
  readonly tensors: Tensor[];
  readonly constants: FoldedConstants;
  private readonly names: Set<string>;

  constructor(
    private readonly graph: Graph,
    /** Version of ONNX's own operator set. */
    readonly opset: number,
  ) {
    this.tensors = [...graph.tensors];
    this.constants = new FoldedConstants(graph);
    this.names = new Set(graph.tensors.map(({ name }) => name));
  }

  tensor(index: number | undefined): Tensor | null {
    return this.tensors[index ?? ABSENT] ?? null;
  }

  /** A float32 constant. */
  constant(name: string, shape: readonly number[], values: Float32Array): number {
    return this.add(name, 'float32', shape, { data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) });
  }

  int64Constant(name: string, values: readonly number[], shape: readonly number[] = [values.length]): number {
    const stored = BigInt64Array.from(values, BigInt);
    return this.add(name, 'int64', shape, { data: new Uint8Array(stored.buffer) });
  }

  /** @param shape -1 for open sizes; null where nothing is known */
  add(
    name: string,
    dtype: DType,
    shape: readonly number[] | null,
    more: Partial<Pick<Tensor, 'data' | 'isVariable' | 'quantization'>> = {},
  ): number {
    const index = this.tensors.length;
    this.tensors.push({
      index,
      name: this.freeName(name),
      dtype,
      shape: (shape ?? []).map((size) => (size < 0 ? 1 : size)),
      shapeSignature: shape ?? [],
      hasRank: shape !== null,
      quantization: null,
      range: null,
      isVariable: false,
      sparsity: null,
      data: null,
      // Constants have a number of their own, as those that the reader makes.
      buffer: (more.data ?? null) === null ? 0 : index + 1,
      ...more,
    });
    return index;
  }

  /** Says what is known of a value's shape where the file says nothing. */
  describe(index: number, shape: readonly number[] | null): void {
    const tensor = this.tensors[index];
    if (tensor === undefined || tensor.hasRank || shape === null) return;
    this.tensors[index] = {
      ...tensor,
      shape: shape.map((size) => (size < 0 ? 1 : size)),
      shapeSignature: shape,
      hasRank: true,
      dtype: tensor.dtype === 'unknown' ? 'float32' : tensor.dtype,
    };
  }

  /**
   * Reals of a constant operand.
   * @throws NotLowered where it is absent, computed at run time, or has other than so many values
   */
  reals(operator: Operator, position: number, count: number, what: string): Float32Array {
    const values = this.optionalReals(operator, position, count, what);
    if (values === null) throw new NotLowered(`${what} is missing`);
    return values;
  }

  /** Null where it is absent. @throws NotLowered as `reals` */
  optionalReals(operator: Operator, position: number, count: number, what: string): Float32Array | null {
    const index = operator.inputs[position] ?? ABSENT;
    if (index === ABSENT) return null;
    const folded = this.constants.of(index);
    if (folded === null) throw new NotLowered(`${what} is computed at run time`);
    if (!(folded.values instanceof Float32Array)) throw new NotLowered(`${what} is ${this.tensors[index]?.dtype ?? 'no number'}`);
    if (folded.values.length !== count) throw new NotLowered(`${what} has ${folded.values.length} values, not ${count}`);
    return folded.values;
  }

  /** The constant that a tensor is; null where it is computed at run time. */
  folded(index: number): Folded | null {
    return this.constants.of(index);
  }

  /** The graph with other operators, without what only made constants that nothing reads any more, and without those constants. */
  finish(operators: readonly Operator[]): Graph {
    const { folded } = this.constants;
    const kept: Operator[] = [];
    const read = new Set(this.graph.outputs);
    for (const operator of [...operators].reverse()) {
      if (folded.has(operator) && !operator.outputs.some((output) => read.has(output))) continue;
      for (const input of operator.inputs) read.add(input);
      kept.push(operator);
    }
    return withoutUnused({ ...this.graph, tensors: this.tensors, operators: kept.reverse() }, usedTensors(this.graph));
  }

  private freeName(name: string): string {
    let free = name;
    for (let next = 2; this.names.has(free); next++) free = `${name}_${next}`;
    this.names.add(free);
    return free;
  }
}

function usedTensors({ tensors, operators, inputs, outputs }: Graph): Set<number> {
  const scales = tensors.flatMap(({ quantization }) => {
    const blocks = quantization?.blockwise ?? null;
    return blocks === null ? [] : [blocks.scalesTensor, blocks.zeroPointsTensor];
  });
  const operands = operators.flatMap((operator) => [...operator.inputs, ...operator.outputs, ...operator.intermediates]);
  return new Set([...inputs, ...outputs, ...operands, ...scales]);
}

/** Tensors and operators numbered anew, without tensors that were used before and are not any more. */
function withoutUnused(graph: Graph, before: ReadonlySet<number>): Graph {
  const used = usedTensors(graph);
  const kept = graph.tensors.filter(({ index }) => used.has(index) || !before.has(index));
  const places = new Map(kept.map(({ index }, place) => [index, place]));
  const place = (index: number): number => places.get(index) ?? ABSENT;
  return {
    ...graph,
    tensors: kept.map((tensor, index) => ({ ...tensor, index, quantization: renumbered(tensor.quantization, place) })),
    operators: graph.operators.map((operator, index) => ({
      ...operator,
      index,
      inputs: operator.inputs.map(place),
      outputs: operator.outputs.map(place),
      intermediates: operator.intermediates.map(place),
    })),
    inputs: graph.inputs.map(place),
    outputs: graph.outputs.map(place),
  };
}

function renumbered(quantization: Tensor['quantization'], place: (index: number) => number): Tensor['quantization'] {
  if (quantization === null || quantization.blockwise === null) return quantization;
  const { scalesTensor, zeroPointsTensor } = quantization.blockwise;
  const blockwise = { ...quantization.blockwise, scalesTensor: place(scalesTensor), zeroPointsTensor: place(zeroPointsTensor) };
  return { ...quantization, blockwise };
}

/** The node's own name, else that of its first output: what an operator is known by. */
export function nameOf(draft: RecurrentDraft, { node, outputs }: Operator): string {
  return (
    (node === undefined ? '' : nodeName(node)) || (outputs.map((output) => draft.tensor(output)?.name ?? '').find(Boolean) ?? '')
  );
}

function nodeName(node: Uint8Array): string {
  const message = WireMessage.ofFile(node, 'the node');
  for (const field of message.fields()) if (field.number === NODE.name) return message.text(field);
  return '';
}

/** An operator that the file does not have. */
export function madeOperator(
  name: string,
  version: number,
  inputs: readonly number[],
  outputs: readonly number[],
  options: Readonly<Record<string, OptionValue>>,
): Operator {
  return { index: 0, name, customCode: null, version, inputs, outputs, intermediates: [], options };
}
