import { GATES } from '../lstm/signals';
import { realConstant } from '../model/constants';
import type { Graph, Tensor } from '../model/model';
import type { Dataflow } from './dataflow';
import type { LstmStep } from './lstmStep';
import { sameConstant, sameWeights, sharedWeights } from './sameConstant';
import { type GateSource, hiddenCandidates, rolesOf, rootOf, type StepRoles } from './stepRoles';

/** Steps of one LSTM, in the order in which they are computed. */
export interface LstmChain {
  readonly steps: readonly LstmStep[];
  readonly roles: readonly StepRoles[];
  /** Why the steps make no LSTM of one set of weights; null where they do. */
  readonly problem: string | null;
}

/** Steps linked by the cell that one hands on to the next. */
export function linkSteps(flow: Dataflow, steps: readonly LstmStep[]): LstmChain[] {
  const byCell = new Map(steps.map((step) => [step.cell, step]));
  const next = new Map<LstmStep, LstmStep>();
  const firsts: LstmStep[] = [];
  for (const step of steps) {
    const before = step.previousCell === null ? undefined : byCell.get(step.previousCell);
    if (before === undefined || next.has(before) || before === step) firsts.push(step);
    else next.set(before, step);
  }
  return firsts.map((first) => {
    const chain = [first];
    for (let step = next.get(first); step !== undefined; step = next.get(step)) chain.push(step);
    return chainOf(flow, chain);
  });
}

/** @param firstHidden the hidden value before the first step, where it is known */
export function chainOf(flow: Dataflow, steps: readonly LstmStep[], firstHidden?: number): LstmChain {
  const later = steps.slice(1).map((step, i) => rolesOf(step, steps[i]?.hidden ?? null));
  const firstStep = steps[0];
  const first =
    firstStep === undefined
      ? null
      : firstHidden === undefined
        ? firstRoles(flow, firstStep, later[0] ?? null)
        : rolesOf(firstStep, firstHidden);
  const all = [first, ...later];
  const roles = all.filter((one) => one !== null);
  const unclear = all.indexOf(null);
  const problem =
    unclear !== -1
      ? `In step ${unclear + 1} of ${steps.length}, the products are not those of one input and of the hidden value before.`
      : differenceIn(flow.graph, roles);
  return { steps, roles, problem };
}

/** The source that has the later steps' recurrent weights, else the one that comes from where the cell comes from, or from outside. */
function firstRoles(flow: Dataflow, step: LstmStep, second: StepRoles | null): StepRoles | null {
  if (step.previousCell === null) return rolesOf(step, null);
  const found = hiddenCandidates(step).flatMap((candidate) => rolesOf(step, candidate) ?? []);
  if (second !== null) {
    const wanted = second.gates.output?.recurrent ?? null;
    const fitting = (fits: typeof sameWeights) => found.find(({ gates }) => fits(gates.output?.recurrent ?? null, wanted));
    const matching = fitting(sharedWeights) ?? fitting(sameWeights);
    if (matching !== undefined) return matching;
  }
  if (found.length === 1) return found[0] ?? null;
  const cellRoot = rootOf(flow, step.previousCell);
  const together = found.filter(({ previousHidden }) => rootOf(flow, previousHidden ?? -1) === cellRoot);
  if (together.length === 1) return together[0] ?? null;
  // A state of a single step comes from outside, what a layer takes from the one before does not.
  const handedIn = found.filter(({ previousHidden }) => flow.graph.inputs.includes(rootOf(flow, previousHidden ?? -1)));
  return handedIn.length === 1 ? (handedIn[0] ?? null) : null;
}

/** What keeps the steps from having one set of weights and biases. */
function differenceIn(graph: Graph, roles: readonly StepRoles[]): string | null {
  const last = roles.at(-1);
  for (const [step, own] of roles.entries()) {
    for (const gate of GATES) {
      const [a, b] = [own.gates[gate], last?.gates[gate] ?? null];
      if (a === null || b === null) continue;
      const sameRows = a.part.offset === b.part.offset && a.part.size === b.part.size;
      const sameInput = sameWeights(a.input, b.input);
      const sameRecurrent = a.recurrent === null || sameWeights(a.recurrent, b.recurrent);
      if (!sameRows || !sameInput || !sameRecurrent)
        return `Step ${step + 1} of ${roles.length} has other weights in the ${gate} gate than the last.`;
      if (!sameBiases(graph, a, b))
        return `Step ${step + 1} of ${roles.length} has another bias in the ${gate} gate than the last.`;
    }
  }
  return null;
}

function sameBiases(graph: Graph, a: GateSource, b: GateSource): boolean {
  const among = (one: Tensor, others: readonly Tensor[]) => others.some((other) => sameConstant(one, other));
  const isSame = a.constants.every((one) => among(one, b.constants)) && b.constants.every((one) => among(one, a.constants));
  if (isSame && a.constants.length === b.constants.length) return true;
  const [left, right] = [biasOf(graph, a), biasOf(graph, b)];
  if (left === null || right === null) return false;
  // Integer models store the same bias at several scales.
  const allowed = [...a.constants, ...b.constants].reduce((sum, { quantization }) => sum + (quantization?.scales[0] ?? 0), 1e-6);
  return left.every((value, i) => Math.abs(value - (right[i] ?? NaN)) <= allowed);
}

/** The gate's biases, summed up; null where a constant has not one value for each row of the sum. */
export function biasOf(graph: Graph, { part, input, constants }: GateSource): Float32Array | null {
  const rows = input.weights.shape[0] ?? 0;
  const bias = new Float32Array(part.size);
  for (const constant of constants) {
    const values = realConstant(constant, graph);
    if (values.length !== rows) return null;
    for (let i = 0; i < part.size; i++) bias[i] = (bias[i] ?? 0) + (values[part.offset + i] ?? 0);
  }
  return bias;
}
