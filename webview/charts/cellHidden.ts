import {
  BOX,
  centred,
  flow,
  LANE_Y,
  line,
  REFERENCE_WIDTH,
  type CellBoxId,
  type CellLayout,
  type HiddenTopology,
  type Wire,
} from './cellLayout';
import type { Box } from './placeLabels';

/** Rows from top to bottom: z, r, what r acts on, n. */
const ROW = { z: LANE_Y.f, r: LANE_Y.i, reset: LANE_Y.g, n: LANE_Y.o } as const;
const MIDDLE = (ROW.z + ROW.n) / 2;
const TOP_LOOP = 12;

/** Rows of boxes under the inputs, as the flow has them. */
export function hiddenRows({ kind, reset }: HiddenTopology): readonly (readonly CellBoxId[])[] {
  if (kind === 'rnn') return [['a_x', 'a_in', 'h']];
  const acted: readonly CellBoxId[] = reset === 'after' ? ['n_h', 'n_rh'] : ['rh'];
  return [['z_in', 'z'], ['r_in', 'r'], acted, ['n_x', 'n_in', 'n'], ['h']];
}

/** Every box of such a cell. */
export const hiddenBoxIds = (topology: HiddenTopology): readonly CellBoxId[] => [
  'W',
  'x',
  'h_prev',
  ...hiddenRows(topology).flat(),
];

/** Where every part of a GRU or a simple recurrent layer goes. */
export function layoutHidden(width: number, height: number, topology: HiddenTopology): CellLayout {
  const at = columnsOf(width, height);
  const inputs: CellLayout['boxes'] = {
    W: centred(2, ROW.z - 6, at.inputsW, 44),
    x: centred(2, ROW.r - 4, at.inputsW, 70),
    h_prev: centred(2, ROW.reset + 40, at.inputsW, 70),
  };
  return topology.kind === 'gru' ? layoutGru(at, inputs, topology) : layoutRnn(at, inputs, topology);
}

type Columns = ReturnType<typeof columnsOf>;

/** Left edges, widths and centres; everything scales with the width. */
function columnsOf(width: number, height: number) {
  const s = width / REFERENCE_WIDTH;
  const right = width - 4;
  const hW = 116 * s;
  return {
    inputsW: 84 * s,
    edge: 2 + 84 * s,
    bus: 2 + 106 * s,
    before: 132 * s,
    beforeW: 112 * s,
    times: 268 * s,
    gate: 292 * s,
    gateW: 104 * s,
    sum: 344 * s,
    last: 372 * s,
    lastW: 104 * s,
    after: 494 * s,
    afterW: 96 * s,
    branch: 540 * s,
    product: 624 * s,
    plus: 664 * s,
    h: right - hW,
    hW,
    back: 2 + 42 * s,
    bottom: height - 7,
  } as const;
}

function layoutGru(at: Columns, inputs: CellLayout['boxes'], { reset, gateClip }: HiddenTopology): CellLayout {
  const isAfter = reset === 'after';
  const before = (y: number): Box => centred(at.before, y, at.beforeW, BOX);
  const gate = (y: number): Box => centred(at.gate, y, at.gateW, BOX);
  const boxes: CellLayout['boxes'] = {
    ...inputs,
    z_in: before(ROW.z),
    z: gate(ROW.z),
    r_in: before(ROW.r),
    r: gate(ROW.r),
    ...(isAfter ? { n_h: before(ROW.reset), n_rh: gate(ROW.reset) } : { rh: gate(ROW.reset) }),
    n_x: before(ROW.n),
    n_in: centred(at.last, ROW.n, at.lastW, BOX),
    n: centred(at.after, ROW.n, at.afterW, BOX),
    h: centred(at.h, MIDDLE, at.hW, 76),
  };
  const beforeEnd = at.before + at.beforeW;
  const gateEnd = at.gate + at.gateW;
  const gateMiddle = at.gate + at.gateW / 2;
  const rDown = at.gate + 16;
  const fed = [ROW.z, ROW.r, ...(isAfter ? [ROW.reset] : []), ROW.n];
  const hTag = centred(at.before + at.beforeW / 2 - 26, ROW.reset, 52, 18);
  const oneMinus = centred(at.product - 24, MIDDLE, 48, 18);
  const recurrent = centred(gateMiddle - 34, ROW.n - 22, 24, 15);
  const wires: Wire[] = [
    ...inputWires(at, fed),
    flow([beforeEnd, ROW.z], [at.gate - 1, ROW.z]),
    flow([beforeEnd, ROW.r], [at.gate - 1, ROW.r]),
    // r meets what it acts on.
    flow([rDown, ROW.r + BOX / 2], [rDown, ROW.r + BOX / 2 + 5], [at.times, ROW.r + BOX / 2 + 5], [at.times, ROW.reset - 10]),
    flow([isAfter ? beforeEnd : hTag.x + hTag.width, ROW.reset], [at.times - 10, ROW.reset]),
    flow([at.times + 9, ROW.reset], [at.gate - 1, ROW.reset]),
    // The candidate's sum.
    flow([gateMiddle, ROW.reset + BOX / 2], [gateMiddle, ROW.n - 10]),
    flow([beforeEnd, ROW.n], [gateMiddle - 10, ROW.n]),
    flow([gateMiddle + 9, ROW.n], [at.last - 1, ROW.n]),
    flow([at.last + at.lastW, ROW.n], [at.after - 1, ROW.n]),
    // z h + (1 - z) n.
    flow([gateEnd, ROW.z], [at.product - 10, ROW.z]),
    flow([at.branch, ROW.z], [at.branch, MIDDLE], [oneMinus.x - 1, MIDDLE]),
    flow([at.product, MIDDLE + 9], [at.product, ROW.n - 10]),
    flow([at.after + at.afterW, ROW.n], [at.product - 10, ROW.n]),
    flow([at.product + 9, ROW.z], [at.plus, ROW.z], [at.plus, MIDDLE - 10]),
    flow([at.product + 9, ROW.n], [at.plus, ROW.n], [at.plus, MIDDLE + 10]),
    flow([at.plus + 9, MIDDLE], [at.h - 1, MIDDLE]),
    flow([at.h + at.hW / 2, MIDDLE - 38], [at.h + at.hW / 2, TOP_LOOP], [at.product, TOP_LOOP], [at.product, ROW.z - 10]),
    loop(at, MIDDLE),
  ];
  return {
    boxes,
    wires,
    tags: [
      { ...oneMinus, text: '1 − z', ghost: false },
      ...(isAfter ? [] : [{ ...hTag, text: 'h(t−1)', ghost: false }, { ...recurrent, text: 'R·', ghost: false }]),
      ...(gateClip > 0 ? [{ ...centred(at.before, ROW.z - BOX / 2 - 10, at.beforeW, 15), text: `clip ±${gateClip}`, ghost: false }] : []),
    ],
    operations: [
      { x: at.times, y: ROW.reset, sign: '×' },
      { x: gateMiddle, y: ROW.n, sign: '+' },
      { x: at.product, y: ROW.z, sign: '×' },
      { x: at.product, y: ROW.n, sign: '×' },
      { x: at.plus, y: MIDDLE, sign: '+' },
    ],
    captions: [
      { x: (at.product + at.h + at.hW / 2) / 2, y: TOP_LOOP - 3, text: 'h(t−1)' },
      { x: (gateEnd + at.product) / 2, y: at.bottom - 4, text: 'h(t−1) for the next step' },
      { x: (gateEnd + at.branch) / 2, y: ROW.reset + 4, text: `reset ${reset ?? ''} the product` },
    ],
  }; // prettier-ignore
}

function layoutRnn(at: Columns, inputs: CellLayout['boxes'], { gateClip, activation }: HiddenTopology): CellLayout {
  const sumEnd = at.last + at.lastW;
  const clip = gateClip > 0 ? `clip ±${gateClip}, ` : '';
  return {
    boxes: {
      ...inputs,
      a_x: centred(at.before, MIDDLE, at.beforeW, BOX),
      a_in: centred(at.last, MIDDLE, at.lastW, BOX),
      h: centred(at.h, MIDDLE, at.hW, 76),
    },
    wires: [
      line([at.edge, ROW.r - 4], [at.bus, ROW.r - 4], [at.bus, MIDDLE]),
      flow([at.bus, MIDDLE], [at.before - 1, MIDDLE]),
      flow([at.before + at.beforeW, MIDDLE], [at.times + 20, MIDDLE]),
      flow([at.edge, ROW.reset + 40], [at.times + 30, ROW.reset + 40], [at.times + 30, MIDDLE + 10]),
      flow([at.times + 39, MIDDLE], [at.last - 1, MIDDLE]),
      flow([sumEnd, MIDDLE], [at.h - 1, MIDDLE]),
      loop(at, MIDDLE),
    ],
    tags: [
      { ...centred((at.before + at.times) / 2, ROW.reset + 40, 26, 16), text: 'R·', ghost: false },
      { ...centred((sumEnd + at.h) / 2 - 45, MIDDLE, 90, 18), text: `${clip}${activation === 'TANH' ? 'tanh' : activation}`, ghost: false },
    ],
    operations: [{ x: at.times + 30, y: MIDDLE, sign: '+' }],
    captions: [{ x: (sumEnd + at.h) / 2, y: at.bottom - 4, text: 'h(t−1) for the next step' }],
  }; // prettier-ignore
}

/** Inputs to the bus that feeds the rows at `fed`. */
function inputWires(at: Columns, fed: readonly number[]): Wire[] {
  return [
    line([at.edge, ROW.r - 4], [at.bus, ROW.r - 4]),
    line([at.edge, ROW.reset + 40], [at.bus, ROW.reset + 40]),
    line([at.bus, ROW.z], [at.bus, ROW.n]),
    { points: [[at.edge, ROW.z - 6], [at.bus, ROW.z - 6], [at.bus, ROW.z]], arrow: false, kind: 'tap' },
    ...fed.map((y) => flow([at.bus, y], [at.before - 1, y])),
  ]; // prettier-ignore
}

/** h along the bottom, to where the next step takes it from. */
function loop(at: Columns, y: number): Wire {
  const middle = at.h + at.hW / 2;
  return flow([middle, y + 38], [middle, at.bottom], [at.back, at.bottom], [at.back, ROW.reset + 40 + 36]);
}
