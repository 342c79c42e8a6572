import { quantizeGru } from '../gru/recipe/gruRecipe';
import { lstmOperatorOf } from '../model/lstmOperands';
import { ABSENT } from '../model/model';
import { Activations, type Bits, isConstant } from './activations';
import { lowerBidirectional, shareBidirectionalOutputs } from './bidirectional';
import { setBoundary } from './boundary';
import { Constants } from './constants';
import type { Draft, DraftOperator } from './draft';
import { quantizeLstm } from './lstmRecipe';
import type { NoteBook } from './notes';
import { operatorProperty } from './operatorProperties';
import type { Overrides } from './overrides';
import { dataPositions, type OperatorPlan, planOperators } from './plan';
import { quantizeOperator, quantizeSvdf } from './quantizeOperator';
import type { Recipe } from './recipe';
import type { Rewriting } from './rewriting';

/** Turns a graph into integers: operators in order, conversions where float and integer ones meet, the boundary last. */
export function quantizeInteger(draft: Draft, overrides: Overrides, recipe: Recipe, notes: NoteBook): void {
  lowerBidirectional(draft, overrides.keepFloat, notes);
  if (recipe.shareBidirectionalOutput === true) shareBidirectionalOutputs(draft, notes);
  const plans = planOperators(draft, overrides);
  tellPlans(draft, plans, overrides, notes);
  const constants = new Constants(draft, notes, floatConstants(draft, plans));
  const activations = new Activations(draft, constants, notes);
  const rewriting: Rewriting = { draft, recipe, overrides, constants, activations, notes };
  quantizeInputs(rewriting, plans);
  draft.operators = draft.operators.flatMap((operator, place) => {
    const plan = plans[place];
    if (plan?.kind === 'integer') quantizeOne(rewriting, operator, plan.bits);
    if (plan?.kind === 'float')
      operator.inputs = operator.inputs.map((index) => (index === ABSENT ? index : activations.float(index)));
    return [...activations.pending.splice(0), operator];
  });
  setBoundary(rewriting);
}

function quantizeOne(rewriting: Rewriting, operator: DraftOperator, bits: Bits): void {
  const property = operatorProperty(operator.name);
  if (property !== null) quantizeOperator(rewriting, operator, property, bits);
  else if (operator.name === 'SVDF') quantizeSvdf(rewriting, operator);
  else if (operator.name === 'GRU') quantizeGru(rewriting, operator);
  else quantizeLstm(rewriting, operator, bits);
}

/** The graph's inputs that integer operators read, in 16 bits where all of those are, before any operator looks at them. */
function quantizeInputs({ draft, activations }: Rewriting, plans: readonly OperatorPlan[]): void {
  for (const index of draft.inputs) {
    const readers = draft.operators.flatMap((operator, place) => {
      const plan = plans[place];
      return plan?.kind === 'integer' && dataOperands(operator).includes(index) ? [plan.bits] : [];
    });
    if (readers.length > 0) activations.integer(index, readers.every((bits) => bits === 16) ? 16 : 8);
  }
}

function dataOperands(operator: DraftOperator): number[] {
  const property = operatorProperty(operator.name);
  const positions = property === null ? [0] : dataPositions(operator, property);
  return positions.map((position) => operator.inputs[position] ?? ABSENT);
}

/** Constants that float operators go on reading. */
function floatConstants(draft: Draft, plans: readonly OperatorPlan[]): ReadonlySet<number> {
  const reads = draft.operators.flatMap(({ inputs }, place) => (plans[place]?.kind === 'integer' ? [] : inputs));
  return new Set([...reads, ...draft.outputs]);
}

function tellPlans(draft: Draft, plans: readonly OperatorPlan[], { sixteen }: Overrides, notes: NoteBook): void {
  const inIntegers = new Map<number, Bits>();
  const foreign: string[] = [];
  for (const [place, operator] of draft.operators.entries()) {
    const plan = plans[place];
    const name = draft.tensors[operator.outputs[0] ?? ABSENT]?.name ?? '';
    const note = { op: operator.stands, tensor: null, name };
    if (plan?.kind === 'float' && plan.isForeign === true) foreign.push(operator.name);
    else if (plan?.kind === 'float')
      notes.add({ ...note, kind: 'kept-float', text: `${kindOf(operator)} stays float. ${plan.reason}` });
    if (plan?.kind === 'integer' && plan.refused !== null)
      notes.add({ ...note, kind: 'refused', text: `Not in 16 bits: ${plan.refused}` });
    if (plan?.kind === 'integer') for (const output of operator.outputs) inIntegers.set(output, plan.bits);
  }
  tellForeign(foreign, notes);
  for (const index of sixteen) {
    const tensor = draft.tensor(index);
    const note = { op: null, tensor: index, name: tensor.name };
    const isInput = draft.inputs.includes(index);
    if (inIntegers.get(index) === 16 || isInput) notes.add({ ...note, kind: 'override', text: '16 bits, as the recipe says.' });
    else if (!inIntegers.has(index))
      notes.add({
        ...note,
        kind: 'refused',
        text: isConstant(tensor) ? 'Not in 16 bits: it is a constant.' : 'Not in 16 bits: no integer operator writes it.',
      });
  }
}

/** One note for all operators of ONNX: there are many, and the reason is the same. */
function tellForeign(names: readonly string[], notes: NoteBook): void {
  if (names.length === 0) return;
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const kinds = [...counts].map(([name, count]) => (count === 1 ? name : `${name} x${count}`));
  const text =
    `ONNX's own operators stay float, ${names.length} here (${kinds.join(', ')}): DEQUANTIZE and QUANTIZE stand between them and ` +
    'what is computed in integers.';
  notes.add({ kind: 'kept-float', op: null, tensor: null, name: '', text });
}

function kindOf(operator: DraftOperator): string {
  return lstmOperatorOf(operator) === null ? operator.name : `The LSTM (${operator.name})`;
}
