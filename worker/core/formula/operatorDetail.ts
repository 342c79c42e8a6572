import { RequestError } from '../analysis/detail/requestError';
import type { PersonaName } from '../lstm/persona';
import type { Model } from '../model/model';
import { accumulatorHeadroom, type AccumulatorHeadroom } from './accumulatorHeadroom';
import { operatorFormula } from './describeOperator';
import type { OperatorFormula } from './operatorFormula';
import { recurrentFormula, type RecurrentFormula } from './recurrentFormula';
import { whereComputed } from './whereComputed';

export interface OperatorDetailRequest {
  readonly subgraph: number;
  /** Index in the file. */
  readonly op: number;
  readonly persona: PersonaName;
}

/** What can be said of one operator from the file alone. */
export interface OperatorDetail extends OperatorDetailRequest {
  /** Null where it does not compute with codes (and for LSTMs, which have a formula in the report). */
  readonly formula: OperatorFormula | null;
  /** Of a GRU or a simple recurrent layer, with reals too; null for others. */
  readonly recurrent: RecurrentFormula | null;
  /** Null where no integer products with constant weights are summed. */
  readonly headroom: AccumulatorHeadroom | null;
}

/** @throws RequestError, ModelFormatError */
export function operatorDetail(model: Model, { subgraph, op, persona }: OperatorDetailRequest): OperatorDetail {
  const graph = model.graphs[subgraph];
  const operator = graph?.operators.find(({ index }) => index === op);
  if (graph === undefined || operator === undefined)
    throw new RequestError('NO_SUCH_OPERATOR', `Graph ${subgraph} has no operator ${op}.`);
  return {
    subgraph,
    op,
    persona,
    formula: operatorFormula(graph, operator, persona),
    recurrent: whereComputed(() => recurrentFormula(graph, operator, persona)),
    headroom: accumulatorHeadroom(graph, operator),
  };
}
