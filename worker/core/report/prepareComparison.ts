import type { PreparedComparison } from '../analysis/compareSamples';
import { PartnerPath, type FloatPath } from '../analysis/floatPath';
import { GraphLane } from '../analysis/graphLane';
import { planLayers } from '../analysis/layerPlan';
import { matchFloat, type GraphMatch } from '../analysis/matchFloat';
import type { JobControl } from '../analysis/pace';
import { PartCosts } from '../analysis/partCosts';
import { ModelFormatError } from '../formats/modelFormatError';
import type { PersonaName } from '../lstm/persona';
import type { Graph, Model, Scheme } from '../model/model';
import type { Path } from '../run/graphRunner';
import { prepareGraph } from '../run/prepareGraph';
import type { ModelOverview } from './overview';
import type { Report } from './report';
import { decodeOutput } from './task/decode';
import type { TaskLabels } from './task/labels';

/** The graph that is run; a model's others are called from it. */
export const MAIN_GRAPH = 0;

export interface ComparisonRequest {
  readonly model: Model;
  readonly overview: Pick<ModelOverview, 'scheme' | 'lstms'>;
  /** Null: the model's own weights, dequantized. Not used where the model itself is float. */
  readonly floatModel: Model | null;
  /** Samples of the whole run. */
  readonly samples: number;
  readonly persona: PersonaName;
  readonly state: 'reset' | 'carry';
  readonly labels: TaskLabels | null;
}

export interface ComparisonSetUp {
  readonly prepared: PreparedComparison;
  readonly quantizedPath: Report['quantizedPath'];
  /** Null where no float model is used. */
  readonly match: GraphMatch | null;
}

/**
 * Prepares everything that samples are compared with. Preparing a large model takes a while, so others get their turn in between.
 * @throws UnsupportedOperatorError, ModelFormatError when a path cannot be prepared or the float model is another network
 */
export async function prepareComparison(request: ComparisonRequest, control: JobControl = {}): Promise<ComparisonSetUp> {
  const { model, floatModel, overview, persona, state, labels } = request;
  const quantizedPath = quantizedPathOf(overview.scheme);
  const prepare = async (path: Path) => {
    await control.yieldToOthers?.();
    return prepareGraph(model, MAIN_GRAPH, { path, persona: path === 'float' ? 'tflite' : persona });
  };
  const decode = labels === null ? null : (output: Parameters<typeof decodeOutput>[1]) => decodeOutput(labels, output);
  if (quantizedPath === null) {
    const runner = await prepare('float');
    const paths = { graph: runner.graph, float: new GraphLane(runner), quantized: null };
    return { prepared: { paths, plans: planLayers(runner), state, decode, costs: new Map() }, quantizedPath, match: null };
  }
  const partner = floatModel === null ? null : partnerOf(model, floatModel);
  const float = partner?.path ?? new GraphLane(await prepare('float'));
  const runner = await prepare(quantizedPath);
  const quantized = { runner, lane: new GraphLane(runner), local: new GraphLane(await prepare(quantizedPath)) };
  const paths = { graph: runner.graph, float, quantized };
  const costs = quantizedPath === 'int8' ? costsOf(request, runner.graph, partner) : new Map<number, PartCosts>();
  return { prepared: { paths, plans: planLayers(runner), state, decode, costs }, quantizedPath, match: partner?.match ?? null };
}

/** By position of the operator. Only of LSTMs that have a float counterpart. */
function costsOf(
  { overview, state, persona, samples }: ComparisonRequest,
  graph: Graph,
  partner: Partner | null,
): ReadonlyMap<number, PartCosts> {
  const costs = new Map<number, PartCosts>();
  graph.operators.forEach((operator, position) => {
    const info = overview.lstms.find(({ subgraph, op }) => subgraph === graph.index && op === operator.index);
    const counterpart = partner?.graph.operators[partner.match.partners[position] ?? -1];
    if (info === undefined || (partner !== null && counterpart === undefined)) return;
    const float = partner === null || counterpart === undefined ? null : { graph: partner.graph, operator: counterpart };
    const cost = PartCosts.of(info, { state, persona, samples }, { graph, operator }, float);
    if (cost !== null) costs.set(position, cost);
  });
  return costs;
}

function quantizedPathOf(scheme: Scheme): Report['quantizedPath'] {
  if (scheme === 'float') return null;
  return scheme === 'hybrid' ? 'hybrid' : 'int8';
}

interface Partner {
  readonly graph: Graph;
  readonly match: GraphMatch;
  readonly path: FloatPath;
}

function partnerOf(model: Model, floatModel: Model): Partner {
  const graph = model.graphs[MAIN_GRAPH];
  const runner = prepareGraph(floatModel, MAIN_GRAPH, { path: 'float', persona: 'tflite' });
  const match = graph === undefined ? null : matchFloat(graph, runner.graph);
  if (graph === undefined || match === null || !match.partners.some((position) => position !== null)) {
    const message = `${floatModel.fileName} is no float model of the same network: no operator has a counterpart in it, by name or by order`;
    throw new ModelFormatError('FLOAT_MODEL_UNRELATED', message);
  }
  return { graph: runner.graph, match, path: new PartnerPath(graph, new GraphLane(runner), match) };
}
