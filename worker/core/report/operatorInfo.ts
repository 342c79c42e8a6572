import { macsOf } from '../model/macs';
import type { Graph, Operator, Tensor } from '../model/model';
import type { ConstantRole } from '../model/parameters';
import { elementCount } from '../run/arrays';
import type { OperatorInfo } from './overview';
import { openShape } from './tensorInfo';
import { nameInFile } from '../model/operatorName';

/** An operator as overviews and tables show it. */
export function operatorInfo(graph: Graph, operator: Operator, roles: ReadonlyMap<number, ConstantRole>): OperatorInfo {
  const input = firstTensor(graph, operator.inputs);
  const output = firstTensor(graph, operator.outputs);
  const types = [input?.dtype, output?.dtype].filter((dtype) => dtype !== undefined);
  return {
    subgraph: graph.index,
    index: operator.index,
    op: nameInFile(operator),
    isCustom: operator.customCode !== null,
    version: operator.version,
    inputs: operator.inputs,
    outputs: operator.outputs,
    intermediates: operator.intermediates,
    dtypes: [...new Set(types)].join(' > '),
    name: output?.name ?? '',
    outputShape: output === null ? [] : openShape(output),
    macs: macsOf(graph, operator),
    params: parameterCount(graph, operator, roles),
    options: finiteOptions(operator),
  };
}

/** Constant elements among an operator's operands that are weights or biases, each tensor once. */
function parameterCount(graph: Graph, operator: Operator, roles: ReadonlyMap<number, ConstantRole>): number {
  let count = 0;
  for (const index of new Set(operator.inputs)) {
    const tensor = graph.tensors[index];
    if (tensor !== undefined && (roles.get(index) ?? 'other') !== 'other') count += elementCount(tensor.shape);
  }
  return count;
}

function firstTensor(graph: Graph, indices: readonly number[]): Tensor | null {
  const present = indices.find((index) => index >= 0);
  return present === undefined ? null : (graph.tensors[present] ?? null);
}

/** JSON knows no NaN and no infinity: such options are given as text. */
function finiteOptions(operator: Operator): OperatorInfo['options'] {
  const entries = Object.entries(operator.options);
  if (!entries.some(([, value]) => !isFiniteOption(value))) return operator.options;
  return Object.fromEntries(entries.map(([name, value]) => [name, isFiniteOption(value) ? value : String(value)]));
}

function isFiniteOption(value: OperatorInfo['options'][string]): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value.every(Number.isFinite);
}
