import { constantValues } from '../../model/constants';
import { BITS_PER_ELEMENT } from '../../model/dtype';
import { ABSENT, type Graph, type Operator, type OptionValue } from '../../model/model';
import { elementCount } from '../../run/arrays';
import { ModelFormatError } from '../modelFormatError';
import { evaluate, type Known, type Operand } from './evaluate';
import { GraphDraft, type OperatorDraft, Scope } from './graphDraft';
import { inferType } from './inferTypes';
import type { OnnxAttribute, OnnxFunction, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './proto/messages';

const MAX_KNOWN_ELEMENTS = 1024;
/** Functions may call functions; ONNX forbids that they call themselves, which is not looked for otherwise. */
const MAX_CALL_DEPTH = 32;

/** Values that inputs are taken to have where they decide which graph of an If runs, by the input's name. */
export type Assumptions = Readonly<Record<string, number>>;

/** An If that was decided while reading. */
export interface TakenBranch {
  readonly node: string;
  readonly isThen: boolean;
  /** Inputs whose assumed value decided it; empty where the file alone does. */
  readonly assumed: readonly string[];
}

export interface BuiltGraphs {
  readonly graphs: readonly Graph[];
  readonly branches: readonly TakenBranch[];
  /** Inputs that were given a value, and are no inputs any more. */
  readonly assumed: Readonly<Record<string, number>>;
  /** Operators left out because they only decided branches. */
  readonly leftOut: number;
}

/**
 * Makes graphs of tensors and operators by index out of ONNX's graphs by name. Constant nodes become constants, identities of
 * constants are folded, the taken branch of an If that can be decided is put in its place. Every other graph inside a node
 * becomes a graph of its own, named in the operator's options as `<attribute>_subgraph`.
 * @throws ModelFormatError where names do not fit together
 */
export function buildGraphs(model: OnnxModel, assumptions: Assumptions): BuiltGraphs {
  const builder = new GraphBuilder(model, assumptions);
  builder.build(model.graph, null);
  const graphs = builder.finished.map((graph, index) => {
    if (graph === null)
      throw new ModelFormatError('GRAPH_UNFINISHED', `Graph ${index} refers to itself.`, null, 'graphs without cycles');
    return graph;
  });
  return { graphs, branches: builder.branches, assumed: Object.fromEntries(builder.assumed), leftOut: builder.leftOut };
}

class GraphBuilder {
  readonly finished: (Graph | null)[] = [];
  readonly branches: TakenBranch[] = [];
  readonly assumed = new Map<string, number>();
  leftOut = 0;
  private readonly functions: ReadonlyMap<string, OnnxFunction>;

  constructor(
    private readonly model: OnnxModel,
    private readonly assumptions: Assumptions,
  ) {
    this.functions = new Map(model.functions.map((entry) => [functionKey(entry.domain, entry.name, entry.overload), entry]));
  }

  /**
   * @param outer finds the index of a value of the graph around, by capturing it as a further input; null for the main graph
   * @returns the graph's index
   */
  build(graph: OnnxGraph, outer: ((draft: GraphDraft, name: string) => number | null) | null): number {
    const draft = new GraphDraft(this.finished.length, graph.name);
    this.finished.push(null);
    const scope = new Scope(outer === null ? null : { find: (name) => outer(draft, name) }, valuesOf(graph));
    this.addConstants(draft, scope, graph);
    for (const input of graph.inputs) {
      // Up to IR version 3 every constant is listed as an input too; later it is a default, which is what is taken.
      if (scope.has(input.name) && graph.initializers.some(({ name }) => name === input.name)) continue;
      const index = draft.add(input.name, input.dtype, input.shape, input.offset);
      scope.declare(input.name, index, input.offset);
      draft.inputs.push(index);
      if (outer === null) this.assume(draft, input, index);
    }
    for (const node of graph.nodes) this.addNode(draft, scope, node, 0);
    draft.outputs.push(...graph.outputs.map((output) => this.outputIndex(scope, output)));
    for (const [i, output] of graph.outputs.entries()) draft.describe(draft.outputs[i] ?? ABSENT, output);
    if (outer === null) this.settleAssumed(draft);
    const unneeded = this.unneeded(draft);
    this.leftOut += unneeded.size;
    this.finished[draft.index] = draft.finish(unneeded);
    return draft.index;
  }

  private addConstants(draft: GraphDraft, scope: Scope, graph: OnnxGraph): void {
    for (const tensor of graph.initializers) scope.declare(tensor.name, draft.constant(tensor, tensor.name), tensor.offset);
  }

  private assume(draft: GraphDraft, input: OnnxValue, index: number): void {
    const value = Object.hasOwn(this.assumptions, input.name) ? this.assumptions[input.name] : undefined;
    const isSingle = input.shape !== null && input.shape.every((size) => size === 1 || size === -1);
    if (value === undefined || !isSingle || !/^u?int/.test(input.dtype)) return;
    const shape = (input.shape ?? []).map(() => 1);
    draft.known.set(index, { dtype: input.dtype, shape, values: [value], assumed: [input.name] });
  }

  /** An input whose assumed value decided a branch is no input any more: the graph holds for that value only. */
  private settleAssumed(draft: GraphDraft): void {
    const names = new Set(this.branches.flatMap(({ assumed }) => assumed));
    for (const index of draft.inputs) {
      const tensor = draft.tensors[index];
      const value = draft.known.get(index)?.values[0];
      if (tensor === undefined || value === null || value === undefined || !names.has(tensor.name)) continue;
      tensor.data = integerBytes(value, BITS_PER_ELEMENT[tensor.dtype] / 8);
      tensor.buffer = index + 1;
      tensor.shapeSignature = tensor.shape;
      this.assumed.set(tensor.name, value);
    }
    draft.inputs = draft.inputs.filter((index) => draft.tensors[index]?.data === null);
  }

  private outputIndex(scope: Scope, output: OnnxValue): number {
    const index = scope.find(output.name);
    if (index !== null && index !== ABSENT) return index;
    const message = `The graph's output ${output.name} is given by no node.`;
    throw new ModelFormatError('VALUE_MISSING', message, output.offset, 'outputs that a node, an input or a constant gives');
  }

  private addNode(draft: GraphDraft, scope: Scope, node: OnnxNode, depth: number): void {
    const inputs = node.inputs.map((name) => this.inputIndex(scope, node, name));
    if (node.domain === '') {
      const constant = node.opType === 'Constant' ? constantOf(node) : null;
      if (constant !== null) {
        this.declareOutputs(scope, node, [draft.constant(constant, node.outputs[0] ?? '')]);
        return;
      }
      if (node.opType === 'Identity' && this.isFoldable(draft, inputs[0], node)) {
        this.declareOutputs(scope, node, inputs);
        return;
      }
      if (node.opType === 'If' && this.inlineIf(draft, scope, node, inputs, depth)) return;
    }
    const called = this.functions.get(functionKey(node.domain, node.opType, node.overload));
    if (called !== undefined) {
      this.inlineFunction(draft, scope, node, inputs, called, depth);
      return;
    }
    this.addOperator(draft, scope, node, inputs);
  }

  private inputIndex(scope: Scope, node: OnnxNode, name: string): number {
    const index = scope.find(name);
    if (index !== null) return index;
    const message = `${node.opType} ${node.name || node.outputs[0] || ''} reads ${name}, which nothing before it gives.`;
    throw new ModelFormatError('VALUE_MISSING', message, node.offset, 'values given by an input, a constant or a node before');
  }

  private declareOutputs(scope: Scope, node: OnnxNode, indices: readonly number[]): void {
    for (const [i, name] of node.outputs.entries()) if (name !== '') scope.declare(name, indices[i] ?? ABSENT, node.offset);
  }

  private isFoldable(draft: GraphDraft, input: number | undefined, node: OnnxNode): boolean {
    const isOutput = this.model.graph.outputs.some(({ name }) => name === node.outputs[0]);
    const data = input === undefined ? null : (draft.tensors[input]?.data ?? null);
    return data !== null && !isOutput;
  }

  private inlineIf(draft: GraphDraft, scope: Scope, node: OnnxNode, inputs: readonly number[], depth: number): boolean {
    const condition = this.knownOf(draft, inputs[0] ?? ABSENT);
    const value = condition?.values[0] ?? null;
    const branch = node.attributes.get(value === 0 ? 'else_branch' : 'then_branch');
    if (condition === null || value === null || branch?.kind !== 'graph') return false;
    const graph = branch.value;
    const inner = new Scope(scope, valuesOf(graph));
    const first = draft.tensors.length;
    this.addConstants(draft, inner, graph);
    for (const inside of graph.nodes) this.addNode(draft, inner, inside, depth);
    const outputs = graph.outputs.map((output) => this.outputIndex(inner, output));
    if (outputs.length < node.outputs.length) {
      const message = `A branch of ${node.name || node.opType} gives ${outputs.length} of ${node.outputs.length} values.`;
      throw new ModelFormatError('BRANCH_OUTPUTS', message, graph.offset, 'as many outputs as the If has');
    }
    this.declareOutputs(scope, node, outputs);
    this.nameByCaller(draft, scope, node, outputs, first);
    this.branches.push({ node: node.name || (node.outputs[0] ?? ''), isThen: value !== 0, assumed: condition.assumed });
    return true;
  }

  /** What an inlined graph computes has the name that it has outside, as the model's own outputs have. */
  private nameByCaller(draft: GraphDraft, scope: Scope, node: OnnxNode, outputs: readonly number[], first: number): void {
    for (const [i, name] of node.outputs.entries()) {
      const index = outputs[i] ?? ABSENT;
      const tensor = draft.tensors[index];
      if (name === '' || tensor === undefined || index < first || tensor.data !== null) continue;
      tensor.name = name;
      draft.describe(index, scope.describes(name));
    }
  }

  private inlineFunction(
    draft: GraphDraft,
    scope: Scope,
    node: OnnxNode,
    inputs: readonly number[],
    called: OnnxFunction,
    depth: number,
  ): void {
    this.checkCall(node, called, depth);
    const inner = new Scope(null, new Map(called.values.map((value) => [value.name, value])));
    const first = draft.tensors.length;
    for (const [i, name] of called.inputs.entries()) inner.declare(name, inputs[i] ?? ABSENT, called.offset);
    for (const inside of called.nodes) this.addNode(draft, inner, inside, depth + 1);
    const outputs = called.outputs.map((name) =>
      this.outputIndex(inner, { name, container: null, dtype: 'unknown', shape: null, offset: called.offset }),
    );
    this.declareOutputs(scope, node, outputs);
    this.nameByCaller(draft, scope, node, outputs, first);
  }

  private checkCall(node: OnnxNode, called: OnnxFunction, depth: number): void {
    if (depth >= MAX_CALL_DEPTH) {
      const message = `The function ${called.name} is called more than ${MAX_CALL_DEPTH} calls deep.`;
      throw new ModelFormatError('FUNCTION_DEPTH', message, node.offset, `at most ${MAX_CALL_DEPTH} calls inside each other`);
    }
    const differing = [...called.opsets].find(([domain, version]) => (this.model.opsets.get(domain) ?? version) !== version);
    const hasReference = called.nodes.some(({ attributes }) => [...attributes.values()].some(({ kind }) => kind === 'reference'));
    if (differing === undefined && !hasReference) return;
    const reason = differing === undefined ? 'takes attributes from its caller' : 'uses another operator set than the model';
    const message = `The model's own function ${called.name} ${reason}, which cannot be read.`;
    throw new ModelFormatError(
      'FUNCTION_NOT_SUPPORTED',
      message,
      called.offset,
      'functions without attributes, of the same operator set',
    );
  }

  private addOperator(draft: GraphDraft, scope: Scope, node: OnnxNode, declared: readonly number[]): void {
    const { options, captured } = this.optionsOf(draft, scope, node);
    const inputs = [...declared, ...captured.values()];
    const dtypes = inputs.map((index) => draft.tensors[index]?.dtype ?? 'unknown');
    const outputs = node.outputs.map((name, i) => {
      if (name === '') return ABSENT;
      const index = draft.add(name, inferType(node, i, dtypes), null, node.offset);
      draft.describe(index, scope.describes(name));
      scope.declare(name, index, node.offset);
      return index;
    });
    draft.operators.push({
      index: draft.operators.length,
      name: node.opType,
      customCode: null,
      version: this.model.opsets.get(node.domain) ?? 1,
      ...(node.domain === '' ? {} : { domain: node.domain }),
      node: node.bytes,
      ...(captured.size === 0 ? {} : { captured: [...captured.keys()] }),
      inputs,
      outputs,
      intermediates: [],
      options,
    });
    this.follow(draft, node, declared, outputs);
  }

  /** Keeps the value of an output where its operands decide it. */
  private follow(draft: GraphDraft, node: OnnxNode, inputs: readonly number[], outputs: readonly number[]): void {
    const output = outputs[0] ?? ABSENT;
    const tensor = draft.tensors[output];
    if (tensor === undefined) return;
    const known = evaluate(
      node,
      inputs.map((index) => this.operandOf(draft, index)),
      tensor.dtype,
    );
    if (known === null) return;
    draft.known.set(output, known);
    if (!tensor.hasRank) draft.describe(output, { name: '', container: null, dtype: 'unknown', shape: known.shape, offset: 0 });
  }

  private operandOf(draft: GraphDraft, index: number): Operand | null {
    const tensor = draft.tensors[index];
    if (tensor === undefined) return null;
    return { value: this.knownOf(draft, index), shape: tensor.hasRank ? tensor.shapeSignature : null };
  }

  private knownOf(draft: GraphDraft, index: number): Known | null {
    const tensor = draft.tensors[index];
    const known = draft.known.get(index) ?? null;
    if (known !== null || tensor === undefined || tensor.data === null) return known;
    const { dtype, shape } = tensor;
    if (BITS_PER_ELEMENT[dtype] === 0 || dtype.startsWith('complex') || elementCount(shape) > MAX_KNOWN_ELEMENTS) return null;
    const value: Known = { dtype, shape, values: Array.from(constantValues(tensor), Number), assumed: [] };
    draft.known.set(index, value);
    return value;
  }

  private optionsOf(
    draft: GraphDraft,
    scope: Scope,
    node: OnnxNode,
  ): { options: Operator['options']; captured: ReadonlyMap<string, number> } {
    const options: [string, OptionValue][] = [];
    const captured = new Map<string, number>();
    for (const [name, attribute] of node.attributes) {
      if (attribute.kind === 'graph') {
        options.push([`${name}_subgraph`, this.build(attribute.value, capturing(draft, scope, captured))]);
      } else {
        options.push([name, optionValue(attribute)]);
      }
    }
    return { options: Object.fromEntries(options), captured };
  }

  /** Operators whose outcome is known and that nothing reads: they decided branches. */
  private unneeded(draft: GraphDraft): ReadonlySet<OperatorDraft> {
    const readers = new Map<number, number>();
    for (const output of draft.outputs) readers.set(output, (readers.get(output) ?? 0) + 1);
    for (const { inputs } of draft.operators) for (const input of inputs) readers.set(input, (readers.get(input) ?? 0) + 1);
    const unneeded = new Set<OperatorDraft>();
    if (this.branches.length === 0) return unneeded;
    for (const operator of [...draft.operators].reverse()) {
      const isRead = operator.outputs.some((output) => (readers.get(output) ?? 0) > 0);
      if (isRead || !operator.outputs.every((output) => draft.known.has(output))) continue;
      unneeded.add(operator);
      for (const input of operator.inputs) readers.set(input, (readers.get(input) ?? 0) - 1);
    }
    return unneeded;
  }
}

/** Finds values of the graph around: constants are shared, others become further inputs of both the graph and its operator. */
function capturing(
  outer: GraphDraft,
  scope: Scope,
  captured: Map<string, number>,
): (draft: GraphDraft, name: string) => number | null {
  const indices = new Map<string, number>();
  return (draft, name) => {
    const known = indices.get(name);
    if (known !== undefined) return known;
    const from = scope.find(name);
    const tensor = from === null ? undefined : outer.tensors[from];
    if (from === null || tensor === undefined) return from;
    const index = draft.add(name, tensor.dtype, tensor.hasRank ? tensor.shapeSignature : null, null);
    const inner = draft.tensors[index];
    if (inner !== undefined && tensor.data !== null) {
      inner.data = tensor.data;
      inner.buffer = tensor.buffer;
    } else {
      draft.inputs.push(index);
    }
    captured.set(name, from);
    indices.set(name, index);
    return index;
  };
}

function valuesOf(graph: OnnxGraph): ReadonlyMap<string, OnnxValue> {
  return new Map([...graph.values, ...graph.outputs].map((value) => [value.name, value]));
}

function functionKey(domain: string, name: string, overload: string): string {
  return `${domain}\n${name}\n${overload}`;
}

function optionValue(attribute: Exclude<OnnxAttribute, { kind: 'graph' }>): OptionValue {
  switch (attribute.kind) {
    case 'texts':
      return attribute.value.join(', ');
    case 'tensor':
      return `${attribute.value.dtype} [${attribute.value.shape.join(', ')}]`;
    case 'number':
    case 'numbers':
    case 'text':
    case 'reference':
    case 'other':
      return attribute.value;
  }
}

/** The value of a Constant node; null for the forms that are no dense tensor of numbers. */
function constantOf({ attributes, offset }: OnnxNode): OnnxTensor | null {
  const [name, attribute] = [...attributes][0] ?? [];
  if (attribute?.kind === 'tensor') return attribute.value;
  if (name === undefined || (attribute?.kind !== 'number' && attribute?.kind !== 'numbers')) return null;
  const isFloat = name.startsWith('value_float');
  const values = attribute.kind === 'number' ? [attribute.value] : attribute.value;
  const stored = isFloat ? Float32Array.from(values) : BigInt64Array.from(values, (value) => BigInt(value));
  const shape = attribute.kind === 'number' ? [] : [values.length];
  return { name: '', dtype: isFloat ? 'float32' : 'int64', shape, data: new Uint8Array(stored.buffer), offset };
}

function integerBytes(value: number, size: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value), true);
  return bytes.subarray(0, size);
}
