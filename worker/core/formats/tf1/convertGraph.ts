import type { Graph } from '../../model/model';
import { ModelFormatError } from '../modelFormatError';
import { counted, listed } from '../../wording';
import { typeOfCode } from './constants';
import { CONVOLUTION } from './convert/convolution';
import { DENSE } from './convert/dense';
import { ELEMENTWISE } from './convert/elementwise';
import { LAYOUT } from './convert/layout';
import { LoopSequences } from './convert/lstm';
import { Folding, passesOn } from './folding';
import { FRONT_END, type FrontEnd, frontEndOf } from './frontEnd';
import { GraphBuilder } from './graphBuilder';
import { keyOf, type TfGraph, type TfNode, type TfRef } from './graphDef';
import { findLoops, type Loops } from './loops';
import { type Conversion, NodeContext, type NodeConverter, NotConverted } from './nodeContext';

/** A TensorFlow 1 graph as TensorFlow Lite operators. */
export interface ConvertedGraph {
  readonly graph: Graph;
  /** What the model's input takes the place of; null where its inputs are the graph's own. */
  readonly frontEnd: FrontEnd | null;
  /** Operators of the file that have no part in the new graph, most frequent first. */
  readonly notShown: readonly { readonly op: string; readonly count: number }[];
  /** Results of the file that the new graph does not have, and why. */
  readonly left: readonly { readonly name: string; readonly reason: string }[];
}

const CONVERTERS: Readonly<Record<string, NodeConverter>> = { ...DENSE, ...ELEMENTWISE, ...LAYOUT, ...CONVOLUTION };
/** Nodes that give no result of the network, though nobody reads them. */
const NO_RESULT: ReadonlySet<string> = new Set(['Const', 'NoOp', 'Placeholder', 'Assert', 'Print', 'SaveV2', 'Exit']);
const VARIABLES: ReadonlySet<string> = new Set(['Variable', 'VariableV2', 'VarHandleOp', 'AutoReloadVariable']);
/** DataType codes of sizes and axes. */
const [TYPE_INT32, TYPE_INT64] = [3, 9];
/** Names in one message. */
const MOST_NAMED = 8;

/**
 * Converts what leads to the graph's results. A loop of LSTM cells becomes UNIDIRECTIONAL_SEQUENCE_LSTM; audio operators at the
 * beginning are left out, and what they give becomes the input.
 * @throws ModelFormatError naming what cannot be converted, where no result of the graph can
 */
export function convertGraph(source: TfGraph): ConvertedGraph {
  const converter = new GraphConverter(source);
  return converter.convert();
}

class GraphConverter {
  readonly #builder = new GraphBuilder();
  readonly #tensors = new Map<string, number>();
  readonly #readers = new Map<string, number>();
  readonly #folding: Folding;
  readonly #loops: Loops;
  readonly #sequences = new LoopSequences();
  readonly #conversion: Conversion;
  readonly #inputs: number[] = [];
  readonly #frontEnds = new Map<TfNode, FrontEnd>();
  readonly #converted = new Set<TfNode>();

  constructor(private readonly source: TfGraph) {
    this.#folding = new Folding(source.nodes.length, (ref) => {
      const tensor = this.#tensors.get(keyOf(ref));
      return tensor === undefined ? null : this.#builder.shape(tensor);
    });
    this.#loops = findLoops(source.nodes, this.#folding);
    this.#conversion = { folding: this.#folding, builder: this.#builder, tensors: this.#tensors, readers: this.#readers };
  }

  convert(): ConvertedGraph {
    const results = this.#results();
    const refusals = new Map<TfNode, NotConverted>();
    const outputs: number[] = [];
    const taken: TfNode[] = [];
    for (const { result, order } of this.#ordered(results, refusals)) {
      try {
        for (const node of order) this.#convertNode(node);
        outputs.push(new NodeContext(result, this.#conversion).tensorOf({ node: result, output: 0 }));
        taken.push(result);
      } catch (error) {
        if (!(error instanceof NotConverted)) throw error;
        refusals.set(result, error);
      }
    }
    const [first] = refusals.values();
    if (outputs.length === 0) throw refusedError(this.source, first);
    const graph = this.#builder.finish(this.#inputs, outputs);
    const [frontEnd = null] = this.#frontEnds.values();
    const left = [...refusals].map(([{ name }, { message }]) => ({ name, reason: message }));
    return { graph, frontEnd, notShown: this.#notShown(taken), left };
  }

  /** Nodes that nobody reads. */
  #results(): readonly TfNode[] {
    const read = new Set(this.source.nodes.flatMap(({ inputs }) => inputs.map(({ node }) => node)));
    return this.source.nodes.filter((node) => !read.has(node) && !NO_RESULT.has(node.op));
  }

  /** The nodes behind each result in the order of their data, and how often each value is read. */
  #ordered(
    results: readonly TfNode[],
    refusals: Map<TfNode, NotConverted>,
  ): { readonly result: TfNode; readonly order: readonly TfNode[] }[] {
    const orders = results.flatMap((result) => {
      try {
        const order = this.#order(result);
        const unknown = order.find((node) => this.#isUnknown(node));
        if (unknown === undefined) return [{ result, order }];
        throw new NotConverted(unknown, this.#whyUnknown(unknown, order));
      } catch (error) {
        if (!(error instanceof NotConverted)) throw error;
        refusals.set(result, error);
        return [];
      }
    });
    const nodes = new Set(orders.flatMap(({ order }) => order));
    const count = (ref: TfRef) => {
      const key = keyOf(this.#folding.origin(ref));
      this.#readers.set(key, (this.#readers.get(key) ?? 0) + 1);
    };
    for (const node of nodes) if (!passesOn(node)) this.#dependencies(node).forEach(count);
    for (const { result } of orders) count({ node: result, output: 0 });
    return orders;
  }

  #order(result: TfNode): readonly TfNode[] {
    const order: TfNode[] = [];
    const state = new Map<TfNode, 'open' | 'placed'>();
    const stack = [result];
    for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
      const before = state.has(node) ? [] : this.#dependencies(node).map((ref) => ref.node);
      const cycle = before.find((other) => state.get(other) === 'open');
      if (cycle !== undefined) throw new NotConverted(cycle, 'it is part of a loop that is not recognised');
      if (!state.has(node)) state.set(node, 'open');
      const waiting = before.filter((other) => !state.has(other));
      if (waiting.length > 0) {
        stack.push(...waiting);
        continue;
      }
      stack.pop();
      if (state.get(node) === 'placed') continue;
      state.set(node, 'placed');
      order.push(node);
    }
    return order;
  }

  /** What has to be converted before a node. */
  #dependencies(node: TfNode): readonly TfRef[] {
    if (FRONT_END.has(node.op) || this.#loops.refused.has(node)) return [];
    const result = this.#loops.results.get(node);
    if (result === undefined) return node.inputs;
    return result.loop.cells.flatMap(({ source, firstHidden, firstCell }) => [
      ...('sequence' in source ? [source.sequence] : []),
      firstHidden,
      firstCell,
    ]);
  }

  #isUnknown(node: TfNode): boolean {
    const { op } = node;
    if (this.#loops.results.has(node) || FRONT_END.has(op) || op === 'Placeholder' || passesOn(node)) return false;
    return CONVERTERS[op] === undefined && !Folding.knows(op);
  }

  #whyUnknown(node: TfNode, order: readonly TfNode[]): string {
    const loop = this.#loops.refused.get(node);
    if (loop !== undefined) return `the loop that it leads out of is not converted: ${loop}`;
    if (VARIABLES.has(node.op))
      return 'its value stands in a checkpoint: freeze the graph, which puts constants in the place of variables';
    const ops = [...new Set(order.filter((other) => this.#isUnknown(other)).map(({ op }) => op))];
    const more = ops.length > MOST_NAMED ? ` and ${ops.length - MOST_NAMED} more` : '';
    return `there is no conversion of ${listed(ops.slice(0, MOST_NAMED))}${more}`;
  }

  #convertNode(node: TfNode): void {
    if (this.#converted.has(node)) return;
    this.#converted.add(node);
    const context = new NodeContext(node, this.#conversion);
    const result = this.#loops.results.get(node);
    const converter = CONVERTERS[node.op];
    if (result !== undefined) this.#sequences.convert(context, result);
    else if (FRONT_END.has(node.op)) this.#addFrontEnd(context);
    else if (node.op === 'Placeholder') this.#addPlaceholder(context);
    // What is a size or an axis is looked up by those who read it.
    else if (converter !== undefined && !this.#isKnownList(node)) converter(context);
  }

  /** Whether a node that could be converted only works out integers, such as a shape. */
  #isKnownList(node: TfNode): boolean {
    const isOfIntegers = [TYPE_INT32, TYPE_INT64].includes(node.attributes.type('T'));
    return isOfIntegers && Folding.knows(node.op) && this.#folding.integers({ node, output: 0 }) !== null;
  }

  #addFrontEnd(context: NodeContext): void {
    const frontEnd = frontEndOf(context.node);
    if (typeof frontEnd === 'string') return context.refuse(frontEnd);
    this.#frontEnds.set(context.node, frontEnd);
    this.#inputs.push(context.output(frontEnd.shape, 0, 'float32'));
  }

  /** An open first axis is the batch, and is 1. */
  #addPlaceholder(context: NodeContext): void {
    const { attributes } = context.node;
    const shape = attributes.shape('shape')?.map((size, axis) => (axis === 0 && size === -1 ? 1 : size)) ?? null;
    const dtype = typeOfCode(attributes.type('dtype'));
    if (shape === null) context.refuse('its shape is not known');
    else if (shape.some((size) => size < 1)) context.refuse(`its shape is open: [${shape.join(', ')}]`);
    else if (!['float32', 'int32', 'int64', 'uint8', 'bool'].includes(dtype)) context.refuse(`it takes ${dtype}`);
    else this.#inputs.push(context.output(shape, 0, dtype));
  }

  /** Operators that nothing shown stands for: the front end's own, and what leads to no result. */
  #notShown(taken: readonly TfNode[]): ConvertedGraph['notShown'] {
    const shown = new Set<TfNode>();
    const open = [...taken];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (shown.has(node) || FRONT_END.has(node.op)) continue;
      shown.add(node);
      open.push(...node.inputs.map((ref) => ref.node));
    }
    const counts = new Map<string, number>();
    for (const node of this.source.nodes) {
      if (shown.has(node) || node.op === 'Const' || node.op === 'NoOp' || passesOn(node)) continue;
      counts.set(node.op, (counts.get(node.op) ?? 0) + 1);
    }
    return [...counts].map(([op, count]) => ({ op, count })).sort((a, b) => b.count - a.count);
  }
}

function refusedError({ nodes }: TfGraph, first: NotConverted | undefined): ModelFormatError {
  const limit = `operators of an LSTM or feed-forward network: ${Object.keys(CONVERTERS).sort().join(', ')}`;
  if (first === undefined) {
    const message = `This TensorFlow graph of ${counted(nodes.length, 'node')} computes nothing: no node gives a result.`;
    return new ModelFormatError('TF1_NO_RESULT', message, 0, limit);
  }
  const message = `This TensorFlow graph cannot be converted: ${first.message}.`;
  return new ModelFormatError('TF1_NOT_CONVERTED', message, first.node.offset, limit);
}
