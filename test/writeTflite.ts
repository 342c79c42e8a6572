import { readTflite } from '../worker/core/formats/tflite/readTflite';
import { writeTflite as writeEdit } from '../worker/core/formats/tflite/write/writeTflite';
import type { Graph } from '../worker/core/model/model';
import { int32, tables, text, writeFlat } from './unit/formats/flatWriter';

/** One graph without anything in it. */
const EMPTY = writeFlat({ 0: int32(3), 2: tables([{ 4: text('main') }]), 3: text('made for a test'), 4: tables([{}]) }).bytes;

/** A .tflite file of one graph. Constants are those tensors that have data; other tensors' values are computed or given. */
export function writeTflite(graph: Graph): Uint8Array {
  const edit = {
    graph,
    tensorOrigins: graph.tensors.map(() => null),
    operatorOrigins: graph.operators.map(() => null),
  };
  return writeEdit({ source: readTflite(EMPTY, 'empty'), graphs: [edit], metadata: [] }, EMPTY);
}
