import type { LayoutRequest } from '../../../worker/core/graph/graphLayout';
import type { Grouping } from './groups';
import type { OpGraph } from './opGraph';

/** What is drawn as one box. */
export interface VisibleBox {
  /** Of the node or the group. */
  readonly id: string;
  /** Place of the node; null for a group. */
  readonly node: number | null;
  /** Place of the group; null for a node. */
  readonly group: number | null;
  /** A group whose content is drawn inside it. */
  readonly isOpen: boolean;
  /** Place of the open box that it stands in. */
  readonly inside: number | null;
  /** Places of the nodes that it stands for: itself, or all that a group holds. */
  readonly nodes: readonly number[];
}

export interface VisibleLine {
  readonly from: number;
  readonly to: number;
  /** Tensor indices, each once. */
  readonly tensors: readonly number[];
}

export interface VisibleGraph {
  readonly boxes: readonly VisibleBox[];
  readonly lines: readonly VisibleLine[];
  /** Place of the box that stands for each node. */
  readonly boxOf: readonly number[];
}

/** The graph with all groups closed but those that are open, as far as what they are in is open too. */
export function visibleGraph(
  { nodes, edges }: OpGraph,
  { groups, groupOf }: Grouping,
  opened: ReadonlySet<string>,
): VisibleGraph {
  const members = groups.map((): number[] => []);
  groupOf.forEach((group, node) => {
    for (let at = group; at !== null; at = groups[at]?.inside ?? null) members[at]?.push(node);
  });
  const boxes: VisibleBox[] = [];
  /** Box of a group that is drawn; undefined where it is inside a closed one. */
  const boxOfGroup = new Map<number, number>();
  const openBox = (group: number | null): number | null | undefined => {
    if (group === null) return null;
    const box = boxOfGroup.get(group);
    return box !== undefined && boxes[box]?.isOpen === true ? box : undefined;
  };
  groups.forEach(({ id, inside }, group) => {
    const outer = openBox(inside);
    if (outer === undefined) return;
    boxOfGroup.set(group, boxes.length);
    boxes.push({ id, node: null, group, isOpen: opened.has(id), inside: outer, nodes: members[group] ?? [] });
  });
  const boxOf = nodes.map(({ id }, node): number => {
    let group = groupOf[node] ?? null;
    const outer = openBox(group);
    if (outer !== undefined) return boxes.push({ id, node, group: null, isOpen: false, inside: outer, nodes: [node] }) - 1;
    while (group !== null) {
      const box = boxOfGroup.get(group);
      if (box !== undefined) return box;
      group = groups[group]?.inside ?? null;
    }
    return 0;
  });
  const lines = new Map<number, { from: number; to: number; tensors: Set<number> }>();
  for (const edge of edges) {
    const [from, to] = [boxOf[edge.from] ?? 0, boxOf[edge.to] ?? 0];
    if (from === to) continue;
    const key = from * boxes.length + to;
    const line = lines.get(key);
    if (line) line.tensors.add(edge.tensor);
    else lines.set(key, { from, to, tensors: new Set([edge.tensor]) });
  }
  return { boxes, lines: [...lines.values()].map(({ from, to, tensors }) => ({ from, to, tensors: [...tensors] })), boxOf };
}

/** @param sizeOf pixels of a box; an open one grows to what is inside it */
export function layoutRequest(
  { boxes, lines }: VisibleGraph,
  sizeOf: (box: VisibleBox) => { readonly width: number; readonly height: number },
): LayoutRequest {
  return {
    boxes: boxes.map((box) => ({ ...sizeOf(box), inside: box.inside })),
    lines: lines.map(({ from, to }) => ({ from, to })),
  };
}

/** The groups around a node, from the outermost inwards. */
export function groupsAround({ groups, groupOf }: Grouping, node: number): readonly string[] {
  const ids: string[] = [];
  for (let at = groupOf[node] ?? null; at !== null; at = groups[at]?.inside ?? null) ids.unshift(groups[at]?.id ?? '');
  return ids;
}
