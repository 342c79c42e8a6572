import { GATES, type Gate } from '../lstm/signals';
import { realConstant } from '../model/constants';
import type { Graph } from '../model/model';
import type { Product } from './affineSum';
import type { GatePart } from './gatePart';
import { biasOf } from './lstmChain';
import type { GateWeights, LstmWeights } from './recognised';
import type { StepRoles } from './stepRoles';

/** Weights per gate out of the matrices that hold them; null where a gate, its recurrent weights or a fitting bias is missing. */
export function gateWeights(graph: Graph, { gates }: StepRoles): LstmWeights | null {
  const found: Partial<Record<Gate, GateWeights>> = {};
  for (const gate of GATES) {
    const source = gates[gate];
    const bias = source === null ? null : biasOf(graph, source);
    if (source === null || source.recurrent === null || bias === null) return null;
    found[gate] = { input: rows(graph, source.input, source.part), recurrent: rows(graph, source.recurrent, source.part), bias };
  }
  return found as LstmWeights;
}

function rows(graph: Graph, { weights, from, count }: Product, { offset, size }: GatePart): Float32Array {
  const columns = weights.shape[1] ?? 0;
  const all = realConstant(weights, graph);
  const taken = new Float32Array(size * count);
  for (let row = 0; row < size; row++) {
    const start = (offset + row) * columns + from;
    taken.set(all.subarray(start, start + count), row * count);
  }
  return taken;
}
