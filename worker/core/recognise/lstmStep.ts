import { GATES, type Gate } from '../lstm/signals';
import { ABSENT, type Operator } from '../model/model';
import { type AffineSum, affineSum } from './affineSum';
import { type Dataflow, isPlain } from './dataflow';
import { bothWays, type GatePart, gatePart, sigmoidOf, tanhOf } from './gatePart';

/** One step of an LSTM: c = f * c' + i * g, h = o * tanh(c), with the gates as parts of sums of matrix products. */
export interface LstmStep {
  /** First tensors that hold h and c. */
  readonly hidden: number;
  readonly cell: number;
  /** The cell before; null where it is 0 and the product with it is left out. */
  readonly previousCell: number | null;
  /** The forget gate is null where the cell before is 0, and the gate in a sum of its own. */
  readonly gates: Readonly<Record<Gate, GatePart | null>>;
  readonly sums: ReadonlyMap<number, AffineSum>;
  /** Tensors of the gates after their activation, and of tanh(c), as they are multiplied; the forget gate null where it is not read. */
  readonly activated: Readonly<Record<Gate, number | null>>;
  readonly tanhCell: number;
  readonly isHard: boolean;
}

interface Core {
  readonly cell: number;
  readonly previousCell: number | null;
  readonly before: Readonly<Record<Gate, number | null>>;
  readonly activated: Readonly<Record<Gate, number | null>>;
  readonly tanhCell: number;
  readonly isHard: boolean;
}

/** The step whose hidden value an operator computes; null where it is none. */
export function lstmStepAt(flow: Dataflow, operator: Operator): LstmStep | null {
  const core = operator.name === 'MUL' && isPlain(operator) ? coreAt(flow, operator) : null;
  if (core === null) return null;
  const found = partsOf(flow, core.before);
  const size = found.output?.size;
  if (size === undefined || GATES.some((gate) => found[gate] !== null && found[gate].size !== size)) return null;
  const gates = { ...found, forget: found.forget ?? remaining(flow, found) };
  const places = Object.values(gates).flatMap((part) => (part === null ? [] : `${part.packed} ${part.offset}`));
  if (new Set(places).size !== places.length) return null;
  const sums = new Map<number, AffineSum>();
  for (const part of Object.values(gates)) {
    if (part === null || sums.has(part.packed)) continue;
    const sum = affineSum(flow, part.packed);
    if (sum === null || sum.products.length === 0) return null;
    sums.set(part.packed, sum);
  }
  const { cell, previousCell, activated, tanhCell, isHard } = core;
  return { hidden: operator.outputs[0] ?? ABSENT, cell, previousCell, gates, sums, activated, tanhCell, isHard };
}

function partsOf(flow: Dataflow, before: Core['before']): Record<Gate, GatePart | null> {
  const part = (gate: Gate) => (before[gate] === null ? null : gatePart(flow, before[gate]));
  return { input: part('input'), forget: part('forget'), cell: part('cell'), output: part('output') };
}

/** h = o * tanh(c). */
function coreAt(flow: Dataflow, operator: Operator): Core | null {
  for (const [gate, squashed] of bothWays(operator)) {
    const output = sigmoidOf(flow, gate);
    const inside = tanhOf(flow, squashed);
    if (output === null || inside === null) continue;
    const cell = flow.origin(inside);
    const state = cellAt(flow, cell);
    if (state === null || (state.isHard ?? output.isHard) !== output.isHard) continue;
    const { previousCell, input, forget, cellInput, activated } = state;
    return {
      ...{ cell, previousCell, isHard: output.isHard, tanhCell: squashed },
      before: { input, forget, cell: cellInput, output: output.input },
      activated: { ...activated, output: gate },
    };
  }
  return null;
}

interface CellState {
  readonly previousCell: number | null;
  readonly input: number;
  readonly forget: number | null;
  readonly cellInput: number;
  readonly activated: Readonly<Record<Exclude<Gate, 'output'>, number | null>>;
  readonly isHard: boolean;
}

/** c = f * c' + i * g; i * g alone where c' is 0. */
function cellAt(flow: Dataflow, cell: number): CellState | null {
  const operator = flow.producer(cell);
  if (operator === null || !isPlain(operator)) return null;
  const first = operator.name === 'MUL' ? newPart(flow, operator) : null;
  if (first !== null) return { ...first, previousCell: null, forget: null, activated: { ...first.activated, forget: null } };
  if (operator.name !== 'ADD') return null;
  for (const [kept, added] of bothWays(operator)) {
    const [keeping, adding] = [productAt(flow, kept), productAt(flow, added)];
    const update = adding === null ? null : newPart(flow, adding);
    if (keeping === null || update === null) continue;
    for (const [gate, previous] of bothWays(keeping)) {
      const forget = sigmoidOf(flow, gate);
      if (forget === null || forget.isHard !== update.isHard) continue;
      const activated = { ...update.activated, forget: gate };
      return { ...update, forget: forget.input, previousCell: flow.origin(previous), activated };
    }
  }
  return null;
}

/** i * tanh(g). */
function newPart(
  flow: Dataflow,
  operator: Operator,
): (Pick<CellState, 'input' | 'cellInput' | 'isHard'> & { readonly activated: { input: number; cell: number } }) | null {
  for (const [gate, squashed] of bothWays(operator)) {
    const input = sigmoidOf(flow, gate);
    const cellInput = tanhOf(flow, squashed);
    if (input === null || cellInput === null) continue;
    return { input: input.input, cellInput, isHard: input.isHard, activated: { input: gate, cell: squashed } };
  }
  return null;
}

function productAt(flow: Dataflow, tensor: number): Operator | null {
  const operator = flow.producer(flow.origin(tensor));
  return operator?.name === 'MUL' && isPlain(operator) ? operator : null;
}

/** The forget gate that a first step does not read: the quarter of the sum that the three other gates leave. */
function remaining(flow: Dataflow, { input, cell, output }: Record<Gate, GatePart | null>): GatePart | null {
  if (input === null || cell === null || output === null) return null;
  const { packed, size } = output;
  if (input.packed !== packed || cell.packed !== packed || flow.shape(packed).at(-1) !== 4 * size) return null;
  const taken = new Set([input.offset, cell.offset, output.offset]);
  const free = [0, size, 2 * size, 3 * size].filter((offset) => !taken.has(offset));
  return free.length === 1 ? { packed, offset: free[0] ?? 0, size } : null;
}
