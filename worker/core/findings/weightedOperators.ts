import type { Graph, Operator, Tensor } from '../model/model';
import { operandTensor } from '../model/operands';
import { weightOperands } from '../model/parameters';

/** An operator that multiplies data by trained weights. */
export interface WeightedOperator {
  readonly operator: Operator;
  readonly data: Tensor | null;
  /** Constants only. */
  readonly weights: readonly Tensor[];
  readonly biases: readonly Tensor[];
}

const KNOWN = new WeakMap<Graph, readonly WeightedOperator[]>();

/** Those of a graph in file order. A dozen rules ask for them: they are gathered once. */
export function weightedOperators(graph: Graph): readonly WeightedOperator[] {
  const known = KNOWN.get(graph) ?? gather(graph);
  KNOWN.set(graph, known);
  return known;
}

function gather(graph: Graph): readonly WeightedOperator[] {
  return graph.operators.flatMap((operator): WeightedOperator[] => {
    const operands = weightOperands(operator);
    if (operands === null) return [];
    const constants = (positions: readonly number[]) =>
      positions.flatMap((position): Tensor[] => {
        const tensor = operandTensor(graph, operator, position);
        return tensor === null || tensor.data === null || tensor.isVariable ? [] : [tensor];
      });
    const data = operandTensor(graph, operator, operands.data);
    return [{ operator, data, weights: constants(operands.weights), biases: constants(operands.biases) }];
  });
}

/** 8 or 16-bit codes that stand for reals, by type alone. */
export function isActivationType({ dtype }: Tensor): boolean {
  return dtype === 'int8' || dtype === 'uint8' || dtype === 'int16';
}

/** Whether the operator computes with codes: its data are 8 or 16-bit integers with parameters. */
export function isIntegerOperator({ data }: WeightedOperator): boolean {
  return data !== null && isActivationType(data) && data.quantization !== null;
}
