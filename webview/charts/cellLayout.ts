import type { Box } from './placeLabels';

/** What decides which signals a cell has. */
export type CellTopology = LstmTopology | HiddenTopology;

/** Of a GRU or a simple recurrent layer, whose only state is h. */
export interface HiddenTopology {
  readonly kind: 'gru' | 'rnn';
  /** Whether r multiplies h before the candidate's recurrent product, or that product; null: there is no r. */
  readonly reset: 'before' | 'after' | null;
  /** Of what is activated; 0 = off. */
  readonly gateClip: number;
  /** Of z and r; null where there are none. Names as in the operator's options. */
  readonly gateActivation: string | null;
  /** Of the candidate, or of a simple layer. */
  readonly activation: string;
}

export const isHidden = (topology: CellTopology): topology is HiddenTopology => 'kind' in topology;

/** Which optional parts an LSTM has; absent ones are drawn as dashed ghosts in their place. */
export interface LstmTopology {
  readonly layerNorm: boolean;
  readonly projection: boolean;
  readonly peephole: boolean;
  /** Coupled input and forget gate: i = 1 - f. */
  readonly cifg: boolean;
}

export type Lane = 'f' | 'i' | 'g' | 'o';
export const LANES: readonly Lane[] = ['f', 'i', 'g', 'o'];

/** Boxes of the cell by name; those of gates are per lane: `o_in` before activation, `o_ln` after layer norm, `o` activated. */
export type CellBoxId =
  'W' | 'x' | 'h_prev' | `${Lane}_in` | `${Lane}_ln` | Lane | 'c' | 'tanh_c' | 'm' | 'h' | GruBoxId | RnnBoxId;
/** `n_x`, `n_h`, `n_rh` and `rh` are what the candidate adds up: W x, R h, r times it, or r times h. */
export type GruBoxId = 'z_in' | 'z' | 'r_in' | 'r' | 'n_x' | 'n_h' | 'n_rh' | 'rh' | 'n_in' | 'n';
export type RnnBoxId = 'a_x' | 'a_in';

/** Smallest width at which the cell's parts have room as a diagram; narrower ones are drawn as a list (`cellList`). */
export const CELL_MIN_WIDTH = 680;
/** What four lanes and both state loops need. */
export const CELL_HEIGHT = 370;

export type Point = readonly [x: number, y: number];

export interface Wire {
  readonly points: readonly Point[];
  /** Whether it ends in an arrowhead. */
  readonly arrow: boolean;
  /** `ghost`: to a part that is not there. `tap`: reads without changing. */
  readonly kind: 'flow' | 'ghost' | 'tap';
}

/** A named part without a histogram of its own, or the ghost of an absent one. */
export interface Tag extends Box {
  readonly text: string;
  readonly ghost: boolean;
}

export interface CellLayout {
  readonly boxes: Readonly<Partial<Record<CellBoxId, Box>>>;
  readonly wires: readonly Wire[];
  readonly tags: readonly Tag[];
  /** Centres of the elementwise operations. */
  readonly operations: readonly { readonly x: number; readonly y: number; readonly sign: '×' | '+' }[];
  readonly captions: readonly { readonly x: number; readonly y: number; readonly text: string }[];
}

export const LANE_Y: Readonly<Record<Lane, number>> = { f: 62, i: 145, g: 228, o: 311 };
export const BOX = 72;
const MID_IG = (LANE_Y.i + LANE_Y.g) / 2;

/** Left edges (and widths) of the columns at the reference width of 812 px; everything scales with the width. */
const COLUMNS = {
  plain: {
    before: 132,
    beforeW: 128,
    norm: 0,
    normW: 0,
    gate: 306,
    gateW: 106,
    times: 438,
    plus: 472,
    cell: 502,
    cellW: 128,
    tanh: 660,
  },
  norm: {
    before: 118,
    beforeW: 96,
    norm: 236,
    normW: 96,
    gate: 352,
    gateW: 92,
    times: 466,
    plus: 493,
    cell: 516,
    cellW: 122,
    tanh: 660,
  },
};
export const REFERENCE_WIDTH = 812;

/** Where every part of an LSTM goes: lanes f, i, g, o from left to right, c along the top, h along the bottom. */
export function layoutLstm(width: number, height: number, topology: LstmTopology): CellLayout {
  const s = width / REFERENCE_WIDTH;
  const raw = topology.layerNorm ? COLUMNS.norm : COLUMNS.plain;
  const at = Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, value * s])) as typeof raw;
  const right = width - 4;
  const columns: Columns = {
    ...at,
    inputsW: 84 * s,
    bus: 2 + 84 * s + (topology.layerNorm ? 12 : 22) * s,
    tanhW: 108 * s,
    gateEnd: at.gate + at.gateW,
    // The product with o stands left of where the output (and hidden) boxes begin.
    product: right - (topology.projection ? 84 + 96 + 42 : 112 + 92) * s,
    right,
    bottom: height - 7,
    scale: s,
  };
  const boxes = layoutBoxes(columns, topology);
  const parts = layoutParts(columns, topology, boxes);
  return { boxes, ...parts };
}

interface Columns {
  readonly before: number;
  readonly beforeW: number;
  readonly norm: number;
  readonly normW: number;
  readonly gate: number;
  readonly gateW: number;
  readonly gateEnd: number;
  readonly times: number;
  readonly plus: number;
  readonly cell: number;
  readonly cellW: number;
  readonly tanh: number;
  readonly tanhW: number;
  readonly inputsW: number;
  readonly bus: number;
  readonly product: number;
  readonly right: number;
  readonly bottom: number;
  readonly scale: number;
}

export const centred = (x: number, y: number, width: number, height: number): Box => ({ x, y: y - height / 2, width, height });

function layoutBoxes(at: Columns, { layerNorm, projection, cifg }: LstmTopology): Partial<Record<CellBoxId, Box>> {
  const boxes: Partial<Record<CellBoxId, Box>> = {
    W: centred(2, LANE_Y.f - 6, at.inputsW, 44),
    x: centred(2, LANE_Y.i - 4, at.inputsW, 70),
    h_prev: centred(2, LANE_Y.g + 40, at.inputsW, 70),
    c: centred(at.cell, LANE_Y.f, at.cellW, 76),
    tanh_c: centred(at.tanh, LANE_Y.f, at.tanhW, BOX),
  };
  for (const lane of LANES) {
    boxes[lane] = centred(at.gate, LANE_Y[lane], at.gateW, BOX);
    if (lane === 'i' && cifg) continue;
    boxes[`${lane}_in`] = centred(at.before, LANE_Y[lane], at.beforeW, BOX);
    if (layerNorm) boxes[`${lane}_ln`] = centred(at.norm, LANE_Y[lane], at.normW, BOX);
  }
  const outputW = (projection ? 84 : 112) * at.scale;
  boxes.h = centred(at.right - outputW, LANE_Y.o, outputW, 76);
  if (projection) boxes.m = centred(at.product + 20 * at.scale, LANE_Y.o, 84 * at.scale, BOX);
  return boxes;
}

type Parts = Omit<CellLayout, 'boxes'>;

function layoutParts(at: Columns, topology: LstmTopology, boxes: CellLayout['boxes']): Parts {
  const sections = [inputs(at, topology), gates(at, topology), cellState(at, topology), output(at, topology, boxes)];
  return {
    wires: sections.flatMap(({ wires }) => wires),
    tags: sections.flatMap(({ tags }) => tags),
    operations: sections.flatMap(({ operations }) => operations),
    captions: sections.flatMap(({ captions }) => captions),
  };
}

export const flow = (...points: Point[]): Wire => ({ points, arrow: true, kind: 'flow' });
export const line = (...points: Point[]): Wire => ({ points, arrow: false, kind: 'flow' });
const none = { wires: [], tags: [], operations: [], captions: [] };

/** Inputs to the bus that feeds every gate. */
function inputs(at: Columns, { cifg }: LstmTopology): Parts {
  const edge = 2 + at.inputsW;
  const fed = LANES.filter((lane) => !(lane === 'i' && cifg));
  return {
    ...none,
    wires: [
      line([edge, LANE_Y.i - 4], [at.bus, LANE_Y.i - 4]),
      line([edge, LANE_Y.g + 40], [at.bus, LANE_Y.g + 40]),
      line([at.bus, LANE_Y.f], [at.bus, LANE_Y.o]),
      {
        points: [
          [edge, LANE_Y.f - 6],
          [at.bus, LANE_Y.f - 6],
          [at.bus, LANE_Y.f],
        ],
        arrow: false,
        kind: 'tap',
      },
      ...fed.map((lane) => flow([at.bus, LANE_Y[lane]], [at.before - 1, LANE_Y[lane]])),
    ],
  };
}

/** Per lane from before to after activation, and the products f·c and i·g. */
function gates(at: Columns, { layerNorm, cifg }: LstmTopology): Parts {
  const beforeEnd = at.before + at.beforeW;
  const wires: Wire[] = [];
  const tags: Tag[] = [];
  for (const lane of LANES) {
    const y = LANE_Y[lane];
    if (lane === 'i' && cifg) {
      const ghost = centred(at.before, y, at.gate - 12 - at.before, 24);
      tags.push({ ...ghost, text: 'no input gate: i = 1 − f', ghost: true });
      wires.push(flow([at.gate + at.gateW / 2, LANE_Y.f + BOX / 2], [at.gate + at.gateW / 2, y - BOX / 2 - 1]));
      continue;
    }
    if (layerNorm) {
      wires.push(flow([beforeEnd, y], [at.norm - 1, y]), flow([at.norm + at.normW, y], [at.gate - 1, y]));
    } else {
      wires.push(flow([beforeEnd, y], [at.gate - 1, y]));
      tags.push({ ...centred((beforeEnd + at.gate) / 2 - 14, y, 22, 16), text: 'LN', ghost: true });
    }
  }
  wires.push(
    flow([at.gateEnd, LANE_Y.f], [at.times - 10, LANE_Y.f]),
    line([at.gateEnd, LANE_Y.i], [at.times, LANE_Y.i], [at.times, MID_IG - 9]),
    line([at.gateEnd, LANE_Y.g], [at.times, LANE_Y.g], [at.times, MID_IG + 9]),
    flow([at.times + 9, MID_IG], [at.plus, MID_IG], [at.plus, LANE_Y.f + 10]),
    line([at.times + 9, LANE_Y.f], [at.plus - 9, LANE_Y.f]),
  );
  const operations = [
    { x: at.times, y: LANE_Y.f, sign: '×' },
    { x: at.times, y: MID_IG, sign: '×' },
    { x: at.plus, y: LANE_Y.f, sign: '+' },
  ] as const;
  return { ...none, wires, tags, operations };
}

/** The cell, its loop along the top, and the peephole's place under it. */
function cellState(at: Columns, { peephole, cifg }: LstmTopology): Parts {
  const middle = at.cell + at.cellW / 2;
  const loop = 12;
  const text = peephole ? `peephole: c → ${cifg ? 'f o' : 'i f o'}` : 'no peephole';
  const tag = centred(middle - 52, LANE_Y.i, 104, 18);
  return {
    operations: [],
    wires: [
      flow([at.plus + 9, LANE_Y.f], [at.cell - 1, LANE_Y.f]),
      flow([at.cell + at.cellW, LANE_Y.f], [at.tanh - 1, LANE_Y.f]),
      flow([middle, LANE_Y.f - 38], [middle, loop], [at.times, loop], [at.times, LANE_Y.f - 10]),
      {
        points: [
          [middle, LANE_Y.f + 38],
          [middle, tag.y],
        ],
        arrow: false,
        kind: peephole ? 'tap' : 'ghost',
      },
    ],
    tags: [{ ...tag, text, ghost: !peephole }],
    captions: [{ x: (at.times + middle) / 2, y: loop - 3, text: 'c(t−1)' }],
  };
}

/** tanh(c) times o, the projection's place, the output and its loop along the bottom. */
function output(at: Columns, { projection }: LstmTopology, { h, m }: CellLayout['boxes']): Parts {
  const y = LANE_Y.o;
  const hLeft = h?.x ?? at.right;
  const hMiddle = hLeft + (h?.width ?? 0) / 2;
  const tanhMiddle = at.tanh + at.tanhW / 2;
  const gap = m ? [m.x + m.width, hLeft] : [at.product + 9, hLeft];
  const centre = ((gap[0] ?? 0) + (gap[1] ?? 0)) / 2;
  const tagW = projection ? 20 : 50;
  const back = 2 + at.inputsW / 2;
  return {
    operations: [{ x: at.product, y, sign: '×' }],
    wires: [
      flow([tanhMiddle, LANE_Y.f + BOX / 2], [tanhMiddle, MID_IG], [at.product, MID_IG], [at.product, y - 10]),
      flow([at.gateEnd, y], [at.product - 10, y]),
      ...(m ? [flow([at.product + 9, y], [m.x - 1, y])] : []),
      flow([gap[0] ?? 0, y], [hLeft - 1, y]),
      flow([hMiddle, y + 38], [hMiddle, at.bottom], [back, at.bottom], [back, LANE_Y.g + 40 + 36]),
    ],
    tags: [{ ...centred(centre - tagW / 2 - 2, y, tagW, 16), text: projection ? 'Wₚ' : 'no proj.', ghost: !projection }],
    captions: [{ x: (at.gateEnd + at.product) / 2, y: at.bottom - 4, text: 'h(t−1) for the next step' }],
  };
}

/** The box that an arrow key leads to: along the flow, or the lane above or below. Null at the rim. */
export function neighbour(boxes: CellLayout['boxes'], from: CellBoxId, key: string): CellBoxId | null {
  const start = boxes[from];
  if (!start) return null;
  const [sx, sy] = [start.x + start.width / 2, start.y + start.height / 2];
  const along = key === 'ArrowLeft' || key === 'ArrowRight';
  const sign = key === 'ArrowLeft' || key === 'ArrowUp' ? -1 : 1;
  let best: CellBoxId | null = null;
  let least = Infinity;
  for (const [id, box] of Object.entries(boxes) as [CellBoxId, Box][]) {
    const [dx, dy] = [box.x + box.width / 2 - sx, box.y + box.height / 2 - sy];
    const [ahead, aside] = along ? [dx * sign, Math.abs(dy)] : [dy * sign, Math.abs(dx)];
    // Straight ahead is nearer than aside: a step sideways counts four times.
    const distance = ahead + 4 * aside;
    if (ahead > 8 && distance < least) [best, least] = [id, distance];
  }
  return best;
}
