import type { Graph, Operator } from '../../core/model/model';
import { UnsupportedOperatorError } from '../../core/run/preparedOp';

const RANDOM: ReadonlySet<string> = new Set([
  'Bernoulli',
  'Multinomial',
  'RandomNormal',
  'RandomNormalLike',
  'RandomUniform',
  'RandomUniformLike',
]);

/** Why an operator is not computed in a model of its own, judged by the file alone; null where nothing speaks against it. */
export function refusalOf(graph: Graph, operator: Operator): string | null {
  const { name, inputs, outputs } = operator;
  if (RANDOM.has(name)) return 'it gives other values every time (random numbers)';
  for (const index of [...inputs, ...outputs]) {
    if (graph.tensors[index]?.dtype === 'string') return 'texts are not handed over';
  }
  return null;
}

export function refused({ index, name }: Operator, reason: string): UnsupportedOperatorError {
  return new UnsupportedOperatorError(index, name, `op ${index} ${name}: ${reason}`);
}
