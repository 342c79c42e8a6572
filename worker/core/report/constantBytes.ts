import type { DType } from '../model/dtype';
import type { Model } from '../model/model';
import type { ConstantRole } from '../model/parameters';
import { elementCount } from '../run/arrays';
import type { ModelOverview } from './overview';

export interface ConstantSummary {
  /** Constant elements that are weights or biases. */
  readonly params: number;
  readonly bytesByType: ModelOverview['bytesByType'];
}

/**
 * What a file's bytes are: weights, biases and other constants by type, largest first, then the rest (tables, names, metadata).
 * Buffers that several tensors share are counted once for each graph's tensors, and once for their bytes.
 * @param roles of the constants of each graph
 */
export function summarizeConstants(model: Model, roles: readonly ReadonlyMap<number, ConstantRole>[]): ConstantSummary {
  const groups = new Map<string, { dtype: DType; bytes: number }>();
  const buffers = new Set<number>();
  let params = 0;
  let stored = 0;
  for (const graph of model.graphs) {
    const seenBefore = new Set(buffers);
    for (const [index, role] of roles[graph.index] ?? []) {
      const tensor = graph.tensors[index];
      if (tensor === undefined) continue;
      if (role !== 'other' && !seenBefore.has(tensor.buffer)) params += elementCount(tensor.shape);
      if (buffers.has(tensor.buffer)) continue;
      buffers.add(tensor.buffer);
      const bytes = tensor.data?.length ?? 0;
      stored += bytes;
      const label = `${tensor.dtype} ${role === 'other' ? 'constants' : role}`;
      groups.set(label, { dtype: tensor.dtype, bytes: bytes + (groups.get(label)?.bytes ?? 0) });
    }
  }
  const sorted = [...groups].map(([label, group]) => ({ label, ...group })).sort((a, b) => b.bytes - a.bytes);
  const rest = { label: 'file structure', dtype: null, bytes: Math.max(0, model.byteLength - stored) };
  return { params, bytesByType: [...sorted, rest] };
}
