import { describeLstms } from '../model/lstmInfo';
import { lstmOperatorOf } from '../model/lstmOperands';
import type { Graph, Model } from '../model/model';
import { operandTensor } from '../model/operands';
import type { LintContext, LintedLstm } from './findingRule';

export function describeForLint(model: Model, graph: Graph): LintContext {
  const lstms = describeLstms(graph).flatMap((info): LintedLstm[] => {
    const operator = graph.operators[info.op];
    const kind = operator === undefined ? null : lstmOperatorOf(operator);
    if (operator === undefined || (kind !== 'sequence' && kind !== 'step')) return [];
    return [
      {
        info,
        operator,
        isInteger: info.scheme === 'int8' || info.scheme === '16x8',
        operand: (position) => operandTensor(graph, operator, position),
        intermediate: (position) => graph.tensors[operator.intermediates[position] ?? -1] ?? null,
      },
    ];
  });
  return { model, graph, lstms };
}
