import { LSTM_OPERANDS } from '../../model/lstmOperands';
import { operandTensor } from '../../model/operands';
import { INTEGER_RAILS } from '../../model/dtype';
import type { FindingRule, Occurrence } from '../findingRule';
import { count } from '../wording';

const DEEPEST = 2 ** 15;

export const accumulatorDepth: FindingRule = {
  rule: 'accumulator-depth',
  severity: 'error',
  title: 'Accumulator can overflow',
  fix: 'Split the matrix along its depth, so that each part has at most 32,768 columns.',
  source: 'arXiv 2101.05453: int8 x int8 stays in int32 up to a depth of 2^15',
  check: ({ graph, lstms }) => {
    const found: Occurrence[] = lstms
      .filter(({ info, isInteger }) => isInteger && Math.max(info.input, info.output, info.projection ? info.cell : 0) > DEEPEST)
      .map(({ info, operator, operand }) => {
        const depth = Math.max(info.input, info.output, info.projection ? info.cell : 0);
        const weights = operand(LSTM_OPERANDS.inputToGate.output);
        const message = `${info.name}: ${explain(depth)}`;
        return weights === null ? { message, op: operator } : { message, op: operator, tensor: weights };
      });
    for (const operator of graph.operators) {
      if (operator.name !== 'FULLY_CONNECTED') continue;
      const [input, weights] = [operandTensor(graph, operator, 0), operandTensor(graph, operator, 1)];
      const depth = weights?.shape[1] ?? 0;
      if (weights === null || input === null || INTEGER_RAILS[input.dtype] === undefined || depth <= DEEPEST) continue;
      found.push({ message: `${weights.name}: ${explain(depth)}`, op: operator, tensor: weights });
    }
    return found;
  },
};

function explain(depth: number): string {
  return `sums of ${count(depth)} products of int8 can reach ${count(depth * 128 * 127)}, beyond int32.`;
}
