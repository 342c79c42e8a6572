import type { Graph, Model } from '../model/model';
import { Dataflow } from './dataflow';
import { loopGru, unrolledGrus } from './gru';
import { loopFrame } from './loopFrame';
import { loopLstm } from './loopLstm';
import type { RecognisedLstm } from './recognised';
import { unrolledLstms } from './unrolled';

const KNOWN = new WeakMap<Model, readonly RecognisedLstm[]>();

/**
 * The LSTMs and GRUs that a model has in small operators: unrolled, or as a loop over one step. Found by what is computed, not by
 * names; in the order of graphs and of their first operators. Worked out once per model.
 */
export function recogniseLstms(model: Model): readonly RecognisedLstm[] {
  let known = KNOWN.get(model);
  if (known === undefined) KNOWN.set(model, (known = recognised(model)));
  return known;
}

function recognised(model: Model): RecognisedLstm[] {
  const loops = model.graphs.flatMap((graph) => loopCells(model, graph));
  const bodies = new Set(loops.flatMap(({ body }) => body?.subgraph ?? []));
  const unrolled = model.graphs
    .filter(({ index }) => !bodies.has(index))
    .flatMap((graph) => [...unrolledLstms(graph), ...unrolledGrus(graph)]);
  return [...loops, ...unrolled].sort((a, b) => a.subgraph - b.subgraph || (a.operators[0] ?? 0) - (b.operators[0] ?? 0));
}

function loopCells(model: Model, graph: Graph): RecognisedLstm[] {
  const flow = new Dataflow(graph);
  return graph.operators.flatMap((operator) => {
    const frame = loopFrame(model, flow, operator);
    return frame === null ? [] : (loopLstm(flow, frame) ?? loopGru(flow, frame) ?? []);
  });
}
