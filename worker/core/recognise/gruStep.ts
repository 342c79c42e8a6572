import { ABSENT, type Operator } from '../model/model';
import { type Dataflow, isPlain } from './dataflow';
import { bothWays, isNear, sigmoidOf, tanhOf } from './gatePart';

/** One step of a GRU: h = z * h' + (1 - z) * tanh(candidate). */
export interface GruStep {
  readonly hidden: number;
  /** Null where the hidden value before is 0 and the product with it is left out. */
  readonly previousHidden: number | null;
  readonly isHard: boolean;
  /** What z is the sigmoid of, and what the candidate is the tanh of. */
  readonly update: number;
  readonly candidate: number;
}

/** The step whose hidden value an operator computes; null where it is none. */
export function gruStepAt(flow: Dataflow, operator: Operator): GruStep | null {
  const hidden = operator.outputs[0] ?? ABSENT;
  if (!isPlain(operator)) return null;
  if (operator.name === 'MUL') {
    const update = newPart(flow, hidden);
    return update === null || isPartOfStep(flow, hidden) ? null : { hidden, previousHidden: null, ...update };
  }
  return operator.name === 'ADD' ? wholeStep(flow, operator) : null;
}

function wholeStep(flow: Dataflow, operator: Operator): GruStep | null {
  for (const [kept, added] of bothWays(operator)) {
    const update = newPart(flow, added);
    const keeping = flow.producer(flow.origin(kept));
    if (update === null || keeping?.name !== 'MUL' || !isPlain(keeping)) continue;
    for (const [gate, previous] of bothWays(keeping)) {
      const { input } = sigmoidOf(flow, gate) ?? { input: null };
      if (input !== update.update) continue;
      return { hidden: operator.outputs[0] ?? ABSENT, previousHidden: flow.origin(previous), ...update };
    }
  }
  return null;
}

/** (1 - z) * tanh(candidate), with what z is the sigmoid of. */
function newPart(flow: Dataflow, tensor: number): Pick<GruStep, 'update' | 'candidate' | 'isHard'> | null {
  const operator = flow.producer(flow.origin(tensor));
  if (operator?.name !== 'MUL' || !isPlain(operator)) return null;
  for (const [rest, squashed] of bothWays(operator)) {
    const difference = flow.producer(flow.origin(rest));
    const candidate = tanhOf(flow, squashed);
    if (difference?.name !== 'SUB' || !isPlain(difference) || candidate === null) continue;
    const [one = ABSENT, gate = ABSENT] = difference.inputs;
    const sigmoid = isNear(flow, one, 1) ? sigmoidOf(flow, gate) : null;
    if (sigmoid !== null) return { update: sigmoid.input, candidate, isHard: sigmoid.isHard };
  }
  return null;
}

function isPartOfStep(flow: Dataflow, tensor: number): boolean {
  return flow.readers(tensor).some((reader) => reader.name === 'ADD' && wholeStep(flow, reader) !== null);
}
