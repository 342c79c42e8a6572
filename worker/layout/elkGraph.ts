import type { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api';
import type { GraphLayout, LayoutRequest } from '../core/graph/graphLayout';

/** From left to right, as the error profile above it runs. */
const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.edgeRouting': 'POLYLINE',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  'elk.spacing.nodeNode': '14',
  'elk.layered.spacing.nodeNodeBetweenLayers': '26',
  'elk.layered.spacing.edgeNodeBetweenLayers': '10',
  'elk.spacing.edgeNode': '8',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
};

/** Room for the name of an open box. */
const INSIDE = { 'elk.padding': '[top=26,left=10,bottom=10,right=10]' };

/** The library's form of a graph. */
export function elkGraph({ boxes, lines }: LayoutRequest): ElkNode {
  const nodes = boxes.map(({ width, height }, at): ElkNode => ({ id: `b${at}`, width, height }));
  const children: ElkNode[] = [];
  nodes.forEach((node, at) => {
    const outer = nodes[boxes[at]?.inside ?? -1];
    if (!outer) return void children.push(node);
    outer.layoutOptions = INSIDE;
    (outer.children ??= []).push(node);
  });
  const edges = lines.map(({ from, to }, at): ElkExtendedEdge => ({ id: `l${at}`, sources: [`b${from}`], targets: [`b${to}`] }));
  return { id: 'graph', layoutOptions: OPTIONS, children, edges };
}

/** What the library answers, in the order of what was asked. */
export function layoutOf({ boxes, lines }: LayoutRequest, root: ElkNode): GraphLayout {
  const placed = new Map<string, ElkNode>();
  const routed = new Map<string, ElkExtendedEdge>();
  const visit = (node: ElkNode): void => {
    placed.set(node.id, node);
    for (const edge of node.edges ?? []) routed.set(edge.id, edge);
    for (const child of node.children ?? []) visit(child);
  };
  visit(root);
  const places = new Float64Array(4 * boxes.length);
  boxes.forEach((_, at) => {
    const { x = 0, y = 0, width = 0, height = 0 } = placed.get(`b${at}`) ?? {};
    places.set([x, y, width, height], 4 * at);
  });
  const corners = lines.map((_, at) =>
    (routed.get(`l${at}`)?.sections ?? [])
      .flatMap(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint])
      .flatMap(({ x, y }) => [x, y]),
  );
  const starts = new Uint32Array(lines.length + 1);
  corners.forEach(({ length }, at) => {
    starts[at + 1] = starts[at]! + length;
  });
  return { width: root.width ?? 0, height: root.height ?? 0, boxes: places, points: Float64Array.from(corners.flat()), starts };
}
