import { describeCell } from '../lstm/describeCell';
import { computedGates, otherActivations } from '../lstm/lstmCell';
import { OperandReader } from '../lstm/operandReader';
import { checkTflm } from '../lstm/checkTflm';
import { gruStaysFloat } from '../gru/recipe/gruPlan';
import { GRU_OPERANDS } from '../model/gruOperands';
import { lstmOperatorOf } from '../model/lstmOperands';
import { ABSENT } from '../model/model';
import { isOnnxOperator } from '../model/onnxOperator';
import { UnsupportedOperatorError } from '../run/preparedOp';
import { type Bits, isConstant } from './activations';
import type { Draft, DraftOperator } from './draft';
import { operatorProperty, type OperatorProperty } from './operatorProperties';
import type { Overrides } from './overrides';
import { RecipeError } from './recipeError';

/** What becomes of an operator. */
export type OperatorPlan =
  | {
      readonly kind: 'integer';
      readonly bits: Bits;
      /** Why it is not in 16 bits although the recipe asks for it. */ readonly refused: string | null;
    }
  /** `isForeign`: of ONNX, which has other operators for integers. */
  | { readonly kind: 'float'; readonly reason: string; readonly isForeign?: boolean }
  /** Computes with no reals. */
  | { readonly kind: 'other' };

/**
 * Decides for every operator, in order, whether it can be computed in integers: there is a kernel for it, and parameters for its
 * data follow from ranges or from the operator before.
 * @throws RecipeError when operators are not in the order of their data, or a range is not finite
 */
export function planOperators(draft: Draft, overrides: Overrides): OperatorPlan[] {
  return new Planner(draft, overrides).plans();
}

/** Positions of the operands that an operator with these properties takes data from. */
export function dataPositions(operator: DraftOperator, property: OperatorProperty): readonly number[] {
  return property.data === 'every' ? [...operator.inputs.keys()] : property.data;
}

export function outputPositions(operator: DraftOperator, property: OperatorProperty): readonly number[] {
  return property.outputs === 'every' ? [...operator.outputs.keys()] : property.outputs;
}

class Planner {
  readonly #draft: Draft;
  readonly #overrides: Overrides;
  readonly #producers = new Map<number, number>();
  /** Bits of tensors that come out of integer operators. */
  readonly #integer = new Map<number, Bits>();

  constructor(draft: Draft, overrides: Overrides) {
    this.#draft = draft;
    this.#overrides = overrides;
    for (const [place, operator] of draft.operators.entries())
      for (const output of operator.outputs) this.#producers.set(output, place);
  }

  plans(): OperatorPlan[] {
    return this.#draft.operators.map((operator, place) => {
      this.#checkOrder(operator, place);
      const plan = this.#plan(operator);
      if (plan.kind === 'integer') for (const output of operator.outputs) this.#integer.set(output, plan.bits);
      return plan;
    });
  }

  #plan(operator: DraftOperator): OperatorPlan {
    const property = operatorProperty(operator.name);
    const lstm = lstmOperatorOf(operator);
    if (!this.#hasReals(operator, property)) return { kind: 'other' };
    if (operator.stands !== null && this.#overrides.keepFloat.has(operator.stands))
      return { kind: 'float', reason: 'The recipe keeps it float.' };
    const wants16 = this.#wants16(operator, property);
    if (lstm !== null) return this.#planLstm(operator, lstm === 'sequence' || lstm === 'step', wants16);
    if (operator.name === 'SVDF')
      return this.#planOther(operator, [0, 4], operator.outputs, wants16 ? 'SVDF has no 16-bit kernel.' : null);
    if (operator.name === 'GRU') return this.#planGru(operator, wants16);
    if (property === null) {
      const isForeign = isOnnxOperator(operator);
      return { kind: 'float', reason: `There is no integer form of ${operator.name}.`, ...(isForeign ? { isForeign } : {}) };
    }
    const operands = [property.weights?.operand, property.bias ?? undefined].filter((position) => position !== undefined);
    const dynamic = operands.find((position) => this.#isDynamic(operator, position));
    if (dynamic !== undefined) return { kind: 'float', reason: `Its operand ${dynamic} is computed at run time.` };
    const outputs = property.parameters === 'own' ? outputPositions(operator, property) : [];
    const refused = wants16 && !property.int16 ? `${operator.name} has no 16-bit kernel.` : null;
    const data = dataPositions(operator, property);
    return this.#planOther(
      operator,
      data,
      outputs.map((position) => operator.outputs[position] ?? ABSENT),
      refused,
      wants16,
    );
  }

  #planOther(
    operator: DraftOperator,
    data: readonly number[],
    outputs: readonly number[],
    refused: string | null,
    wants16 = false,
  ): OperatorPlan {
    const inputs = data.map((position) => this.#draft.operand(operator, position));
    const lacking = [...inputs.filter((index) => !this.#integer.has(index)), ...outputs].find((index) => !this.#hasRange(index));
    if (lacking !== undefined) return { kind: 'float', reason: `The range of ${this.#draft.tensor(lacking).name} is not known.` };
    return { kind: 'integer', bits: wants16 && refused === null ? 16 : 8, refused };
  }

  #planGru(operator: DraftOperator, wants16: boolean): OperatorPlan {
    const reason = gruStaysFloat(this.#draft, operator);
    if (reason !== null) return { kind: 'float', reason };
    const first = this.#draft.operand(operator, GRU_OPERANDS.initialHidden);
    const data = first === ABSENT ? [GRU_OPERANDS.input] : [GRU_OPERANDS.input, GRU_OPERANDS.initialHidden];
    return this.#planOther(operator, data, operator.outputs.slice(0, 1), wants16 ? 'A GRU has no 16-bit form here.' : null);
  }

  #planLstm(operator: DraftOperator, isFull: boolean, wants16: boolean): OperatorPlan {
    if (!isFull) return { kind: 'float', reason: `There is no integer form of ${operator.name} with these operands.` };
    const reader = new OperandReader(this.#draft, operator);
    try {
      const cell = describeCell(reader);
      const activation = otherActivations(cell);
      if (activation !== null)
        return { kind: 'float', reason: `Its activation is ${activation}; the integer kernels know TANH.` };
      if (!this.#integer.has(cell.input.index) && !this.#hasRange(cell.input.index))
        return { kind: 'float', reason: `The range of ${cell.input.name} is not known.` };
      if (operator.cells.length === 0) return { kind: 'float', reason: 'The ranges inside it are not known.' };
      const [ranges] = operator.cells;
      const unknown = cell.layerNorm ? computedGates(cell).find((gate) => ranges?.gates[gate] === null) : undefined;
      if (unknown !== undefined) return { kind: 'float', reason: `The range of its ${unknown} gate is not known.` };
      const refused = wants16 ? tflmRefusal(reader) : null;
      return { kind: 'integer', bits: wants16 && refused === null ? 16 : 8, refused };
    } catch (error) {
      if (error instanceof UnsupportedOperatorError) return { kind: 'float', reason: `${error.message}.` };
      throw error;
    }
  }

  #hasReals(operator: DraftOperator, property: OperatorProperty | null): boolean {
    const isFloat = (index: number | undefined) => index !== undefined && this.#draft.tensors[index]?.dtype === 'float32';
    if (property === null) return [...operator.inputs, ...operator.outputs].some(isFloat);
    return (
      dataPositions(operator, property).some((position) => isFloat(operator.inputs[position])) ||
      outputPositions(operator, property).some((position) => isFloat(operator.outputs[position]))
    );
  }

  /** The recipe asks for 16 bits in a result, or codes of 16 bits pass through. */
  #wants16(operator: DraftOperator, property: OperatorProperty | null): boolean {
    if (operator.outputs.some((output) => this.#overrides.sixteen.has(output))) return true;
    if (property?.parameters !== 'of-data') return false;
    const data = this.#draft.operand(operator, dataPositions(operator, property)[0] ?? 0);
    return this.#integer.get(data) === 16 || (this.#overrides.sixteen.has(data) && this.#draft.inputs.includes(data));
  }

  #isDynamic(operator: DraftOperator, position: number): boolean {
    const tensor = this.#draft.tensors[this.#draft.operand(operator, position)];
    return tensor !== undefined && !isConstant(tensor);
  }

  #hasRange(index: number): boolean {
    const tensor = this.#draft.tensors[index];
    if (tensor === undefined || isConstant(tensor)) return true;
    const range = tensor.calibrated;
    if (range !== null) checkRange(tensor.name, range);
    return range !== null;
  }

  #checkOrder(operator: DraftOperator, place: number): void {
    for (const input of operator.inputs) {
      const producer = this.#producers.get(input);
      if (producer === undefined || producer < place || this.#draft.tensors[input]?.isVariable === true) continue;
      const message = `Operator ${place}, ${operator.name}, reads ${this.#draft.tensor(input).name} before operator ${producer} writes it.`;
      throw new RecipeError('OPERATOR_ORDER', message, null, 'operators in the order of their data');
    }
  }
}

/** @throws RecipeError naming whose range it is */
export function checkRange(name: string, { min, max }: { readonly min: number; readonly max: number }): void {
  if (Number.isFinite(min) && Number.isFinite(max) && min <= max) return;
  const message = `The range of ${name} is ${min} to ${max}. Give it another range in the recipe, or keep its operator float.`;
  throw new RecipeError('RANGE_NOT_FINITE', message, null, 'a finite minimum and maximum');
}

/** Only TensorFlow Lite Micro has a 16x8 LSTM. */
function tflmRefusal(reader: OperandReader): string | null {
  try {
    checkTflm(describeCell(reader), reader);
    return null;
  } catch (error) {
    if (error instanceof UnsupportedOperatorError)
      return `16 bits in an LSTM run in TensorFlow Lite Micro only, and ${error.message}.`;
    throw error;
  }
}
