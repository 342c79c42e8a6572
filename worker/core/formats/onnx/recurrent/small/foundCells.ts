import type { Graph } from '../../../../model/model';
import { deadWithout } from '../../../../recognise/coverage';
import { Dataflow } from '../../../../recognise/dataflow';
import { inOrder } from '../../../../recognise/fuse/operatorOrder';
import type { RecognisedLstm } from '../../../../recognise/recognised';
import { unrolledLstms } from '../../../../recognise/unrolled';
import { cellFits } from './cellFits';

/** A graph of more cells than any model has stays as it is. */
const MOST_CELLS = 1024;
/** Cells that read each other's results are looked at one by one only up to here. */
const MOST_ENTANGLED = 64;

export interface FoundCells {
  /** The graph in the names of recognition. */
  readonly flow: Dataflow;
  readonly cells: readonly RecognisedLstm[];
}

/**
 * The LSTMs of a graph that one operator each can stand for: nobody reads values inside them, and none reads what is made of its own results.
 * @param view in the names of recognition
 */
export function findCells(view: Graph): FoundCells {
  const flow = new Dataflow(view);
  const fitting = unrolledLstms(view).filter((lstm) => cellFits(flow, lstm));
  for (let cells = fitting.length > MOST_CELLS ? [] : inLine(flow, fitting); ;) {
    const dead = deadWithout(
      flow,
      cells.flatMap((lstm) => ownOperators(flow, lstm)),
      neededBy(flow, cells),
    );
    const closed = cells.filter((lstm) => isClosed(flow, lstm, dead));
    if (closed.length === cells.length) return { flow, cells };
    cells = closed;
  }
}

/** A cell's operators without those that only hand values on, which may serve others too. */
export function ownOperators(flow: Dataflow, { operators }: RecognisedLstm): readonly number[] {
  return operators.filter((index) => flow.graph.operators[index]?.outputs.every((output) => flow.origin(output) === output));
}

/** What is read once the cells are one operator each. */
function neededBy({ graph }: Dataflow, cells: readonly RecognisedLstm[]): number[] {
  return [...graph.outputs, ...cells.flatMap(operandsOf)];
}

/** Computed values that a cell reads. */
function operandsOf({ input, initialHidden, initialCell }: RecognisedLstm): number[] {
  const states = [initialHidden, initialCell].flatMap((state) => (state.kind === 'given' ? [state.tensor] : []));
  return [...(input.kind === 'sequence' ? [input.tensor] : input.tensors), ...states];
}

/** Whether nobody reads a cell's values but the hidden ones and the last cell. */
function isClosed(flow: Dataflow, lstm: RecognisedLstm, dead: ReadonlySet<number>): boolean {
  const given = new Set([...lstm.hidden, lstm.cells.at(-1)]);
  return ownOperators(flow, lstm).every((index) =>
    (flow.graph.operators[index]?.outputs ?? []).every(
      (tensor) => given.has(tensor) || (!flow.isOutput(tensor) && flow.readers(tensor).every((reader) => dead.has(reader.index))),
    ),
  );
}

/** Cells that can stand as one operator each without one of them having to wait for itself. */
function inLine(flow: Dataflow, cells: readonly RecognisedLstm[]): readonly RecognisedLstm[] {
  if (hasOrder(flow, cells)) return cells;
  const taken: RecognisedLstm[] = [];
  for (const lstm of cells.slice(0, MOST_ENTANGLED)) if (hasOrder(flow, [...taken, lstm])) taken.push(lstm);
  return taken;
}

function hasOrder(flow: Dataflow, cells: readonly RecognisedLstm[]): boolean {
  const dead = deadWithout(
    flow,
    cells.flatMap((lstm) => ownOperators(flow, lstm)),
    neededBy(flow, cells),
  );
  const wholes = cells.map((lstm) => ({ inputs: operandsOf(lstm), outputs: [...lstm.hidden, ...lstm.cells.slice(-1)] }));
  const left = flow.graph.operators.filter(({ index }) => !dead.has(index));
  const ordered = inOrder([...left, ...wholes]);
  const waiting = new Set(ordered.flatMap(({ outputs }) => outputs));
  return ordered.every(({ inputs, outputs }) => {
    const isReady = inputs.every((input) => !waiting.has(input));
    for (const output of outputs) waiting.delete(output);
    return isReady;
  });
}
