import type { ModelEdit } from '../../../model/modelEdit';
import type { Tensor } from '../../../model/model';
import { sameNumbers } from './sameValues';

/** Version, graph, count; then one offset for each tensor. */
const HEADER_WORDS = 3;
const PLANNED_AT_RUN_TIME = -1;

/**
 * TensorFlow Lite Micro's offline memory plan, "OfflineMemoryAllocation": int32 words, one offset into the arena for each tensor
 * of a graph. Tensors that are new, or whose size changed, are left to be placed at run time (-1).
 * @returns `data` itself where nothing changes, or where it is no plan
 */
export function renumberMemoryPlan(data: Uint8Array, { source, graphs }: ModelEdit): Uint8Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const words = Math.floor(data.length / 4);
  const graph = words < HEADER_WORDS ? -1 : view.getInt32(4, true);
  const [edit, before] = [graphs[graph], source.graphs[graph]];
  if (edit === undefined || before === undefined || view.getInt32(8, true) !== words - HEADER_WORDS) return data;
  const offsets = edit.graph.tensors.map((tensor, i) => {
    const origin = edit.tensorOrigins[i] ?? -1;
    const old = before.tensors[origin];
    if (old === undefined || !isSameSize(old, tensor) || origin >= words - HEADER_WORDS) return PLANNED_AT_RUN_TIME;
    return view.getInt32(4 * (HEADER_WORDS + origin), true);
  });
  const plan = new Int32Array([view.getInt32(0, true), graph, offsets.length, ...offsets]);
  const bytes = new Uint8Array(plan.buffer);
  return sameNumbers(bytes, data) ? data : bytes;
}

function isSameSize(a: Tensor, b: Tensor): boolean {
  return a.dtype === b.dtype && sameNumbers(a.shape, b.shape);
}
