import { lintModel } from '../findings/lintModel';
import { hasKeptStates } from '../model/lstmOperands';
import { describeLstms } from '../model/lstmInfo';
import { describeRecurrent } from '../model/recurrentInfo';
import type { Graph, Model, Signature } from '../model/model';
import { constantRoles } from '../model/parameters';
import { schemeOf } from '../model/scheme';
import { mapTargets } from '../targets/mapTargets';
import type { TargetMap } from '../targets/verdict';
import { summarizeConstants } from './constantBytes';
import { operatorInfo } from './operatorInfo';
import type { ModelOverview, OperatorInfo, TensorInfo } from './overview';
import { recognisedInfos } from './recognisedInfo';
import { tensorInfo } from './tensorInfo';

/**
 * All that can be said of a model without running it. Weights are not read, but for what the findings look at.
 * @param targets what `mapTargets` says
 */
export function buildOverview(model: Model, targets: TargetMap = mapTargets(model)): ModelOverview {
  const tensors = model.graphs.flatMap((graph) => graph.tensors.map((tensor) => tensorInfo(tensor, graph.index)));
  return { ...firstOverview(model), tensors, targets };
}

/** What the editor opens with: without tensors and targets, which are most of a model of ten thousand operators. */
export function firstOverview(model: Model): ModelOverview {
  const main = model.graphs[0];
  const roles = model.graphs.map(constantRoles);
  const ops = model.graphs.flatMap((graph, i) =>
    graph.operators.map((operator) => operatorInfo(graph, operator, roles[i] ?? new Map())),
  );
  const recognised = recognisedInfos(model);
  const recurrent = model.graphs.flatMap(describeRecurrent);
  return {
    schema: 'gatescope.inspect/1',
    format: model.format,
    formatVersion: model.formatVersion,
    fileName: model.fileName,
    byteLength: model.byteLength,
    ...(model.inMemoryOnly === undefined ? {} : { inMemoryOnly: model.inMemoryOnly }),
    description: model.description,
    ...(model.assumed === undefined ? {} : { assumed: model.assumed }),
    scheme: schemeOf(model),
    ...summarizeConstants(model, roles),
    macs: macsOfOneRun(model, ops),
    inputs: main === undefined ? [] : tensorInfos(main, main.inputs),
    outputs: main === undefined ? [] : tensorInfos(main, main.outputs),
    ops,
    tensorCount: model.graphs.reduce((sum, { tensors }) => sum + tensors.length, 0),
    keepsStates: main !== undefined && hasKeptStates(main),
    tensors: [],
    lstms: model.graphs.flatMap(describeLstms),
    ...(recurrent.length === 0 ? {} : { recurrent }),
    ...(recognised.length === 0 ? {} : { recognised }),
    signatures: model.signatures.map(signatureInfo),
    metadata: model.metadata,
    findings: lintModel(model),
    targets: {},
  };
}

function tensorInfos(graph: Graph, indices: readonly number[]): TensorInfo[] {
  return indices.flatMap((index) => {
    const tensor = graph.tensors[index];
    return tensor === undefined ? [] : [tensorInfo(tensor, graph.index)];
  });
}

function signatureInfo({ key, graph, inputs, outputs }: Signature): ModelOverview['signatures'][number] {
  return { key, subgraph: graph, inputs: inputs.map(({ name }) => name), outputs: outputs.map(({ name }) => name) };
}

/** Of the main graph and the graphs it calls, each counted once: how often a loop runs is not in the file. */
function macsOfOneRun(model: Model, ops: readonly OperatorInfo[]): number {
  const reached = new Set<number>([0]);
  for (const index of reached) {
    for (const { options } of model.graphs[index]?.operators ?? []) {
      for (const [option, value] of Object.entries(options)) {
        if (typeof value === 'number' && /subgraph(_index)?$/.test(option)) reached.add(value);
      }
    }
  }
  return ops.reduce((sum, { subgraph, macs }) => (reached.has(subgraph) ? sum + macs : sum), 0);
}
