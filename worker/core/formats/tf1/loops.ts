import type { Folding } from './folding';
import { keyOf, type TfNode, type TfRef } from './graphDef';
import { type LstmStep, lstmStep } from './lstmStep';

/** A cell in a loop over the steps of a sequence (tf.nn.dynamic_rnn). */
export interface LoopCell {
  readonly step: LstmStep;
  /** Whether x is the first or the second of what the kernel multiplies. */
  readonly inputPlace: 0 | 1;
  /** The sequence it reads, [time, batch, input]; or the cell of the same loop whose hidden value it reads. */
  readonly source: { readonly sequence: TfRef } | { readonly cell: LoopCell };
  readonly firstHidden: TfRef;
  readonly firstCell: TfRef;
}

/** A loop that LSTM cells run in. */
export interface LstmLoop {
  /** For messages: the loop's own name. */
  readonly name: string;
  readonly cells: readonly LoopCell[];
  /** How often it runs: the least of these. */
  readonly bounds: readonly TfRef[];
  /** Which steps of the sequence go into the list that the loop reads. */
  readonly scattered: readonly TfRef[];
}

/** What a node outside gives of a loop. */
export interface LoopResult {
  readonly loop: LstmLoop;
  readonly cell: LoopCell;
  /** The hidden value after the last step, or those of all steps, [time, batch, output], in the order of `indices`. */
  readonly kind: 'last' | 'sequence' | 'last-cell';
  readonly indices: TfRef | null;
}

export interface Loops {
  /** By the node that gives it. */
  readonly results: ReadonlyMap<TfNode, LoopResult>;
  /** Loops that are none of LSTM cells, by the nodes that lead out of them, and why. */
  readonly refused: ReadonlyMap<TfNode, string>;
}

/** A value that a loop carries from step to step. */
interface LoopVariable {
  readonly merge: TfNode;
  /** The value in the step, `Switch:1`. */
  readonly inside: TfRef;
  readonly first: TfRef;
  readonly next: TfRef;
  /** What leads out of the loop. */
  readonly exits: readonly TfNode[];
}

/** Finds the loops of a graph (LoopCond with Enter, Merge, Switch, NextIteration, Exit) and the LSTM cells in them. */
export function findLoops(nodes: readonly TfNode[], folding: Folding): Loops {
  const readers = new Map<TfNode, TfNode[]>();
  for (const node of nodes) {
    for (const { node: from } of node.inputs) {
      const known = readers.get(from);
      if (known === undefined) readers.set(from, [node]);
      else known.push(node);
    }
  }
  const results = new Map<TfNode, LoopResult>();
  const refused = new Map<TfNode, string>();
  for (const condition of nodes) {
    if (condition.op !== 'LoopCond') continue;
    const variables = (readers.get(condition) ?? []).flatMap((node) => variableOf(node, readers) ?? []);
    const outcome = lstmLoop(condition, variables, folding);
    if (typeof outcome === 'string') for (const { exits } of variables) for (const exit of exits) refused.set(exit, outcome);
    else for (const variable of variables) addResults(outcome, variable, folding, readers, { results, refused });
  }
  return { results, refused };
}

function variableOf(node: TfNode, readers: ReadonlyMap<TfNode, readonly TfNode[]>): LoopVariable | null {
  if (node.op !== 'Switch') return null;
  const merge = node.inputs[0]?.node;
  if (merge?.op !== 'Merge') return null;
  const enter = merge.inputs.find(({ node: { op } }) => op === 'Enter')?.node;
  const iteration = merge.inputs.find(({ node: { op } }) => op === 'NextIteration')?.node;
  const [first, next] = [enter?.inputs[0], iteration?.inputs[0]];
  if (first === undefined || next === undefined) return null;
  const exits = (readers.get(node) ?? []).filter(({ op }) => op === 'Exit');
  return { merge, inside: { node, output: 1 }, first, next, exits };
}

/** The loop and its cells; or why it has none. */
function lstmLoop(condition: TfNode, variables: readonly LoopVariable[], folding: Folding): LstmLoop | string {
  const byInside = new Map(variables.map((variable) => [keyOf(variable.inside), variable]));
  const bounds: TfRef[] = [];
  const counters = new Set<string>();
  const open = condition.inputs.slice(0, 1);
  for (let test = open.pop(); test !== undefined; test = open.pop()) {
    const { node } = folding.origin(test);
    const [counter, bound] = node.inputs;
    if (node.op === 'LogicalAnd' && open.length < 4) open.push(...node.inputs);
    else if (node.op === 'Less' && counter !== undefined && bound !== undefined) {
      const variable = variables.find(({ merge }) => merge === counter.node);
      if (variable === undefined || !countsUp(variable, folding)) return 'its end does not depend on a counter from 0';
      counters.add(keyOf(variable.inside));
      bounds.push(bound);
    } else return `its end is decided by ${node.op}`;
  }
  const steps = variables.flatMap((variable) => {
    const step = lstmStep(folding, variable.next);
    return step === null ? [] : [{ step, variable }];
  });
  if (steps.length === 0) return 'no LSTM cell is found in it';
  const cells: LoopCell[] = [];
  const scattered: TfRef[] = [];
  // Each cell after the one it reads: a pass over those that are left finds at least one.
  for (let left = steps; left.length > 0;) {
    const later: typeof steps = [];
    for (const { step, variable } of left) {
      const hiddenPlace = step.joined.findIndex((part) => keyOf(part) === keyOf(variable.inside));
      const memory = byInside.get(keyOf(step.previousCell));
      if (hiddenPlace === -1 || memory === undefined || keyOf(folding.origin(memory.next)) !== keyOf(folding.origin(step.cell)))
        return `the states of ${step.hidden.node.name} are not those of the step before`;
      const inputPlace = hiddenPlace === 0 ? 1 : 0;
      const x = step.joined[inputPlace];
      const inner = cells.find((cell) => x !== undefined && keyOf(folding.origin(cell.step.hidden)) === keyOf(x));
      const read = x === undefined || inner !== undefined ? null : sequenceRead(x, counters, folding);
      if (inner === undefined && read === null) {
        later.push({ step, variable });
        continue;
      }
      if (read !== null) scattered.push(read.indices);
      const source = inner === undefined ? { sequence: read?.sequence ?? step.hidden } : { cell: inner };
      cells.push({ step, inputPlace, source, firstHidden: variable.first, firstCell: memory.first });
    }
    if (later.length === left.length)
      return `the input of ${later[0]?.step.hidden.node.name ?? ''} is neither a sequence nor another cell’s hidden value`;
    left = later;
  }
  return { name: condition.name.replace(/\/LoopCond[^/]*$/, ''), cells, bounds, scattered };
}

function countsUp({ first, next, inside }: LoopVariable, folding: Folding): boolean {
  const { node } = folding.origin(next);
  const [a, b] = node.inputs;
  if ((node.op !== 'Add' && node.op !== 'AddV2') || a === undefined || b === undefined) return false;
  return folding.scalar(first) === 0 && keyOf(folding.origin(a)) === keyOf(inside) && folding.scalar(b) === 1;
}

/** The tensor that a list of steps was made of, and the steps' indices in it. */
function sequenceRead(
  x: TfRef,
  counters: ReadonlySet<string>,
  folding: Folding,
): { readonly sequence: TfRef; readonly indices: TfRef } | null {
  const [, index, flow] = x.node.inputs;
  if (x.node.op !== 'TensorArrayReadV3' || index === undefined || flow === undefined) return null;
  if (!counters.has(keyOf(folding.origin(index)))) return null;
  const scatter = folding.origin(flow).node;
  const [, indices, sequence] = scatter.inputs;
  if (scatter.op !== 'TensorArrayScatterV3' || indices === undefined || sequence === undefined) return null;
  return { sequence, indices };
}

function addResults(
  loop: LstmLoop,
  { next, exits, inside }: LoopVariable,
  folding: Folding,
  readers: ReadonlyMap<TfNode, readonly TfNode[]>,
  to: { readonly results: Map<TfNode, LoopResult>; readonly refused: Map<TfNode, string> },
): void {
  const cellOf = (value: TfRef | undefined, of: 'hidden' | 'cell') =>
    loop.cells.find(({ step }) => value !== undefined && keyOf(folding.origin(step[of])) === keyOf(folding.origin(value)));
  const last = cellOf(next, 'hidden');
  const memory = cellOf(next, 'cell');
  const write = folding.origin(next).node;
  const [, , written, flow] = write.op === 'TensorArrayWriteV3' ? write.inputs : [];
  const listed = flow !== undefined && keyOf(folding.origin(flow)) === keyOf(inside) ? cellOf(written, 'hidden') : undefined;
  for (const exit of exits) {
    const gathers = (readers.get(exit) ?? []).filter(({ op }) => op === 'TensorArrayGatherV3');
    if (last !== undefined) to.results.set(exit, { loop, cell: last, kind: 'last', indices: null });
    else if (memory !== undefined) to.results.set(exit, { loop, cell: memory, kind: 'last-cell', indices: null });
    else if (listed === undefined) to.refused.set(exit, 'what it gives is no hidden value of an LSTM cell');
    else
      for (const gather of gathers)
        to.results.set(gather, { loop, cell: listed, kind: 'sequence', indices: gather.inputs[1] ?? null });
  }
}
