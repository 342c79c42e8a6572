import { describe, expect, test } from 'vitest';
import {
  CELL_HEIGHT,
  CELL_MIN_WIDTH,
  isHidden,
  layoutLstm,
  neighbour,
  type CellBoxId,
  type CellTopology,
  type HiddenTopology,
  type LstmTopology,
} from '../../webview/charts/cellLayout';
import { hiddenBoxIds, layoutHidden } from '../../webview/charts/cellHidden';
import { CELL_LIST_HEIGHT, layoutCellList } from '../../webview/charts/cellList';
import { overlap, type Box } from '../../webview/charts/placeLabels';

const flags = [false, true];
const topologies: LstmTopology[] = flags.flatMap((layerNorm) =>
  flags.flatMap((projection) => flags.flatMap((peephole) => flags.map((cifg) => ({ layerNorm, projection, peephole, cifg })))),
);

const hidden = (kind: 'gru' | 'rnn', reset: HiddenTopology['reset'], gateClip: number): HiddenTopology => ({
  ...{ kind, reset, gateClip },
  gateActivation: kind === 'gru' ? 'SIGMOID' : null,
  activation: 'TANH',
});
const hiddenTopologies = [
  ...[0, 3].flatMap((clip) => [hidden('gru', 'after', clip), hidden('gru', 'before', clip), hidden('rnn', null, clip)]),
];

const layoutOf = (width: number, topology: CellTopology) =>
  isHidden(topology) ? layoutHidden(width, CELL_HEIGHT, topology) : layoutLstm(width, CELL_HEIGHT, topology);

const nameOf = (topology: CellTopology): string =>
  Object.entries(topology)
    .filter(([, has]) => has)
    .map(([name]) => name)
    .join(', ') || 'plain';

describe.each([...topologies, ...hiddenTopologies].map((topology) => [nameOf(topology), topology] as const))(
  'cell with %s',
  (_, topology) => {
    test.each([CELL_MIN_WIDTH, 786, 812, 1000])('nothing overlaps and all is in the picture at %i px', (width) => {
      const layout = layoutOf(width, topology);
      const circles = layout.operations.map(({ x, y }): Box => ({ x: x - 9, y: y - 9, width: 18, height: 18 }));
      const parts = [...Object.values(layout.boxes), ...layout.tags, ...circles];
      for (const [k, part] of parts.entries()) {
        expect(part.x).toBeGreaterThanOrEqual(0);
        expect(part.x + part.width).toBeLessThanOrEqual(width);
        expect(part.y).toBeGreaterThanOrEqual(0);
        expect(part.y + part.height).toBeLessThanOrEqual(CELL_HEIGHT);
        for (const other of parts.slice(k + 1)) expect(overlap(part, other), JSON.stringify([part, other])).toBe(false);
      }
    });

    test.each([CELL_MIN_WIDTH - 1, 480, 300])('as a list it has the same boxes, apart from each other, at %i px', (width) => {
      const { boxes } = layoutCellList(width, topology);
      expect(Object.keys(boxes).sort()).toEqual(Object.keys(layoutOf(812, topology).boxes).sort());
      const places = Object.values(boxes);
      for (const [k, box] of places.entries()) {
        expect(box.x + box.width).toBeLessThanOrEqual(width);
        expect(box.y + box.height).toBeLessThanOrEqual(CELL_LIST_HEIGHT);
        for (const other of places.slice(k + 1)) expect(overlap(box, other)).toBe(false);
      }
    });

    test.each(['diagram', 'list'])('arrow keys reach every box from the first one, as a %s', (form) => {
      const { boxes } = form === 'list' ? layoutCellList(480, topology) : layoutOf(812, topology);
      const reached = new Set<CellBoxId>(['W']);
      for (const id of reached) {
        for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']) {
          const next = neighbour(boxes, id, key);
          if (next) reached.add(next);
        }
      }
      expect([...reached].sort()).toEqual(Object.keys(boxes).sort());
    });
  },
);

describe.each(topologies.map((topology) => [nameOf(topology), topology] as const))('an LSTM with %s', (_, topology) => {
  test('has the boxes of its parts, and ghosts of the absent ones', () => {
    const { boxes, tags } = layoutLstm(812, CELL_HEIGHT, topology);
    const ghosts = tags.filter(({ ghost }) => ghost).map(({ text }) => text);
    expect('m' in boxes).toBe(topology.projection);
    expect('g_ln' in boxes).toBe(topology.layerNorm);
    expect('i_in' in boxes).toBe(!topology.cifg);
    expect(ghosts.includes('no proj.')).toBe(!topology.projection);
    expect(ghosts.includes('no peephole')).toBe(!topology.peephole);
    expect(ghosts.filter((text) => text === 'LN').length).toBe(topology.layerNorm ? 0 : topology.cifg ? 3 : 4);
    expect(ghosts.includes('no input gate: i = 1 − f')).toBe(topology.cifg);
  });
});

describe('a GRU', () => {
  test.each([
    ['after', ['n_h', 'n_rh'], ['1 − z']],
    ['before', ['rh'], ['1 − z', 'h(t−1)', 'R·']],
  ] as const)('has what its candidate adds up, reset %s the product', (reset, own, named) => {
    const { boxes, tags, captions } = layoutHidden(812, CELL_HEIGHT, hidden('gru', reset, 0));
    expect(
      Object.keys(boxes)
        .filter((id) => id.startsWith('n') || id === 'rh')
        .sort(),
    ).toEqual([...own, 'n', 'n_in', 'n_x'].sort());
    expect(tags.map(({ text }) => text)).toEqual(named);
    expect(captions.map(({ text }) => text)).toContain(`reset ${reset} the product`);
    expect(Object.keys(boxes).sort()).toEqual([...hiddenBoxIds(hidden('gru', reset, 0))].sort());
  });

  test('follows its flow by the arrow keys', () => {
    const { boxes } = layoutHidden(812, CELL_HEIGHT, hidden('gru', 'after', 0));
    expect(neighbour(boxes, 'z_in', 'ArrowRight')).toBe('z');
    expect(neighbour(boxes, 'z', 'ArrowDown')).toBe('r');
    expect(neighbour(boxes, 'n_h', 'ArrowRight')).toBe('n_rh');
    expect(neighbour(boxes, 'n_in', 'ArrowRight')).toBe('n');
    expect(neighbour(boxes, 'z', 'ArrowRight')).toBe('h');
  });
});

test('arrow keys follow the flow and the lanes', () => {
  const { boxes } = layoutLstm(812, CELL_HEIGHT, { layerNorm: true, projection: true, peephole: false, cifg: false });
  expect(neighbour(boxes, 'g_in', 'ArrowRight')).toBe('g_ln');
  expect(neighbour(boxes, 'g_ln', 'ArrowRight')).toBe('g');
  expect(neighbour(boxes, 'g_ln', 'ArrowUp')).toBe('i_ln');
  expect(neighbour(boxes, 'g_ln', 'ArrowDown')).toBe('o_ln');
  expect(neighbour(boxes, 'f', 'ArrowRight')).toBe('c');
  expect(neighbour(boxes, 'c', 'ArrowRight')).toBe('tanh_c');
  expect(neighbour(boxes, 'o', 'ArrowRight')).toBe('m');
  expect(neighbour(boxes, 'm', 'ArrowRight')).toBe('h');
  expect(neighbour(boxes, 'h', 'ArrowRight')).toBe(null);
});
