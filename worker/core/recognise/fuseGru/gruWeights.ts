import type { GruGate } from '../../lstm/signals';
import { ABSENT } from '../../model/model';
import type { Dataflow } from '../dataflow';
import { bothWays, sigmoidOf } from '../gatePart';
import type { GruStep } from '../gruStep';
import { sameConstant } from '../sameConstant';
import { type GruProduct, type GruSum, gruSum } from './gruSum';

/** What one gate multiplies by and adds. */
export interface GruGateWeights {
  readonly input: GruProduct;
  readonly recurrent: GruProduct;
  readonly bias: Bias;
}

export type Bias = Pick<GruSum, 'bias' | 'slack'>;

export interface GruWeights {
  readonly gates: Readonly<Record<GruGate, GruGateWeights>>;
  /** Reset after the candidate's recurrent product: the bias inside the brackets. Null: reset before. */
  readonly resetAfter: Bias | null;
}

/** As `GruWeights`, of a step that may begin at 0, where products with h are left out. */
interface StepWeights {
  readonly gates: Readonly<Record<GruGate, { readonly input: GruProduct; readonly recurrent: GruProduct | null; readonly bias: Bias } | null>>; // prettier-ignore
  readonly resetAfter: Bias | null;
}

const GATES: readonly GruGate[] = ['update', 'reset', 'candidate'];
/** Biases that are added up in another order, or folded into the constants of a first step, differ by float32's rounding. */
const CLOSE = 1e-6;

/** The weights that all steps of a GRU share, by gate; a text that says why there are none. */
export function gruWeights(flow: Dataflow, steps: readonly GruStep[]): GruWeights | string {
  const found = steps.map((step) => stepWeights(flow, step));
  const last = found.at(-1) ?? null;
  const [update, reset, candidate] = GATES.map((gate) => wholeGate(last?.gates[gate] ?? null));
  if (last === null || !update || !reset || !candidate) return 'The weights and biases of its three gates cannot be found in it.';
  const whole: GruWeights = { gates: { update, reset, candidate }, resetAfter: last.resetAfter };
  const other = found.findIndex((step) => step === null || !sharesWeights(step, whole));
  return other === -1 ? whole : `Step ${other + 1} has other weights than the last one.`;
}

function wholeGate(gate: StepWeights['gates'][GruGate]): GruGateWeights | null {
  return gate === null || gate.recurrent === null ? null : { ...gate, recurrent: gate.recurrent };
}

function stepWeights(flow: Dataflow, step: GruStep): StepWeights | null {
  const size = flow.shape(step.hidden).at(-1) ?? 0;
  const isHidden = ({ source }: GruProduct) => source === step.previousHidden;
  const candidate = gruSum(flow, step.candidate, size);
  const update = gateOf(gruSum(flow, step.update, size), isHidden);
  if (candidate === null || update === null) return null;
  const after = resetAfter(flow, candidate, step, size);
  const before = after === null ? resetBefore(flow, candidate, step) : null;
  const reset = after?.reset ?? before?.reset ?? null;
  const recurrent = after === null ? (before?.product ?? null) : after.product;
  const inputs = candidate.products.filter((product) => product !== recurrent);
  const [input] = inputs;
  if (input === undefined || inputs.length > 1 || candidate.multiplied.length > (after === null ? 0 : 1)) return null;
  const resetGate = reset === null ? null : gateOf(gruSum(flow, reset, size), isHidden);
  // At the first step of a GRU that resets before its product, r multiplies 0 and is left out.
  if (resetGate === null && (reset !== null || step.previousHidden !== null)) return null;
  const sources = new Set([input, update.input, resetGate?.input ?? input].map(({ source }) => source));
  if (sources.size > 1) return null;
  return {
    gates: { update, reset: resetGate, candidate: { input, recurrent, bias: candidate } },
    resetAfter: after?.bias ?? null,
  };
}

function gateOf(sum: GruSum | null, isHidden: (product: GruProduct) => boolean) {
  if (sum === null || sum.multiplied.length > 0) return null;
  const inputs = sum.products.filter((product) => !isHidden(product));
  const recurrent = sum.products.filter(isHidden);
  const [input] = inputs;
  if (input === undefined || inputs.length > 1 || recurrent.length > 1) return null;
  return { input, recurrent: recurrent[0] ?? null, bias: sum };
}

/** r * (Rn h + b) in the candidate's sum: what r is the sigmoid of, and what is in the brackets. */
function resetAfter(flow: Dataflow, { multiplied }: GruSum, step: GruStep, size: number) {
  const [operator] = multiplied;
  if (operator === undefined) return null;
  for (const [gate, inside] of bothWays(operator)) {
    const sigmoid = sigmoidOf(flow, gate);
    const sum = sigmoid === null || sigmoid.isHard !== step.isHard ? null : gruSum(flow, inside, size);
    if (sigmoid === null || sum === null || sum.multiplied.length > 0 || sum.products.length > 1) continue;
    const [product = null] = sum.products;
    if (product !== null && product.source !== step.previousHidden) continue;
    return { reset: sigmoid.input, product, bias: sum };
  }
  return null;
}

/** Rn (r * h) in the candidate's sum: what r is the sigmoid of, and the product. */
function resetBefore(flow: Dataflow, { products }: GruSum, step: GruStep) {
  for (const product of products) {
    const operator = flow.producer(product.source);
    for (const [gate, hidden] of operator?.name === 'MUL' ? bothWays(operator) : []) {
      const sigmoid = sigmoidOf(flow, gate);
      if (sigmoid?.isHard === step.isHard && flow.origin(hidden) === (step.previousHidden ?? ABSENT)) {
        return { reset: sigmoid.input, product };
      }
    }
  }
  return null;
}

function sharesWeights(step: StepWeights, whole: GruWeights): boolean {
  if ((step.resetAfter === null) !== (whole.resetAfter === null) && step.gates.reset !== null) return false;
  if (step.resetAfter !== null && whole.resetAfter !== null && !isClose(step.resetAfter, whole.resetAfter)) return false;
  return GATES.every((gate) => {
    const [own, wanted] = [step.gates[gate], whole.gates[gate]];
    if (own === null) return gate === 'reset';
    const recurs = own.recurrent === null || sameRows(own.recurrent, wanted.recurrent);
    return recurs && sameRows(own.input, wanted.input) && isClose(own.bias, wanted.bias);
  });
}

function sameRows(a: GruProduct, b: GruProduct): boolean {
  return a.offset === b.offset && a.size === b.size && a.isAsymmetric === b.isAsymmetric && sameConstant(a.weights, b.weights);
}

function isClose(a: Bias, b: Bias): boolean {
  const slack = a.slack + b.slack;
  const isNear = (value: number, other: number) => Math.abs(value - other) <= slack + CLOSE * Math.max(1, Math.abs(value));
  return a.bias.length === b.bias.length && a.bias.every((value, k) => isNear(value, b.bias[k]!));
}
