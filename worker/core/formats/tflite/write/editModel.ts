import type { ModelEdit, GraphEdit } from '../../../model/modelEdit';
import type { Graph } from '../../../model/model';
import { BUFFER, MODEL, OPERATOR, SUBGRAPH } from '../schema';
import { BufferPlan } from './bufferPlan';
import { editMetadata, keepMetadata } from './editMetadata';
import { editOperator, isSameKind, withCode } from './editOperator';
import { editSignatures } from './editSignatures';
import { editTensor } from './editTensor';
import { type FlatNode, type FlatValue, nodesOf, withValues } from './flatNode';
import { listValue, numberOf, tablesValue, textValue } from './flatValues';
import { OperatorCodes } from './operatorCodes';
import { sameNumbers } from './sameValues';

/** A graph of the source, its table, and what it is to become. */
interface GraphPart {
  readonly node: FlatNode;
  readonly source: Graph;
  readonly edit: GraphEdit;
}

/**
 * The root table of the edited model. Tables and lists that do not change are the source's own.
 * @param numbersElsewhere numbers in fields that are not known: each may be a buffer's
 */
export function editModel(root: FlatNode, edit: ModelEdit, numbersElsewhere: ReadonlySet<number>): FlatNode {
  const parts = nodesOf(root, MODEL.subgraphs).flatMap((node, i): GraphPart[] => {
    const [source, graph] = [edit.source.graphs[i], edit.graphs[i]];
    return source === undefined || graph === undefined ? [] : [{ node, source, edit: graph }];
  });
  const buffers = new BufferPlan(nodesOf(root, MODEL.buffers));
  for (const { source } of parts) for (const { buffer, data } of source.tensors) buffers.useBefore(buffer, data);
  numbersElsewhere.forEach((number) => buffers.keep(number));
  const metadata = keepMetadata(root, edit, buffers, (number) => dataOf(nodesOf(root, MODEL.buffers)[number]));
  const numbers = parts.map(({ source, edit: { graph, tensorOrigins } }) =>
    graph.tensors.map((tensor, i) => buffers.of(source.tensors[tensorOrigins[i] ?? -1] ?? null, tensor)),
  );
  const bufferNodes = buffers.place();
  const codes = new OperatorCodes(nodesOf(root, MODEL.operator_codes));
  const operators = editOperators(parts, codes);
  const codeNodes = codes.finish();
  const subgraphs = parts.map((part, i) =>
    editGraph(
      part,
      (numbers[i] ?? []).map((number) => number()),
      (operators[i] ?? []).map(({ node, code }) => withCode(node, codeNodes.indexOf(code))),
    ),
  );
  const changes: [{ readonly id: number }, readonly FlatNode[]][] = [
    [MODEL.operator_codes, codeNodes],
    [MODEL.subgraphs, subgraphs],
    [MODEL.buffers, bufferNodes],
    [MODEL.metadata, editMetadata(metadata)],
    [MODEL.signature_defs, editSignatures(root, edit)],
  ];
  return withValues(
    root,
    changes.flatMap(([field, nodes]) => tablesChange(root, field, nodes)),
  );
}

function dataOf(buffer: FlatNode | undefined): Uint8Array {
  const data = buffer?.values.get(BUFFER.data.id);
  return buffer?.outside?.bytes ?? (data?.kind === 'list' ? data.bytes : new Uint8Array(0));
}

interface CodedOperator {
  readonly node: FlatNode;
  readonly code: FlatNode;
}

function editOperators(parts: readonly GraphPart[], codes: OperatorCodes): CodedOperator[][] {
  const codeOf = (node: FlatNode) => numberOf(node.values.get(OPERATOR.opcode_index.id), OPERATOR.opcode_index, 0);
  for (const { node, source } of parts) {
    nodesOf(node, SUBGRAPH.operators).forEach((operatorNode, i) => {
      const operator = source.operators[i];
      if (operator !== undefined) codes.useBefore(codeOf(operatorNode), operator);
    });
  }
  return parts.map(({ node, source, edit: { graph, operatorOrigins } }) => {
    const nodes = nodesOf(node, SUBGRAPH.operators);
    return graph.operators.map((operator, i) => {
      const [operatorNode, before] = [nodes[operatorOrigins[i] ?? -1], source.operators[operatorOrigins[i] ?? -1]];
      if (operatorNode === undefined || before === undefined) {
        return { node: editOperator(null, operator), code: codes.entryOf(operator) };
      }
      const isSame = isSameKind(before, operator) && before.version === operator.version;
      const code = isSame ? codes.keep(codeOf(operatorNode)) : codes.entryOf(operator);
      return { node: editOperator({ node: operatorNode, operator: before }, operator), code };
    });
  });
}

function editGraph({ node, source, edit }: GraphPart, buffers: readonly number[], operators: readonly FlatNode[]): FlatNode {
  const { graph, tensorOrigins } = edit;
  const tables = nodesOf(node, SUBGRAPH.tensors);
  const tensors = graph.tensors.map((tensor, i) => {
    const [table, before] = [tables[tensorOrigins[i] ?? -1], source.tensors[tensorOrigins[i] ?? -1]];
    const origin = table === undefined || before === undefined ? null : { node: table, tensor: before };
    return editTensor(origin, tensor, buffers[i] ?? 0);
  });
  const changes: [number, FlatValue][] = [
    ...tablesChange(node, SUBGRAPH.tensors, tensors),
    ...tablesChange(node, SUBGRAPH.operators, operators),
  ];
  for (const list of ['inputs', 'outputs'] as const) {
    const naming = () => `One of the ${list} of graph ${source.index}`;
    if (!sameNumbers(graph[list], source[list]))
      changes.push([SUBGRAPH[list].id, listValue(SUBGRAPH[list], graph[list], naming)]);
  }
  if (graph.name !== source.name) changes.push([SUBGRAPH.name.id, textValue(graph.name)]);
  return withValues(node, changes);
}

/** Nothing where the list has the same tables as before. */
function tablesChange(node: FlatNode, field: { readonly id: number }, nodes: readonly FlatNode[]): [number, FlatValue][] {
  const before = nodesOf(node, field);
  const isSame = before.length === nodes.length && before.every((table, i) => table === nodes[i]);
  return isSame ? [] : [[field.id, tablesValue(nodes)]];
}
