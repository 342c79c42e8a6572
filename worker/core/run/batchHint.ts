import type { Graph } from '../model/model';
import { formatShape } from './arrays';
import { InputShapeError } from './inputShapeError';
import type { Value } from './value';

/**
 * What to say when a model refuses an array whose first axis counts samples, where the file fixes a batch of 1: how to give
 * them as samples. Null where that is not the matter.
 */
export function batchHint(graph: Graph, inputs: readonly Value[]): string | null {
  for (const [position, { shape }] of inputs.entries()) {
    const wanted = graph.tensors[graph.inputs[position] ?? -1]?.shapeSignature ?? [];
    const [count = 1, ...rest] = shape;
    const isStack = shape.length === wanted.length && shape.length > 1 && wanted[0] === 1 && count > 1;
    if (isStack && rest.every((size, axis) => wanted[axis + 1] === -1 || wanted[axis + 1] === size)) {
      return `${formatShape(shape)} is one sample of batch ${count}; for ${count} samples give ${formatShape([count, 1, ...rest])}, or have the first axis count samples (--samples-axis 0, or in the data panel)`;
    }
  }
  return null;
}

/** An error of a run with that hint, where it applies; any other as it is. */
export function withBatchHint(error: unknown, graph: Graph, inputs: readonly Value[]): unknown {
  const hint = error instanceof InputShapeError ? batchHint(graph, inputs) : null;
  if (hint === null || !(error instanceof InputShapeError)) return error;
  return new InputShapeError(`${error.message}; ${hint}`, error.operatorIndex);
}
