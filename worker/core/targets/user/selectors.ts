import type { Tensor } from '../../model/model';
import { weightOperands } from '../../model/parameters';
import { inputOf, isConstant, outputOf, presentInputs, presentOutputs } from '../operands';
import type { OperatorContext } from '../target';
import { shown, type Checked } from './checker';

/** Tensors of an operator; null for an operand that is named and is not there. */
export type Selector = (context: OperatorContext) => readonly (Tensor | null)[];

const NAMED: Readonly<Record<string, Selector>> = {
  inputs: presentInputs,
  outputs: presentOutputs,
  all: (context) => [...presentInputs(context), ...presentOutputs(context)],
  data: (context) => [
    ...presentInputs(context).filter((tensor) => !isConstant(tensor) && !tensor.isVariable),
    ...presentOutputs(context),
  ],
  weights: (context) => (weightOperands(context.operator)?.weights ?? []).flatMap((operand) => inputOf(context, operand) ?? []),
  biases: (context) => (weightOperands(context.operator)?.biases ?? []).flatMap((operand) => inputOf(context, operand) ?? []),
};

const ALLOWED = `${Object.keys(NAMED).join(', ')}, "input N", "output N"`;

export function readSelector(checked: Checked): Selector {
  const text = checked.text(ALLOWED);
  const named = Object.hasOwn(NAMED, text) ? NAMED[text] : undefined;
  if (named !== undefined) return named;
  const [, side, digits] = /^(input|output) (\d{1,4})$/.exec(text) ?? [];
  if (side === undefined || digits === undefined) {
    if (text !== '') checked.problem(`is ${shown(text)}`, ALLOWED);
    return () => [];
  }
  const position = Number(digits);
  return side === 'input' ? (context) => [inputOf(context, position)] : (context) => [outputOf(context, position)];
}
