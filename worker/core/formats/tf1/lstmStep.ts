import type { Gate } from '../../lstm/signals';
import type { Folding } from './folding';
import { keyOf, type TfNode, type TfRef } from './graphDef';

/** One step of an LSTM as TensorFlow 1's cells write it (python/ops/rnn_cell_impl.py: BasicLSTMCell, LSTMCell). */
export interface LstmStep {
  /** h, after the projection where there is one, and c. */
  readonly hidden: TfRef;
  readonly cell: TfRef;
  readonly previousCell: TfRef;
  /** What the kernel multiplies, side by side: x and the hidden value before, in either order. */
  readonly joined: readonly TfRef[];
  /** [input + output, 4 * cell]. */
  readonly kernel: TfRef;
  /** [4 * cell]; null where there is none. */
  readonly bias: TfRef | null;
  /** Which quarter of the kernel's columns each gate has: i, j, f, o in TensorFlow's own cells. */
  readonly quarters: Readonly<Record<Gate, number>>;
  /** Added to the gate's sum; TensorFlow's cells add `forget_bias`, mostly 1. */
  readonly added: Readonly<Record<Gate, number>>;
  readonly peepholes: Readonly<Record<Exclude<Gate, 'cell'>, TfRef | null>>;
  /** [cell, output]. */
  readonly projection: TfRef | null;
  /** 0: none. */
  readonly cellClip: number;
  readonly projectionClip: number;
}

/** The step that computes a hidden value; null where it is no LSTM's. */
export function lstmStep(folding: Folding, hidden: TfRef): LstmStep | null {
  const outer = unclipped(folding, hidden);
  const projected = outer.value.node.op === 'MatMul' && isPlainProduct(outer.value.node) ? outer.value.node.inputs : null;
  const projection = projected?.[1] ?? null;
  if (projection !== null && folding.constant(projection) === null) return null;
  const m = folding.origin(projected?.[0] ?? outer.value);
  for (const [gate, activated] of factors(folding, m)) {
    const cell = inputOf(folding, activated, 'Tanh');
    const output = inputOf(folding, gate, 'Sigmoid');
    const found = cell === null || output === null ? null : cellStep(folding, cell, output);
    if (found === null) continue;
    const clipped = outer.limit === null ? 0 : outer.limit;
    // A clip belongs to the projection; without one the fused operator has no place for it.
    return projection === null && clipped !== 0 ? null : { ...found, hidden, projection, projectionClip: clipped };
  }
  return null;
}

type CellStep = Omit<LstmStep, 'hidden' | 'projection' | 'projectionClip'>;

function cellStep(folding: Folding, cell: TfRef, output: TfRef): CellStep | null {
  const { value, limit } = unclipped(folding, cell);
  for (const [kept, written] of addends(folding, value)) {
    for (const [forget, previousCell] of factors(folding, kept)) {
      for (const [input, candidate] of factors(folding, written)) {
        const sums = {
          input: inputOf(folding, input, 'Sigmoid'),
          forget: inputOf(folding, forget, 'Sigmoid'),
          cell: inputOf(folding, candidate, 'Tanh'),
          output,
        };
        if (sums.input === null || sums.forget === null || sums.cell === null) continue;
        const states = { input: previousCell, forget: previousCell, cell: null, output: cell };
        const parts = {
          input: gateSum(folding, sums.input, states.input),
          forget: gateSum(folding, sums.forget, states.forget),
          cell: gateSum(folding, sums.cell, states.cell),
          output: gateSum(folding, output, states.output),
        };
        const step = packedStep(folding, parts);
        if (step !== null) return { ...step, cell, previousCell, cellClip: limit ?? 0 };
      }
    }
  }
  return null;
}

/** What goes into a gate's activation. */
interface GateSum {
  readonly split: TfNode;
  readonly quarter: number;
  readonly added: number;
  readonly peephole: TfRef | null;
}

function gateSum(folding: Folding, sum: TfRef, state: TfRef | null): GateSum | null {
  let split: TfRef | null = null;
  let added = 0;
  let peephole: TfRef | null = null;
  for (const term of terms(folding, sum) ?? []) {
    const constant = folding.scalar(term);
    if (constant !== null) added += constant;
    else if (term.node.op === 'Split' && split === null) split = term;
    else {
      const weights: TfRef | null = state === null || peephole !== null ? null : peepholeOf(folding, term, state);
      if (weights === null) return null;
      peephole = weights;
    }
  }
  return split === null ? null : { split: split.node, quarter: split.output, added, peephole };
}

/** w in w * c. */
function peepholeOf(folding: Folding, term: TfRef, state: TfRef): TfRef | null {
  const found = factors(folding, term).find(
    ([weights, of]) => folding.constant(weights) !== null && keyOf(of) === keyOf(folding.origin(state)),
  );
  return found?.[0] ?? null;
}

function packedStep(
  folding: Folding,
  parts: Readonly<Record<Gate, GateSum | null>>,
): Omit<CellStep, 'cell' | 'previousCell' | 'cellClip'> | null {
  const { input, forget, cell, output } = parts;
  if (input === null || forget === null || cell === null || output === null) return null;
  const { split } = input;
  if ([forget, cell, output].some((other) => other.split !== split)) return null;
  if (split.attributes.integer('num_split', 0) !== 4) return null;
  const [dimension, packed] = split.inputs;
  const axis = folding.scalar(dimension);
  if (packed === undefined || (axis !== 1 && axis !== -1)) return null;
  let product: TfNode | null = null;
  let bias: TfRef | null = null;
  for (const term of terms(folding, packed) ?? []) {
    if (folding.constant(term) !== null && bias === null) bias = term;
    else if (term.node.op === 'MatMul' && isPlainProduct(term.node) && product === null) product = term.node;
    else return null;
  }
  const [joined, kernel] = product?.inputs ?? [];
  const join = joined === undefined ? null : folding.origin(joined).node;
  if (kernel === undefined || join?.op !== 'ConcatV2' || folding.constant(kernel) === null) return null;
  const joinAxis = folding.scalar(join.inputs.at(-1));
  if (join.inputs.length !== 3 || (joinAxis !== 1 && joinAxis !== -1)) return null;
  return {
    joined: join.inputs.slice(0, 2).map((part) => folding.origin(part)),
    kernel,
    bias,
    quarters: { input: input.quarter, forget: forget.quarter, cell: cell.quarter, output: output.quarter },
    added: { input: input.added, forget: forget.added, cell: cell.added, output: output.added },
    peepholes: { input: input.peephole, forget: forget.peephole, output: output.peephole },
  };
}

const ADDS: ReadonlySet<string> = new Set(['Add', 'AddV2', 'BiasAdd']);
/** A gate's sum has no more parts in any cell. */
const MOST_TERMS = 8;

/** The values that are added up. */
function terms(folding: Folding, sum: TfRef): readonly TfRef[] | null {
  const found: TfRef[] = [];
  const open = [sum];
  for (let term = open.pop(); term !== undefined; term = open.pop()) {
    const origin = folding.origin(term);
    if (ADDS.has(origin.node.op)) open.push(...origin.node.inputs);
    else found.push(origin);
    if (found.length + open.length > MOST_TERMS) return null;
  }
  return found;
}

function factors(folding: Folding, ref: TfRef): (readonly [TfRef, TfRef])[] {
  return bothWays(folding, ref, (op) => op === 'Mul');
}

function addends(folding: Folding, ref: TfRef): (readonly [TfRef, TfRef])[] {
  return bothWays(folding, ref, (op) => op === 'Add' || op === 'AddV2');
}

/** The two operands in both orders; none where the value is not computed so. */
function bothWays(folding: Folding, ref: TfRef, isWanted: (op: string) => boolean): (readonly [TfRef, TfRef])[] {
  const { node } = folding.origin(ref);
  const [a, b] = node.inputs;
  if (!isWanted(node.op) || a === undefined || b === undefined) return [];
  const [first, second] = [folding.origin(a), folding.origin(b)];
  return [
    [first, second],
    [second, first],
  ];
}

function inputOf(folding: Folding, ref: TfRef, op: string): TfRef | null {
  const { node } = folding.origin(ref);
  const [input] = node.inputs;
  return node.op === op && input !== undefined ? input : null;
}

function isPlainProduct({ attributes }: TfNode): boolean {
  return !attributes.boolean('transpose_a') && !attributes.boolean('transpose_b');
}

/** The value before `clip_by_value(x, -limit, limit)`, which TensorFlow 1 writes as Maximum(Minimum(x, limit), -limit). */
function unclipped(folding: Folding, ref: TfRef): { readonly value: TfRef; readonly limit: number | null } {
  const origin = folding.origin(ref);
  const none = { value: origin, limit: null };
  const [inner, low, high] = origin.node.inputs;
  if (origin.node.op === 'ClipByValue' && inner !== undefined) return limited(folding.origin(inner), folding.scalar(low), folding.scalar(high)) ?? none; // prettier-ignore
  if (origin.node.op !== 'Maximum' || inner === undefined) return none;
  const minimum = folding.origin(inner).node;
  const [value, upper] = minimum.inputs;
  if (minimum.op !== 'Minimum' || value === undefined) return none;
  return limited(folding.origin(value), folding.scalar(low), folding.scalar(upper)) ?? none;
}

function limited(
  value: TfRef,
  low: number | null,
  high: number | null,
): { readonly value: TfRef; readonly limit: number } | null {
  return low !== null && high !== null && high > 0 && low === -high ? { value, limit: high } : null;
}
