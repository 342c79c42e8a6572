import { GATES, type Gate } from '../lstm/signals';
import { ABSENT, type Tensor } from '../model/model';
import type { Product } from './affineSum';
import type { Dataflow } from './dataflow';
import type { GatePart } from './gatePart';
import type { LstmStep } from './lstmStep';

/** Where a gate's weights and biases are in the file. */
export interface GateSource {
  readonly part: GatePart;
  readonly input: Product;
  /** Null in a step whose hidden value before is 0 and left out. */
  readonly recurrent: Product | null;
  readonly constants: readonly Tensor[];
}

/** What the sources of a step's products are. */
export interface StepRoles {
  /** The hidden value before; null where it is 0 and left out. */
  readonly previousHidden: number | null;
  /** The input, as the first tensor that has its values, and as it is read. */
  readonly input: number;
  readonly inputRead: number;
  readonly gates: Readonly<Record<Gate, GateSource | null>>;
}

/** The roles, given which source is the hidden value before (null: none); null where what is left is not one input. */
export function rolesOf(step: LstmStep, previousHidden: number | null): StepRoles | null {
  let input: Product | null = null;
  const gates: Record<Gate, GateSource | null> = { input: null, forget: null, cell: null, output: null };
  for (const gate of GATES) {
    const part = step.gates[gate];
    const sum = part === null ? undefined : step.sums.get(part.packed);
    if (part === null || sum === undefined) continue;
    const products = sum.products.flatMap((product) =>
      product.parts.some(({ source }) => source === previousHidden) ? product.parts : [product],
    );
    const recurrent = products.filter(({ source }) => source === previousHidden);
    const [own, ...more] = products.filter(({ source }) => source !== previousHidden);
    if (own === undefined || more.length > 0 || recurrent.length !== (previousHidden === null ? 0 : 1)) return null;
    if (input !== null && own.source !== input.source) return null;
    input = own;
    gates[gate] = { part, input: own, recurrent: recurrent[0] ?? null, constants: sum.constants };
  }
  return input === null ? null : { previousHidden, input: input.source, inputRead: input.read, gates };
}

/** Sources of the step's products that could be the hidden value before: those of its size. */
export function hiddenCandidates(step: LstmStep): readonly number[] {
  const size = step.gates.output?.size;
  const products = [...step.sums.values()].flatMap((sum) => sum.products.flatMap((product) => [product, ...product.parts]));
  return [...new Set(products.filter(({ count }) => count === size).map(({ source }) => source))];
}

const MOVES: ReadonlySet<string> = new Set(['STRIDED_SLICE', 'SLICE', 'GATHER', 'UNPACK', 'SQUEEZE', 'TRANSPOSE']);

/** The tensor that a value was cut out of. */
export function rootOf(flow: Dataflow, tensor: number): number {
  let index = flow.origin(tensor);
  for (let hops = 0; hops < 16; hops++) {
    const operator = flow.producer(index);
    const from = operator?.name === 'SPLIT' ? operator.inputs[1] : operator?.inputs[0];
    if (operator === null || (operator.name !== 'SPLIT' && !MOVES.has(operator.name))) return index;
    index = flow.origin(from ?? ABSENT);
  }
  return index;
}
