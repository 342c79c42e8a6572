import type { Graph, Tensor } from '../model/model';
import { realConstant } from '../model/constants';

/**
 * The graph with every constant that it only dequantizes (half-float and integer weights of models that compute in float) as a
 * float32 constant, so that the operators that use them can pack them once. The DEQUANTIZE operators stay.
 */
export function foldConstants(graph: Graph): Graph {
  const folded = new Map<number, Tensor>();
  for (const operator of graph.operators) {
    const source = graph.tensors[operator.inputs[0] ?? -1];
    const target = graph.tensors[operator.outputs[0] ?? -1];
    if (operator.name !== 'DEQUANTIZE' || source === undefined || target === undefined) continue;
    if (source.data === null || target.data !== null || target.dtype !== 'float32') continue;
    const reals = realConstant(source, graph);
    folded.set(target.index, { ...target, shape: source.shape, data: new Uint8Array(reals.buffer) });
  }
  return folded.size === 0 ? graph : { ...graph, tensors: graph.tensors.map((tensor) => folded.get(tensor.index) ?? tensor) };
}
