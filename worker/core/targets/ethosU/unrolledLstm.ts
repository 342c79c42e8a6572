import { countedShape } from '../../model/operands';
import type { OperatorContext, Unrolling } from '../target';
import { ifmOf } from './roles';
import { VELA } from './velaRule';

/** NPU operators beside the steps: reading and writing the sequence of one batch row. */
const BESIDE_STEPS = 2;

/**
 * NPU operators that an LSTM becomes: unrolled over time and, unless it is time-major, over batch. The counts are the
 * compiler's own ("NPU operators"), the same for LSTMs of 3, 28, 49 and 200 steps, batch 1 and 2, int8 and int16.
 */
export function unrolledLstm(context: OperatorContext, perStep: number): Unrolling | null {
  const { operator } = context;
  const ifm = ifmOf(context);
  if (operator.name !== 'UNIDIRECTIONAL_SEQUENCE_LSTM' || ifm === null) return null;
  const [first = 1, second = 1] = countedShape(ifm);
  const isTimeMajor = operator.options.time_major === true;
  const [time, batch] = isTimeMajor ? [first, second] : [second, first];
  const source = `${VELA}, operators counted for LSTMs of 3 to 200 steps`;
  if (isTimeMajor) return { steps: time, operators: perStep * time, source };
  return { steps: time * batch, operators: batch * (perStep * time + BESIDE_STEPS), source };
}
