import type { Graph, Operator, Tensor } from '../model/model';

/** How operators of a quantized graph found their counterparts in a float one. */
export interface GraphMatch {
  readonly by: 'name' | 'order';
  /** Per operator of the quantized graph: position of its counterpart; null where there is none. */
  readonly partners: readonly (number | null)[];
  /** Per input of the float graph: position of the quantized graph's input that feeds it. */
  readonly inputs: readonly number[];
}

/** Operators that change how values are stored and not what they are; they have no counterpart and need none. */
export function isConversion(operator: Operator): boolean {
  return operator.name === 'QUANTIZE' || operator.name === 'DEQUANTIZE';
}

/**
 * Pairs the operators of two graphs of the same network. By name of the (first) output tensor; where both graphs have the same
 * sequence of operators and no name speaks against it, by order as well. Nothing is paired whose operator or shape differs.
 */
export function matchFloat(graph: Graph, floatGraph: Graph): GraphMatch {
  const byName = matchByName(graph, floatGraph);
  const byOrder = matchByOrder(graph, floatGraph);
  const inputs = matchInputs(graph, floatGraph);
  const orderFits = byOrder !== null && byName.every((partner, position) => partner === null || partner === byOrder[position]);
  if (!orderFits) return { by: 'name', partners: byName, inputs };
  const named = byName.filter((partner) => partner !== null).length;
  const ordered = byOrder.filter((partner) => partner !== null).length;
  return { by: named >= ordered ? 'name' : 'order', partners: byOrder, inputs };
}

function matchByName(graph: Graph, floatGraph: Graph): (number | null)[] {
  const positions = new Map<string, number>();
  floatGraph.operators.forEach((operator, position) => {
    const name = firstOutput(floatGraph, operator)?.name ?? '';
    if (name !== '' && !isConversion(operator)) positions.set(name, position);
  });
  return graph.operators.map((operator) => {
    const position = positions.get(firstOutput(graph, operator)?.name ?? '');
    const partner = floatGraph.operators[position ?? -1];
    if (position === undefined || partner === undefined || isConversion(operator)) return null;
    return agree(graph, operator, floatGraph, partner) ? position : null;
  });
}

/** Null when the sequences differ. */
function matchByOrder(graph: Graph, floatGraph: Graph): (number | null)[] | null {
  const floatPositions = floatGraph.operators.flatMap((operator, position) => (isConversion(operator) ? [] : [position]));
  let next = 0;
  const partners: (number | null)[] = [];
  for (const operator of graph.operators) {
    if (isConversion(operator)) {
      partners.push(null);
      continue;
    }
    const position = floatPositions[next++];
    const partner = floatGraph.operators[position ?? -1];
    if (position === undefined || partner === undefined || partner.name !== operator.name) return null;
    partners.push(agree(graph, operator, floatGraph, partner) ? position : null);
  }
  return next === floatPositions.length ? partners : null;
}

function matchInputs(graph: Graph, floatGraph: Graph): number[] {
  const names = graph.inputs.map((index) => graph.tensors[index]?.name);
  const byName = floatGraph.inputs.map((index) => names.indexOf(floatGraph.tensors[index]?.name));
  return byName.includes(-1) ? floatGraph.inputs.map((_, position) => position) : byName;
}

function agree(graph: Graph, operator: Operator, floatGraph: Graph, partner: Operator): boolean {
  if (operator.name !== partner.name || operator.customCode !== partner.customCode) return false;
  const output = firstOutput(graph, operator);
  const counterpart = firstOutput(floatGraph, partner);
  return output !== undefined && counterpart !== undefined && sameShape(output, counterpart);
}

/** Same rank and same size on every axis that is fixed in both. */
function sameShape(a: Tensor, b: Tensor): boolean {
  if (!a.hasRank || !b.hasRank) return true;
  if (a.shapeSignature.length !== b.shapeSignature.length) return false;
  return a.shapeSignature.every((size, axis) => size === -1 || b.shapeSignature[axis] === -1 || size === b.shapeSignature[axis]);
}

function firstOutput(graph: Graph, operator: Operator): Tensor | undefined {
  return graph.tensors[operator.outputs[0] ?? -1];
}
