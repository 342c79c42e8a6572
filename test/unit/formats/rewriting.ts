import { readTflite } from '../../../worker/core/formats/tflite/readTflite';
import { MODEL } from '../../../worker/core/formats/tflite/schema';
import { writeTflite } from '../../../worker/core/formats/tflite/write/writeTflite';
import type { Graph, Model, Tensor } from '../../../worker/core/model/model';
import type { GraphEdit, ModelEdit } from '../../../worker/core/model/modelEdit';
import { graphEdit, identityEdit } from './identityEdit';
import { tinyModel, type TinyParts } from './tinyModel';
import { verifyFlat } from './verifyFlat';

export interface Source {
  readonly file: Uint8Array;
  readonly model: Model;
  readonly graph: Graph;
}

/** A tiny model to edit. */
export function sourceOf(change?: (parts: TinyParts) => void): Source {
  const file = tinyModel(change).bytes;
  const model = readTflite(file, 'tiny');
  const [graph] = model.graphs;
  if (graph === undefined) throw new Error('no graph');
  return { file, model, graph };
}

/** Writes an edit and reads it back; what is written must be sound. */
export function rewrite({ file, model }: Source, changes: Partial<ModelEdit>): Source {
  const written = writeTflite(identityEdit(model, changes), file);
  verifyFlat(written, MODEL, 'TFL3');
  const again = readTflite(written, 'tiny');
  return { file: written, model: again, graph: again.graphs[0]! };
}

/** An edit of the graph's tensors, without others. */
export function withTensors(source: Source, edited: (tensor: Tensor) => Tensor): GraphEdit {
  return graphEdit(source.model, 0, { tensors: source.graph.tensors.map(edited) });
}

/** Gives one tensor other data. */
export const withData = (index: number, data: Uint8Array) => (tensor: Tensor) =>
  tensor.index === index ? { ...tensor, data } : tensor;
