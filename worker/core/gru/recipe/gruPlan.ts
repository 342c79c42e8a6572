import { OperandReader } from '../../lstm/operandReader';
import type { Graph, Operator } from '../../model/model';
import { UnsupportedOperatorError } from '../../run/preparedOp';
import { describeGru } from '../gruCell';

/** Why a GRU stays float; null where the recipe takes it, as far as its own operands say. */
export function gruStaysFloat(graph: Graph, operator: Operator): string | null {
  try {
    const { activations } = describeGru(new OperandReader(graph, operator));
    if (activations.gates === 'SIGMOID' && activations.candidate === 'TANH') return null;
    return `Its activations are ${activations.gates} and ${activations.candidate}; int8 has SIGMOID and TANH.`;
  } catch (error) {
    if (error instanceof UnsupportedOperatorError) return `${error.message}.`;
    throw error;
  }
}
