import { hiddenRows } from './cellHidden';
import {
  isHidden,
  LANES,
  type CellBoxId,
  type CellLayout,
  type CellTopology,
  type LstmTopology,
  type Point,
  type Wire,
} from './cellLayout';
import type { Box } from './placeLabels';

const BOX = 72;
const GAP = { x: 16, y: 12 };
const TOP = 10;
const EDGE = 2;

/** Height of the list: inputs, five rows of an LSTM or a GRU; a simple layer leaves some of it empty. */
export const CELL_LIST_HEIGHT = TOP + 6 * BOX + 5 * GAP.y + 8;

/**
 * The cell for places too narrow for its diagram: the same boxes row by row, inputs first, then a row for each gate from left to right,
 * then the states. Loops, products and absent parts are not drawn.
 */
export function layoutCellList(width: number, topology: CellTopology): CellLayout {
  const boxes: Partial<Record<CellBoxId, Box>> = {};
  const wires: Wire[] = [];
  const place = (row: number, ids: readonly CellBoxId[], joined: boolean): void => {
    const boxWidth = (width - 2 * EDGE - 8 - (ids.length - 1) * GAP.x) / ids.length;
    const y = TOP + row * (BOX + GAP.y);
    ids.forEach((id, column) => {
      const x = EDGE + column * (boxWidth + GAP.x);
      boxes[id] = { x, y, width: boxWidth, height: BOX };
      const middle = y + BOX / 2;
      const points: Point[] = [
        [x - GAP.x, middle],
        [x - 1, middle],
      ];
      if (joined && column > 0) wires.push({ points, arrow: true, kind: 'flow' });
    });
  };
  place(0, ['W', 'x', 'h_prev'], false);
  const rows = isHidden(topology) ? hiddenRows(topology) : lstmRows(topology);
  rows.forEach((ids, at) => {
    place(1 + at, ids, true);
  });
  return { boxes, wires, tags: [], operations: [], captions: [] };
}

function lstmRows({ layerNorm, projection, cifg }: LstmTopology): readonly (readonly CellBoxId[])[] {
  const gates = LANES.map((lane): CellBoxId[] => {
    const before: CellBoxId[] = lane === 'i' && cifg ? [] : [`${lane}_in`, ...(layerNorm ? [`${lane}_ln` as const] : [])];
    return [...before, lane];
  });
  return [...gates, ['c', 'tanh_c', ...(projection ? (['m'] as const) : []), 'h']];
}
