import type { Graph, Model } from '../../model/model';
import { Dataflow } from '../dataflow';
import type { RecognisedLstm } from '../recognised';
import { type CarriedState, carriedState } from './carriedState';

export interface StateChoice {
  /** Cells that start at 0, and those whose states can be kept inside and shall be. */
  readonly taken: readonly RecognisedLstm[];
  readonly carried: readonly CarriedState[];
  readonly refused: readonly { readonly lstm: RecognisedLstm; readonly reason: string }[];
}

/**
 * What can be done about cells whose state before the first step is given.
 * @param carries whether inputs and outputs that do nothing but carry states may go
 */
export function statesInside(model: Model, graph: Graph, lstms: readonly RecognisedLstm[], carries: boolean): StateChoice {
  const taken = lstms.filter(({ initialHidden, initialCell }) => initialHidden.kind === 'zero' && initialCell.kind === 'zero');
  const given = lstms.filter((lstm) => !taken.includes(lstm));
  const roots = [...new Set(given.flatMap(rootsOf))];
  const states = new Map(roots.map((root) => [root, carriedState(graph, given, root)]));
  const carried = carries ? [...states.values()].filter((state) => state !== null && canGo(model, graph, state)) : [];
  const inside = new Set(carried.map((state) => state?.input));
  const refused: { lstm: RecognisedLstm; reason: string }[] = [];
  const carriedCells = given.filter((lstm) => {
    const own = rootsOf(lstm);
    if (lstm.form === 'unrolled' && own.length > 0 && own.every((root) => inside.has(root))) return true;
    refused.push({ lstm, reason: reasonOf(model, graph, own, states, carries) });
    return false;
  });
  return { taken: [...taken, ...carriedCells], carried: carried.filter((state) => state !== null), refused };
}

function rootsOf({ initialHidden, initialCell }: RecognisedLstm): number[] {
  return [initialHidden, initialCell].flatMap((state) => (state.kind === 'given' ? [state.root] : []));
}

/** A signature would lose its tensor. */
function canGo({ signatures }: Model, graph: Graph, { input, output }: CarriedState): boolean {
  return signatures.every(
    (signature) =>
      signature.graph !== graph.index ||
      [...signature.inputs, ...signature.outputs].every(({ tensor }) => tensor !== input && tensor !== output),
  );
}

function reasonOf(
  model: Model,
  graph: Graph,
  roots: readonly number[],
  states: ReadonlyMap<number, CarriedState | null>,
  carries: boolean,
): string {
  const name = (tensor: number) => graph.tensors[tensor]?.name ?? '';
  const flow = new Dataflow(graph);
  const lost = roots.find((root) => (states.get(root) ?? null) === null);
  if (lost !== undefined) {
    const from = graph.inputs.includes(lost) ? 'the input' : flow.producer(lost) === null ? 'the tensor' : 'the computed tensor';
    return `Its state comes from ${from} ${name(lost)}, and no output gives the whole of it back; the fused operator starts at 0.`;
  }
  const [first] = roots.flatMap((root) => states.get(root) ?? []);
  if (first === undefined) return 'Its first state is given; the fused operator starts at 0.';
  const way = `Its state comes in by ${name(first.input)} and goes out by ${name(first.output)}; the fused operator keeps it inside.`;
  if (!carries) return `${way} With states carried inside (--carry-state), both go.`;
  return canGo(model, graph, first) ? way : `${way} A signature of the file names them, so they cannot go.`;
}
