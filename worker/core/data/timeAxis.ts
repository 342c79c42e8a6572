import type { Graph } from '../model/model';
import type { Value } from '../run/value';

/**
 * Axis of a graph input that counts time steps: 1 ([batch, time, ...]), or 0 where a time-major LSTM reads it; null for
 * inputs of fewer than three axes, which hold one step.
 */
export function timeAxis(graph: Graph, input: number): number | null {
  const tensor = graph.tensors[graph.inputs[input] ?? -1];
  if (tensor === undefined || tensor.shape.length < 3) return null;
  const reader = graph.operators.find(({ inputs, options }) => inputs[0] === tensor.index && options['time_major'] === true);
  return reader === undefined ? 1 : 0;
}

/** Time steps of one call: the longest of its inputs. */
export function stepsOf(graph: Graph, inputs: readonly Value[]): number {
  const steps = inputs.map((value, position) => {
    const axis = timeAxis(graph, position);
    return axis === null ? 1 : (value.shape[axis] ?? 1);
  });
  return Math.max(1, ...steps);
}
