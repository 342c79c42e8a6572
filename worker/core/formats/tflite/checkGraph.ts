import { ABSENT, type Graph, type Operator, type Signature } from '../../model/model';
import { ModelFormatError } from '../modelFormatError';
import type { FlatTable } from './flatTable';
import type { OPERATOR, SIGNATURE, SUBGRAPH, TENSOR_MAP } from './schema';
import { counted, grouped } from '../../wording';

/** Checks a graph in itself: every tensor index, and that no operator reads what a later one computes. */
export function checkGraph(
  graph: Graph,
  table: FlatTable<typeof SUBGRAPH>,
  operatorTables: readonly FlatTable<typeof OPERATOR>[],
): void {
  const count = graph.tensors.length;
  for (const list of ['inputs', 'outputs'] as const) {
    const bad = graph[list].findIndex((tensor) => tensor < 0 || tensor >= count);
    if (bad !== -1) {
      const what = `${capitalized(list.slice(0, -1))} ${bad} of subgraph ${graph.index}`;
      throw tensorIndexError(what, graph[list][bad] ?? 0, count, table.elementOffset(list, bad), 0);
    }
  }
  for (const [index, operator] of graph.operators.entries()) {
    for (const list of ['inputs', 'outputs', 'intermediates'] as const) {
      const bad = operator[list].findIndex((tensor) => tensor < ABSENT || tensor >= count);
      const operatorTable = operatorTables[index];
      if (bad !== -1 && operatorTable !== undefined) {
        const what = `${capitalized(list.slice(0, -1))} ${bad} of ${titleOf(operator)}`;
        throw tensorIndexError(what, operator[list][bad] ?? 0, count, operatorTable.elementOffset(list, bad), ABSENT);
      }
    }
  }
  checkOrder(graph, operatorTables);
  checkQuantizationTensors(graph);
}

export function checkSignature(
  signature: Signature,
  graphs: readonly Graph[],
  table: FlatTable<typeof SIGNATURE>,
  maps: readonly FlatTable<typeof TENSOR_MAP>[],
): void {
  const graph = graphs[signature.graph];
  if (graph === undefined) {
    throw new ModelFormatError(
      'SUBGRAPH_INDEX_OUT_OF_RANGE',
      `Signature "${signature.key}" refers to subgraph ${grouped(signature.graph)}. The file has ${counted(graphs.length, 'subgraph')}.`,
      table.offsetOf('subgraph_index'),
      `subgraph index below ${grouped(graphs.length)}`,
    );
  }
  for (const map of maps) {
    const tensor = map.number('tensor_index');
    if (tensor >= graph.tensors.length) {
      const what = `Signature "${signature.key}": its tensor "${map.text('name')}"`;
      throw tensorIndexError(what, tensor, graph.tensors.length, map.offsetOf('tensor_index'), 0);
    }
  }
}

/** Operators are stored in the order they run in, so nothing may be read before it is written. */
function checkOrder(graph: Graph, operatorTables: readonly FlatTable<typeof OPERATOR>[]): void {
  const firstWriter = new Map<number, number>();
  for (const operator of graph.operators) {
    for (const tensor of operator.outputs) if (!firstWriter.has(tensor)) firstWriter.set(tensor, operator.index);
  }
  const given = new Set(graph.inputs);
  for (const operator of graph.operators) {
    for (const [i, tensor] of operator.inputs.entries()) {
      const writer = firstWriter.get(tensor);
      if (tensor === ABSENT || writer === undefined || writer < operator.index) continue;
      if (given.has(tensor) || graph.tensors[tensor]?.isVariable === true || graph.tensors[tensor]?.data !== null) continue;
      throw new ModelFormatError(
        'OPERATORS_OUT_OF_ORDER',
        `${capitalized(titleOf(operator))} reads tensor ${tensor}, ${graph.tensors[tensor].name}, which only operator ${writer} computes.`,
        operatorTables[operator.index]?.elementOffset('inputs', i) ?? null,
        `computed before operator ${operator.index}`,
      );
    }
  }
}

function checkQuantizationTensors(graph: Graph): void {
  for (const tensor of graph.tensors) {
    const blockwise = tensor.quantization?.blockwise ?? null;
    if (blockwise === null) continue;
    const { scalesTensor, zeroPointsTensor } = blockwise;
    const what = `Tensor ${tensor.index}, ${tensor.name}: its blockwise`;
    const count = graph.tensors.length;
    if (scalesTensor < 0 || scalesTensor >= count) throw tensorIndexError(`${what} scale`, scalesTensor, count, null, 0);
    if (zeroPointsTensor < ABSENT || zeroPointsTensor >= count) {
      throw tensorIndexError(`${what} zero point`, zeroPointsTensor, count, null, ABSENT);
    }
  }
}

function titleOf(operator: Operator): string {
  return `operator ${operator.index}, ${operator.customCode ?? operator.name},`;
}

function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

function tensorIndexError(
  what: string,
  tensor: number,
  count: number,
  position: number | null,
  lowest: number,
): ModelFormatError {
  return new ModelFormatError(
    'TENSOR_INDEX_OUT_OF_RANGE',
    `${what} refers to tensor ${grouped(tensor)}. The graph has ${counted(count, 'tensor')}.`,
    position,
    `tensor index from ${lowest} to ${grouped(count - 1)}`,
  );
}
