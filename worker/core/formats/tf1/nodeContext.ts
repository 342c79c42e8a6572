import { numbersOf } from './constants';
import type { Folding } from './folding';
import type { BuiltOperator, GraphBuilder } from './graphBuilder';
import { keyOf, nameOf, type TfNode, type TfRef } from './graphDef';

/** A node that cannot be converted, and why. */
export class NotConverted extends Error {
  override readonly name = 'NotConverted';

  constructor(
    readonly node: TfNode,
    readonly reason: string,
  ) {
    super(`${node.op}, ${node.name}: ${reason}`);
  }
}

/** What the conversion of all nodes of a graph shares. */
export interface Conversion {
  readonly folding: Folding;
  readonly builder: GraphBuilder;
  /** Tensors of values that are converted. */
  readonly tensors: Map<string, number>;
  /** How many nodes read a value; an output of the graph counts as one. */
  readonly readers: ReadonlyMap<string, number>;
}

/** Values of a float32 constant. */
interface FloatConstant {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** One node that is being converted, with its inputs as tensors of the new graph. */
export class NodeContext {
  constructor(
    readonly node: TfNode,
    private readonly conversion: Conversion,
  ) {}

  get builder(): GraphBuilder {
    return this.conversion.builder;
  }

  get folding(): Folding {
    return this.conversion.folding;
  }

  refuse(reason: string): never {
    throw new NotConverted(this.node, reason);
  }

  ref(position: number): TfRef {
    return this.node.inputs[position] ?? this.refuse(`has no input ${position}`);
  }

  /** The tensor of an input; a constant becomes one of the new graph, under its own name. */
  input(position: number): number {
    return this.tensorOf(this.ref(position));
  }

  tensorOf(ref: TfRef): number {
    const origin = this.folding.origin(ref);
    const known = this.conversion.tensors.get(keyOf(ref)) ?? this.conversion.tensors.get(keyOf(origin));
    if (known !== undefined) return known;
    const constant = this.folding.constant(origin);
    if (constant === null) return this.refuse(`reads ${nameOf(ref)}, which is not converted`);
    const tensor = this.builder.constant(origin.node.name, constant.dtype, constant.shape, constant.data);
    this.conversion.tensors.set(keyOf(origin), tensor);
    return tensor;
  }

  shape(position: number): readonly number[] {
    return this.builder.shape(this.input(position));
  }

  floats(position: number, what: string): FloatConstant {
    return this.floatsOf(this.ref(position), what);
  }

  floatsOf(ref: TfRef, what: string): FloatConstant {
    const constant = this.folding.constant(ref) ?? this.refuse(`its ${what} is computed at run time`);
    if (constant.dtype !== 'float32') this.refuse(`its ${what} is ${constant.dtype}, not float32`);
    return { shape: constant.shape, values: Float32Array.from(numbersOf(constant) ?? []) };
  }

  integers(position: number, what: string): readonly number[] {
    return this.folding.integers(this.ref(position)) ?? this.refuse(`its ${what} is computed at run time`);
  }

  /** An axis from the front, 0 to rank - 1. */
  axis(position: number, rank: number): number {
    const axis = this.integers(position, 'axis')[0] ?? NaN;
    const counted = axis < 0 ? axis + rank : axis;
    if (!(counted >= 0 && counted < rank)) this.refuse(`its axis ${axis} is outside of rank ${rank}`);
    return counted;
  }

  /** A new tensor for one of the node's outputs, of the type of its first input where none is given. */
  output(shape: readonly number[], output = 0, dtype = this.builder.dtype(this.input(0))): number {
    const ref = { node: this.node, output };
    const tensor = this.builder.value(nameOf(ref), shape, dtype);
    this.conversion.tensors.set(keyOf(ref), tensor);
    return tensor;
  }

  emit(name: string, inputs: number[], shape: readonly number[], options: BuiltOperator['options'] = {}): void {
    this.builder.emit(name, inputs, [this.output(shape)], options);
  }

  /** The node's value is one that is there already. */
  alias(tensor: number): void {
    this.conversion.tensors.set(keyOf({ node: this.node, output: 0 }), tensor);
  }

  /** The operator that gives an input to this node alone, so that it may do this node's work too. */
  soleWriter(position: number): BuiltOperator | null {
    return this.isReadOnce(this.ref(position)) ? this.builder.writer(this.input(position)) : null;
  }

  isReadOnce(ref: TfRef): boolean {
    return this.conversion.readers.get(keyOf(this.folding.origin(ref))) === 1;
  }

  /** The node's work is done by the operator before: its result is the node's. */
  absorbed(position: number): void {
    const before = this.input(position);
    this.builder.redirect(before, this.output(this.builder.shape(before)));
  }

  /** Sizes of two operands after broadcasting. */
  broadcast(a: readonly number[], b: readonly number[]): readonly number[] {
    const rank = Math.max(a.length, b.length);
    const at = (shape: readonly number[], axis: number) => shape[axis - rank + shape.length] ?? 1;
    return Array.from({ length: rank }, (_, axis) => {
      const [x, y] = [at(a, axis), at(b, axis)];
      if (x !== y && x !== 1 && y !== 1) this.refuse(`its operands have ${x} and ${y} elements along an axis`);
      return x === 1 ? y : x;
    });
  }
}

/** Converts one kind of node. */
export type NodeConverter = (context: NodeContext) => void;
