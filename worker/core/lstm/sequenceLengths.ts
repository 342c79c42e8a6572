import { constantValues } from '../model/constants';
import { InputShapeError } from '../run/inputShapeError';
import type { Value } from '../run/value';
import type { OperandReader } from './operandReader';

/** Steps of each batch row, from the operand at `position`; null without one: every row has all steps. @throws InputShapeError */
export function sequenceLengths(
  reader: OperandReader,
  position: number,
  inputs: readonly (Value | null)[],
  steps: number,
  batch: number,
): ArrayLike<number> | null {
  const tensor = reader.optional(position);
  if (tensor === null) return null;
  const given = inputs[position]?.data ?? (tensor.data === null ? null : constantValues(tensor));
  if (given === null) throw reader.refusal(`${tensor.name}, the sequence lengths, has no value`);
  const lengths = Array.from(given as ArrayLike<number | bigint>, Number);
  const isGood =
    lengths.length === batch && lengths.every((length) => Number.isInteger(length) && length >= 0 && length <= steps);
  if (isGood) return lengths;
  const { index, name } = reader.operator;
  const message = `op ${index} ${name}: sequence lengths [${lengths.slice(0, 8).join(', ')}]; ${batch} from 0 to ${steps} are needed`;
  throw new InputShapeError(message, index);
}
