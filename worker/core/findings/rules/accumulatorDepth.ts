import { LSTM_OPERANDS } from '../../model/lstmOperands';
import { operandTensor } from '../../model/operands';
import { INTEGER_RAILS } from '../../model/dtype';
import type { FindingRule, Occurrence } from '../findingRule';
import { grouped } from '../../wording';
import { tensorName } from '../wording';

const DEEPEST = 2 ** 15;

/** Largest |x - zeroPoint| times largest |w|, both int8. */
const LARGEST_PRODUCT = 255 * 127;
const INT32_MAX = 2147483647;

export const accumulatorDepth: FindingRule = {
  rule: 'accumulator-depth',
  severity: 'warning',
  title: 'Accumulator comes close to overflow',
  explanation:
    'Products of int8 values are summed in int32. Up to a depth of 2^15 no sum can leave it; beyond, a sum may wrap around and change its sign.',
  fix: 'Split the matrix along its depth, so that each part has at most 32,768 columns.',
  reference: 'arXiv 2101.05453: int8 x int8 is safe in int32 up to a depth of 2^15',
  check: ({ graph, lstms }) => [
    ...lstms.flatMap(({ info, isInteger, operator, operand }): Occurrence[] => {
      const depth = Math.max(info.input, info.output, info.projection ? info.cell : 0);
      const weights = operand(LSTM_OPERANDS.inputToGate.output);
      if (!isInteger || depth <= DEEPEST || weights === null) return [];
      return [{ ...explain(info.name, depth), op: operator, tensor: weights }];
    }),
    ...graph.operators.flatMap((operator): Occurrence[] => {
      if (operator.name !== 'FULLY_CONNECTED') return [];
      const [input, weights] = [operandTensor(graph, operator, 0), operandTensor(graph, operator, 1)];
      const depth = weights?.shape[1] ?? 0;
      if (weights === null || input === null || INTEGER_RAILS[input.dtype] === undefined || depth <= DEEPEST) return [];
      return [{ ...explain(tensorName(weights), depth), op: operator, tensor: weights }];
    }),
  ],
};

function explain(name: string, depth: number): Pick<Occurrence, 'message' | 'severity'> {
  const largest = depth * LARGEST_PRODUCT;
  const overflows = largest > INT32_MAX;
  const bound = overflows ? 'beyond' : 'of';
  const message = `${name}: depth ${grouped(depth)}. Sums of so many int8 products can reach ${grouped(largest)}, ${bound} int32's ${grouped(INT32_MAX)}.`;
  return { message, severity: overflows ? 'error' : 'warning' };
}
