import { BITS_PER_ELEMENT } from '../../model/dtype';
import { ABSENT, type Graph, type OptionValue } from '../../model/model';
import { ModelFormatError } from '../modelFormatError';
import { captureFrom, type Captured } from './captured';
import { type BufferCount, GraphDraft, type OperatorDraft, Scope } from './graphDraft';
import { checkCall, countInlined, functionsByKey, functionKey } from './functions';
import { bytesOf, operandOf } from './knowledge';
import { constantOf } from './nodeConstant';
import { optionValue } from './optionValue';
import type { OnnxFunction, OnnxGraph, OnnxModel, OnnxNode, OnnxValue } from './proto/messages';
import { evaluate } from './shapes/evaluate';
import { foldMoves } from './shapes/foldMoves';
import { inferShapes } from './shapes/inferShapes';
import { inferType } from './shapes/inferTypes';
import { takenBranch, type TakenBranch } from './takenBranch';

/** Folded constants are copies: beside a fixed share, as much as a few times the file. */
const FOLDED_BYTES = 16 * 2 ** 20;
const FOLDED_PER_FILE_BYTE = 2;

/** Values that inputs are taken to have where they decide which graph of an If runs, by the input's name. */
export type Assumptions = Readonly<Record<string, number>>;

export interface BuiltGraphs {
  readonly graphs: readonly Graph[];
  readonly branches: readonly TakenBranch[];
  /** Inputs that were given a value, and are no inputs any more. */
  readonly assumed: Readonly<Record<string, number>>;
  /** Operators left out: those that compute constants, and those that only decide branches. */
  readonly leftOut: number;
}

/**
 * Makes graphs of tensors and operators by index out of ONNX's graphs by name. Constant nodes become constants; operators that
 * only move or compute with constants are folded; the taken branch of an If that can be decided is put in its place, as are the
 * model's own functions. Every other graph inside a node becomes a graph of its own, named in the operator's options as
 * `<attribute>_subgraph`.
 * @param fileBytes bounds what folding may allocate
 * @throws ModelFormatError where names do not fit together
 */
export function buildGraphs(model: OnnxModel, assumptions: Assumptions, fileBytes: number): BuiltGraphs {
  const builder = new GraphBuilder(model, assumptions, FOLDED_BYTES + FOLDED_PER_FILE_BYTE * fileBytes);
  builder.build(model.graph, null);
  const graphs = builder.finished.filter((graph) => graph !== null);
  return { graphs, branches: builder.branches, assumed: Object.fromEntries(builder.assumed), leftOut: builder.leftOut };
}

/** Finds a value of the graph around by its name, making it known inside. */
type Outer = (draft: GraphDraft, name: string) => number | null;

class GraphBuilder {
  /** Null while a graph is being built. */
  readonly finished: (Graph | null)[] = [];
  readonly branches: TakenBranch[] = [];
  readonly assumed = new Map<string, number>();
  leftOut = 0;
  /** Nodes of functions that were put in the place of calls. */
  private inlined = 0;
  private readonly functions: ReadonlyMap<string, OnnxFunction>;
  private readonly buffers: BufferCount = { last: 0 };
  /** Names that stay the outputs of operators. */
  private readonly outputNames: ReadonlySet<string>;

  constructor(
    private readonly model: OnnxModel,
    private readonly assumptions: Assumptions,
    private foldable: number,
  ) {
    this.functions = functionsByKey(model.functions);
    this.outputNames = new Set(model.graph.outputs.map(({ name }) => name));
  }

  /**
   * @param outer null for the main graph
   * @returns the graph's index
   */
  build(graph: OnnxGraph, outer: Outer | null): number {
    const draft = new GraphDraft(this.finished.length, graph.name, this.buffers);
    this.finished.push(null);
    const scope = new Scope(outer === null ? null : { find: (name) => outer(draft, name) }, valuesOf(graph));
    const defaults = new Set(graph.initializers.map(({ name }) => name));
    for (const input of graph.inputs) {
      // Up to IR version 3 every constant is listed as an input too; later it is a default, which is what is taken.
      if (defaults.has(input.name)) continue;
      const index = draft.add(input.name, input.dtype, input.shape, input.offset);
      scope.declare(input.name, index, input.offset);
      draft.inputs.push(index);
      if (outer === null) this.assume(draft, input, index);
    }
    this.addConstants(draft, scope, graph);
    for (const node of graph.nodes) this.addNode(draft, scope, node, 0);
    draft.outputs.push(...graph.outputs.map((output) => outputIndex(scope, output)));
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
    const isSingle = input.shape?.every((size) => size === 1 || size === -1) === true;
    if (value === undefined || !isSingle || !/^u?int(8|16|32|64)$/.test(input.dtype)) return;
    const shape = (input.shape ?? []).map(() => 1);
    draft.known.set(index, { dtype: input.dtype, shape, values: [value], assumed: [input.name] });
  }

  /** An input whose assumed value decided a branch is no input any more: the graph holds for that value only. */
  private settleAssumed(draft: GraphDraft): void {
    const names = new Set(this.branches.flatMap(({ assumed }) => assumed));
    for (const index of draft.inputs) {
      const tensor = draft.tensors[index];
      const value = draft.known.get(index)?.values[0] ?? null;
      if (tensor === undefined || value === null || !names.has(tensor.name)) continue;
      draft.fill(index, integerBytes(value, BITS_PER_ELEMENT[tensor.dtype] / 8));
      this.assumed.set(tensor.name, value);
    }
    draft.inputs = draft.inputs.filter((index) => draft.tensors[index]?.data === null);
  }

  private addNode(draft: GraphDraft, scope: Scope, node: OnnxNode, depth: number): void {
    const inputs = node.inputs.map((name) => inputIndex(scope, node, name));
    if (node.domain === '') {
      const constant = node.opType === 'Constant' ? constantOf(node) : null;
      if (constant !== null) {
        declareOutputs(scope, node, [draft.constant(constant, node.outputs[0] ?? '')]);
        return;
      }
      if (node.opType === 'Identity' && this.passes(draft, scope, node, inputs[0] ?? ABSENT)) return;
      if (node.opType === 'If' && this.inlineIf(draft, scope, node, inputs, depth)) return;
    }
    const called = this.functions.get(functionKey(node.domain, node.opType, node.overload));
    if (called !== undefined) this.inlineFunction(draft, scope, node, inputs, called, depth);
    else if (!this.fold(draft, scope, node, inputs)) this.addOperator(draft, scope, node, inputs);
  }

  /** Gives a value its second name instead of an operator that copies it; an output's name is the one that stays. */
  private passes(draft: GraphDraft, scope: Scope, node: OnnxNode, input: number): boolean {
    const name = node.outputs[0] ?? '';
    const tensor = draft.tensors[input];
    if (tensor === undefined || name === '') return false;
    if (this.outputNames.has(name)) {
      if (!draft.producers.has(input) || this.outputNames.has(tensor.name)) return false;
      tensor.name = name;
    }
    draft.describe(input, scope.describes(name));
    declareOutputs(scope, node, [input]);
    this.leftOut++;
    return true;
  }

  private inlineIf(draft: GraphDraft, scope: Scope, node: OnnxNode, inputs: readonly number[], depth: number): boolean {
    const taken = takenBranch(draft, scope, node, inputs[0] ?? ABSENT);
    if (taken === null) return false;
    const { branch, graph } = taken;
    const inner = new Scope(scope, valuesOf(graph));
    const first = draft.tensors.length;
    this.addConstants(draft, inner, graph);
    for (const inside of graph.nodes) this.addNode(draft, inner, inside, depth);
    const outputs = graph.outputs.map((output) => outputIndex(inner, output));
    if (outputs.length < node.outputs.length) {
      const message = `A branch of ${node.name || node.opType} gives ${outputs.length} of ${node.outputs.length} values.`;
      throw new ModelFormatError('BRANCH_OUTPUTS', message, graph.offset, 'as many outputs as the If has');
    }
    finishInlining(draft, scope, node, outputs, first);
    this.branches.push(branch);
    return true;
  }

  private inlineFunction(
    draft: GraphDraft,
    scope: Scope,
    node: OnnxNode,
    inputs: readonly number[],
    called: OnnxFunction,
    depth: number,
  ): void {
    checkCall(this.model, node, called, depth);
    this.inlined = countInlined(this.inlined, node, called);
    const inner = new Scope(null, new Map(called.values.map((value) => [value.name, value])));
    const first = draft.tensors.length;
    for (const [i, name] of called.inputs.entries()) inner.declare(name, inputs[i] ?? ABSENT, called.offset);
    for (const inside of called.nodes) this.addNode(draft, inner, inside, depth + 1);
    const outputs = called.outputs.map((name) => outputIndex(inner, { name, offset: called.offset }));
    finishInlining(draft, scope, node, outputs, first);
  }

  /** Computes an operator of constants here where that takes no arithmetic on weights. */
  private fold(draft: GraphDraft, scope: Scope, node: OnnxNode, inputs: readonly number[]): boolean {
    if (node.domain !== '' || node.outputs.some((name) => this.outputNames.has(name))) return false;
    const constants = inputs.map((index) => {
      const tensor = draft.tensors[index];
      return tensor === undefined || tensor.data === null ? null : { ...tensor, data: tensor.data };
    });
    if (constants.length === 0 || constants.includes(null)) return false;
    const operands = inputs.map((index) => operandOf(draft, index));
    const folded = foldMoves(node, constants, operands, inferShapes(node, operands), this.foldable);
    if (folded === null || folded.length < node.outputs.length) return false;
    const indices = folded.map((constant, i) => {
      const source = constants.find((from) => from?.data === constant.data);
      if (source === undefined) this.foldable -= constant?.data.length ?? 0;
      return draft.constant({ ...constant, offset: node.offset }, node.outputs[i] ?? '', source?.buffer);
    });
    declareOutputs(scope, node, indices);
    this.leftOut++;
    return true;
  }

  private addOperator(draft: GraphDraft, scope: Scope, node: OnnxNode, declared: readonly number[]): void {
    const captured: Captured = new Map();
    const bodies: number[] = [];
    const options = [...node.attributes].map(([name, attribute]): [string, OptionValue] => {
      if (attribute.kind !== 'graph') return [name, optionValue(attribute)];
      bodies.push(this.build(attribute.value, captureFrom(draft, scope, captured)));
      return [`${name}_subgraph`, bodies.at(-1) ?? 0];
    });
    const inputs = [...declared, ...captured.values()];
    const outputs = this.addOutputs(draft, scope, node, inputs, bodies);
    if (bodies.length === 0 && this.evaluates(draft, node, inputs, outputs)) return;
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
      options: Object.fromEntries(options),
    });
  }

  /** The tensors that an operator gives, with the types and shapes that the file says, or that follow. */
  private addOutputs(
    draft: GraphDraft,
    scope: Scope,
    node: OnnxNode,
    inputs: readonly number[],
    bodies: readonly number[],
  ): number[] {
    const dtypes = inputs.map((index) => draft.tensors[index]?.dtype ?? 'unknown');
    const shapes = inferShapes(
      node,
      inputs.map((index) => operandOf(draft, index)),
    );
    const body = this.finished[bodies[0] ?? ABSENT];
    // A Loop's body gives its condition first.
    const skipped = node.opType === 'Loop' ? 1 : 0;
    return node.outputs.map((name, i) => {
      if (name === '') return ABSENT;
      const inside = body?.tensors[body.outputs[i + skipped] ?? ABSENT];
      const dtype = inside?.dtype ?? inferType(node, i, dtypes);
      const index = draft.add(name, dtype, shapes[i] ?? null, node.offset);
      draft.describe(index, scope.describes(name));
      draft.producers.set(index, { node, inputs });
      scope.declare(name, index, node.offset);
      return index;
    });
  }

  /** Keeps the value of an output where its operands decide it; true where it has become a constant. */
  private evaluates(draft: GraphDraft, node: OnnxNode, inputs: readonly number[], outputs: readonly number[]): boolean {
    const output = outputs[0] ?? ABSENT;
    const tensor = draft.tensors[output];
    const operands = inputs.map((index) => operandOf(draft, index));
    const known = tensor === undefined ? null : evaluate(node, operands, tensor.dtype);
    if (tensor === undefined || known === null) return false;
    draft.known.set(output, known);
    draft.describe(output, { name: '', container: null, dtype: 'unknown', shape: known.shape, offset: node.offset });
    const bytes = outputs.length === 1 && !this.outputNames.has(node.outputs[0] ?? '') ? bytesOf(known) : null;
    if (bytes === null) return false;
    draft.fill(output, bytes);
    this.leftOut++;
    return true;
  }

  /** Operators whose outcome is known and that nothing reads: they decided branches. */
  private unneeded(draft: GraphDraft): ReadonlySet<OperatorDraft> {
    const readers = new Map<number, number>();
    const count = (index: number, by: number) => readers.set(index, (readers.get(index) ?? 0) + by);
    for (const output of draft.outputs) count(output, 1);
    for (const { inputs } of draft.operators) for (const input of inputs) count(input, 1);
    const unneeded = new Set<OperatorDraft>();
    for (const operator of this.branches.length === 0 ? [] : [...draft.operators].reverse()) {
      const isRead = operator.outputs.some((output) => (readers.get(output) ?? 0) > 0);
      if (isRead || !isOfSizes(operator)) continue;
      unneeded.add(operator);
      for (const input of operator.inputs) count(input, -1);
    }
    return unneeded;
  }
}

/** What conditions are computed with; an operator that a file has for nothing is shown. */
const DECIDING =
  'And Cast Concat Equal Gather Greater GreaterOrEqual Identity Less LessOrEqual Not Or Shape Size Squeeze Unsqueeze';
const DECIDES: ReadonlySet<string> = new Set(DECIDING.split(' '));

function isOfSizes({ name, domain, inputs }: OperatorDraft): boolean {
  return domain === undefined && DECIDES.has(name) && inputs.length > 0;
}

function inputIndex(scope: Scope, node: OnnxNode, name: string): number {
  const index = scope.find(name);
  if (index !== null) return index;
  const message = `${node.opType} ${node.name || node.outputs[0] || ''} reads ${name}, which nothing before it gives.`;
  throw new ModelFormatError('VALUE_MISSING', message, node.offset, 'values given by an input, a constant or a node before');
}

function outputIndex(scope: Scope, { name, offset }: Pick<OnnxValue, 'name' | 'offset'>): number {
  const index = scope.find(name);
  if (index !== null && index !== ABSENT) return index;
  const message = `The graph's output ${name} is given by no node.`;
  throw new ModelFormatError('VALUE_MISSING', message, offset, 'outputs that a node, an input or a constant gives');
}

function declareOutputs(scope: Scope, node: OnnxNode, indices: readonly number[]): void {
  for (const [i, name] of node.outputs.entries()) if (name !== '') scope.declare(name, indices[i] ?? ABSENT, node.offset);
}

/**
 * Makes the outputs of an inlined graph known outside. What it computes gets the name that it has there, as the model's own
 * outputs have.
 * @param first tensors from here on are the inlined graph's
 */
function finishInlining(draft: GraphDraft, scope: Scope, node: OnnxNode, outputs: readonly number[], first: number): void {
  declareOutputs(scope, node, outputs);
  for (const [i, name] of node.outputs.entries()) {
    const index = outputs[i] ?? ABSENT;
    const tensor = draft.tensors[index];
    if (name === '' || tensor === undefined || index < first || tensor.data !== null) continue;
    tensor.name = name;
    draft.describe(index, scope.describes(name));
  }
}

function valuesOf(graph: OnnxGraph): ReadonlyMap<string, OnnxValue> {
  return new Map([...graph.values, ...graph.outputs].map((value) => [value.name, value]));
}

function integerBytes(value: number, size: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value), true);
  return bytes.subarray(0, size);
}
