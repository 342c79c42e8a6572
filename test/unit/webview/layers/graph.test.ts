import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { handOvers, type BoxContext } from '../../../../webview/views/graph/boxFigures';
import { groupNodes, type Grouping } from '../../../../webview/views/graph/groups';
import { neighbourOf } from '../../../../webview/views/graph/neighbours';
import { opGraph, type GraphNode, type OpGraph } from '../../../../webview/views/graph/opGraph';
import { groupsAround, layoutRequest, visibleGraph } from '../../../../webview/views/graph/visibleGraph';
import { readModel } from '../../../../worker/core/formats/readModel';
import { LAYOUT_LIMITS } from '../../../../worker/core/graph/graphLayout';
import { buildOverview } from '../../../../worker/core/report/buildOverview';
import { describeShared } from '../../../shared';
import { longOverview, sampleOverview } from '../overviewFixture';

function chain(names: readonly string[]): OpGraph {
  const nodes = names.map((tensorName, index): GraphNode => ({
    subgraph: 0,
    index,
    kind: 'op',
    id: `0-${index}`,
    name: 'ADD',
    tensorName,
  }));
  const edges = nodes.slice(1).map((_, at) => ({ from: at, to: at + 1, tensor: at }));
  return { subgraph: 0, nodes, edges };
}

const closed: ReadonlySet<string> = new Set();
const all = ({ groups }: Grouping): ReadonlySet<string> => new Set(groups.map(({ id }) => id));

describe('opGraph', () => {
  it('joins operators by the tensors that they make and use, from inputs to outputs', () => {
    const { nodes, edges } = opGraph(sampleOverview(), 0);
    expect(nodes.map(({ kind }) => kind)).toEqual(['input', 'op', 'op', 'op', 'output']);
    expect(nodes.map(({ id }) => id)).toEqual(['0--1', '0-0', '0-1', '0-2', 'output-0']);
    expect(edges.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
  });
});

describe('groupNodes', () => {
  it('leaves a small graph whole', () => {
    expect(groupNodes(chain(Array.from({ length: 24 }, (_, at) => `a/b/${at}`)).nodes).groups).toEqual([]);
  });

  it('reads scopes off the names, sees through those that hold all or next to nothing, and names an unrolled LSTM', () => {
    const parts = [
      ...['input', 'noise/x'].map((one) => `model/${one}`),
      ...['SPLIT', 'LOGISTIC', 'TANH', 'MUL', 'ADD'].map((one) => `model/lstm_4/cell/${one}`),
      ...Array.from({ length: 20 }, (_, at) => `model/dense/part${at % 2}/op${at}`),
    ];
    const graph = chain(parts);
    const nodes = graph.nodes.map((node, at) => ({
      ...node,
      name: at >= 2 && at < 7 ? (parts[at]?.split('/').at(-1) ?? '') : node.name,
    }));
    const { groups, groupOf } = groupNodes(nodes);
    expect(groups.map(({ label, size, inside }) => [label, size, inside])).toEqual([
      ['lstm_4, unrolled', 5, null],
      ['dense', 20, null],
      ['part0', 10, 1],
      ['part1', 10, 1],
    ]);
    expect(groupOf.slice(0, 3)).toEqual([null, null, 0]);
    expect(groupsAround({ groups, groupOf }, 7)).toEqual(['/model/dense', '/model/dense/part0']);
  });

  it('keeps every view of a graph of any size and naming within what can be looked over', () => {
    const names = fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 }), { minLength: 1, maxLength: 900 });
    const property = fc.property(names, (paths) => {
      const graph = chain(paths.map((path, at) => [...path, at].join('/')));
      const grouping = groupNodes(graph.nodes);
      const { groups, groupOf } = grouping;
      expect(groupOf.length).toBe(paths.length);
      groups.forEach(({ inside, size }, at) => {
        expect(inside === null || inside < at).toBe(true);
        expect(size).toBe(groupOf.filter((own) => own !== null && isInside(grouping, own, at)).length);
      });
      expect(new Set(groups.map(({ id }) => id)).size).toBe(groups.length);
      for (const outer of [null, ...groups.keys()]) {
        const boxes = groups.filter(({ inside }) => inside === outer).length + groupOf.filter((own) => own === outer).length;
        expect(boxes).toBeLessThanOrEqual(40);
      }
    });
    fc.assert(property, { numRuns: 60 });
  });
});

function isInside({ groups }: Grouping, group: number, outer: number): boolean {
  for (let at: number | null = group; at !== null; at = groups[at]?.inside ?? null) if (at === outer) return true;
  return false;
}

describe('visibleGraph', () => {
  const names = Array.from({ length: 40 }, (_, at) => `m/block${Math.floor(at / 10)}/op${at}`);
  const graph = chain(names);
  const grouping = groupNodes(graph.nodes);

  it('draws closed groups as one box, joined once however many tensors pass', () => {
    const { boxes, lines, boxOf } = visibleGraph(graph, grouping, closed);
    expect(boxes.map(({ nodes, isOpen }) => [nodes.length, isOpen])).toEqual(Array(4).fill([10, false]));
    expect(lines).toEqual([0, 1, 2].map((at) => ({ from: at, to: at + 1, tensors: [10 * at + 9] })));
    expect(boxOf).toEqual(names.map((_, at) => Math.floor(at / 10)));
  });

  it('draws what is in an open group inside it, and never loses or adds an edge between operators', () => {
    const property = fc.property(fc.subarray([...all(grouping)]), (opened) => {
      const { boxes, lines, boxOf } = visibleGraph(graph, grouping, new Set(opened));
      expect(boxes.filter(({ isOpen }) => isOpen).map(({ id }) => id)).toEqual(opened);
      for (const [at, { inside }] of boxes.entries()) {
        expect(inside === null || (inside < at && boxes[inside]?.isOpen === true)).toBe(true);
      }
      expect(boxOf.every((box, node) => boxes[box]?.nodes.includes(node) && boxes[box].isOpen === false)).toBe(true);
      const between = graph.edges.filter(({ from, to }) => boxOf[from] !== boxOf[to]);
      expect(lines.reduce((sum, { tensors }) => sum + tensors.length, 0)).toBe(between.length);
    });
    fc.assert(property);
  });

  it('asks for boxes after those they stand in', () => {
    const request = layoutRequest(visibleGraph(graph, grouping, all(grouping)), () => ({ width: 100, height: 30 }));
    expect(request.boxes.length).toBe(44);
    request.boxes.forEach(({ inside }, at) => expect(inside === null || inside < at).toBe(true));
  });

  it('shows ten thousand operators as a few boxes, and each of them after two openings', () => {
    const many = opGraph(longOverview(10_000), 0);
    const groups = groupNodes(many.nodes);
    expect(visibleGraph(many, groups, closed).boxes.length).toBeLessThanOrEqual(42);
    const around = groupsAround(
      groups,
      many.nodes.findIndex(({ index }) => index === 7_312),
    );
    const { boxes, boxOf } = visibleGraph(many, groups, new Set(around));
    expect(boxes.length).toBeLessThanOrEqual(130);
    expect(boxes.length).toBeLessThan(LAYOUT_LIMITS.boxes);
    const box = boxes[boxOf[many.nodes.findIndex(({ index }) => index === 7_312)] ?? -1];
    expect(box?.node).not.toBe(null);
  });
});

describe('neighbourOf', () => {
  /** 0 -> 1 and 2, both -> 3; 1 above 2. */
  const box = (id: string) => ({ id, node: 0, group: null, isOpen: false, inside: null, nodes: [0] });
  const visible = {
    boxes: ['a', 'b', 'c', 'd'].map(box),
    lines: [
      { from: 0, to: 1, tensors: [0] },
      { from: 0, to: 2, tensors: [0] },
      { from: 1, to: 3, tensors: [1] },
      { from: 2, to: 3, tensors: [2] },
    ],
    boxOf: [0, 1, 2, 3],
  };
  const places = [0, 50, 10, 10, 20, 0, 10, 10, 20, 90, 10, 10, 40, 80, 10, 10];

  it('follows lines to the right and left, the straightest first, and goes up and down beside them', () => {
    expect(neighbourOf(visible, places, 0, 'ArrowRight')).toBe(2);
    expect(neighbourOf(visible, places, 2, 'ArrowRight')).toBe(3);
    expect(neighbourOf(visible, places, 3, 'ArrowLeft')).toBe(2);
    expect(neighbourOf(visible, places, 2, 'ArrowUp')).toBe(3);
    expect(neighbourOf(visible, places, 1, 'ArrowDown')).toBe(0);
    expect(neighbourOf(visible, places, 3, 'ArrowRight')).toBe(null);
    expect(neighbourOf(visible, places, 1, 'ArrowUp')).toBe(null);
  });
});

describeShared('groups of real models', (shared) => {
  const grouped = (path: string) => {
    const overview = buildOverview(readModel({ name: path, bytes: new Uint8Array(readFileSync(`${shared}/data/${path}`)) }));
    const graph = opGraph(overview, 0);
    return { graph, grouping: groupNodes(graph.nodes) };
  };

  it('finds the two unrolled LSTMs of DTLN', () => {
    const { grouping } = grouped('tflite/dtln_model_quant_1.tflite');
    const labels = grouping.groups.filter(({ inside }) => inside === null).map(({ label }) => label);
    expect(labels).toContain('lstm_4, unrolled');
    expect(labels).toContain('lstm_5, unrolled');
  });

  it('shows 833 operators of an unrolled bidirectional LSTM as fewer than 45 boxes', () => {
    const { graph, grouping } = grouped('keras3/bidirectional-unrolled-int8.tflite');
    expect(graph.nodes.length).toBeGreaterThan(833);
    expect(visibleGraph(graph, grouping, closed).boxes.length).toBeLessThan(45);
  });
});

describe('handOvers', () => {
  it('are the lines between an operator on the target and one on the CPU, and no others', () => {
    const graph = chain(['a', 'b', 'c', 'd', 'e']);
    const verdicts = ['native', 'conditional', 'fallback', 'fallback', 'native'] as const;
    const rowOf = new Map(graph.nodes.map(({ id }, at) => [id, { placement: { reached: true, verdict: verdicts[at] } }]));
    const visible = visibleGraph(graph, groupNodes(graph.nodes), closed);
    const lines = handOvers(visible, { graph, rowOf } as unknown as BoxContext);
    expect(lines.map((at) => [visible.lines[at]?.from, visible.lines[at]?.to])).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });
});
