import { describeLstms } from '../model/lstmInfo';
import { lstmOperatorOf } from '../model/lstmOperands';
import type { Graph, Model, Operator } from '../model/model';
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
  const { producers, readers } = dataflowOf(graph);
  return {
    model,
    graph,
    lstms,
    producerOf: (tensor) => producers.get(tensor) ?? null,
    readersOf: (tensor) => readers.get(tensor) ?? [],
  };
}

function dataflowOf({ operators }: Graph) {
  const producers = new Map<number, Operator>();
  const readers = new Map<number, Operator[]>();
  for (const operator of operators) {
    for (const index of operator.outputs) producers.set(index, operator);
    for (const index of new Set(operator.inputs)) {
      const known = readers.get(index);
      if (known === undefined) readers.set(index, [operator]);
      else known.push(operator);
    }
  }
  return { producers, readers };
}
