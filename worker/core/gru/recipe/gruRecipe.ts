import { GRU_OPERANDS } from '../../model/gruOperands';
import { ABSENT } from '../../model/model';
import { isConstant, parametersOf } from '../../recipe/activations';
import { biasFormat, WEIGHTS_INT8 } from '../../recipe/constantFormats';
import type { DraftOperator, DraftTensor } from '../../recipe/draft';
import { checkRange } from '../../recipe/plan';
import { union } from '../../recipe/lstmRecipe';
import { extremes, scaleProduct } from '../../recipe/quantizedValues';
import type { Rewriting } from '../../recipe/rewriting';
import { GRU_GATES } from '../gruCell';

/**
 * The recipe of the integer LSTM for one GRU; what is computed with it says `IntegerGru`. h has the range of its values after every
 * step, the initial ones included.
 * @throws RecipeError when weights or ranges are not finite
 */
export function quantizeGru(rewriting: Rewriting, operator: DraftOperator): void {
  const { draft, activations, constants } = rewriting;
  const { inputs } = operator;
  const at = (position: number) => draft.operand(operator, position);
  const scaleAt = (position: number) => parametersOf(draft.tensor(at(position))).scale;
  inputs[GRU_OPERANDS.input] = activations.integer(at(GRU_OPERANDS.input), 8);
  const hidden = giveHidden(rewriting, operator);
  const bias = (position: number, scale: number) => {
    if (at(position) !== ABSENT) inputs[position] = constants.quantize(at(position), biasFormat(Float32Array.of(scale), 8));
  };
  for (const gate of GRU_GATES) {
    const [ofInput, ofHidden] = [GRU_OPERANDS.inputToGate[gate], GRU_OPERANDS.recurrentToGate[gate]];
    for (const position of [ofInput, ofHidden]) inputs[position] = constants.quantize(at(position), WEIGHTS_INT8);
    bias(GRU_OPERANDS.gateBias[gate], scaleProduct(scaleAt(GRU_OPERANDS.input), scaleAt(ofInput)));
    if (gate === 'candidate') bias(GRU_OPERANDS.recurrentCandidateBias, scaleProduct(hidden, scaleAt(ofHidden)));
  }
}

/** Gives h, its last value and its first the same parameters. @returns the scale */
function giveHidden(rewriting: Rewriting, operator: DraftOperator): number {
  const { draft, activations } = rewriting;
  const outputs = operator.outputs.map((index) => draft.tensor(index));
  const [sequence] = outputs;
  if (sequence === undefined) return 0;
  const first = draft.operand(operator, GRU_OPERANDS.initialHidden);
  const initial = first === ABSENT ? null : draft.tensor(first);
  const seen = [sequence.calibrated, initial === null ? null : rangeOf(rewriting, initial)].filter((range) => range !== null);
  const range = seen.length === 0 ? null : seen.reduce(union);
  if (range !== null) checkRange(sequence.name, range);
  const parameters = activations.parameters(sequence, range, 8);
  for (const tensor of initial?.isVariable === true ? [...outputs, initial] : outputs) {
    tensor.calibrated = range;
    activations.give(tensor, parameters, 8);
  }
  if (initial?.isVariable === false) operator.inputs[GRU_OPERANDS.initialHidden] = activations.state(first, parameters, 8);
  return parameters.scale;
}

function rangeOf({ constants }: Rewriting, tensor: DraftTensor): DraftTensor['calibrated'] {
  return isConstant(tensor) ? extremes(constants.values(tensor.index)) : tensor.calibrated;
}
