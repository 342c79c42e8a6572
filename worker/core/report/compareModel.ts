import { comparePaths, type JobControl } from '../analysis/comparePaths';
import { PartnerPath, type FloatPath } from '../analysis/floatPath';
import { GraphLane } from '../analysis/graphLane';
import { planLayers, type LayerPlan } from '../analysis/layerPlan';
import { PartCosts } from '../analysis/partCosts';
import { isConversion, matchFloat, type GraphMatch } from '../analysis/matchFloat';
import type { ComparedPaths } from '../analysis/sampleComparison';
import type { SampleSource } from '../data/sample';
import { ModelFormatError } from '../formats/modelFormatError';
import type { PersonaName } from '../lstm/persona';
import type { Graph, Model, Scheme } from '../model/model';
import type { Path } from '../run/graphRunner';
import { prepareGraph } from '../run/prepareGraph';
import { buildReport } from './buildReport';
import type { ModelOverview } from './overview';
import type { FloatMatching, FloatModelIdentity, Report } from './report';
import { decodeOutput } from './task/decode';
import type { TaskLabels } from './task/labels';

export interface IdentifiedModel {
  readonly model: Model;
  /** Of the file, in hexadecimal. */
  readonly sha256: string;
}

export interface CompareRequest extends IdentifiedModel {
  readonly overview: ModelOverview;
  /** Null: the model's own weights, dequantized. Not used where the model itself is float. */
  readonly floatModel: IdentifiedModel | null;
  readonly samples: SampleSource;
  /** For people: where the samples come from. */
  readonly dataLabel: string;
  readonly dataFiles: readonly string[];
  readonly persona: PersonaName;
  readonly state: 'reset' | 'carry';
  readonly labels: TaskLabels | null;
  /** Program and version. */
  readonly generator: string;
}

/** The graph that is run; a model's others are called from it. */
export const MAIN_GRAPH = 0;
const MOST_UNMATCHED = 20;

/**
 * Runs a model's float and quantized paths over samples and says all that differs.
 * @throws UnsupportedOperatorError, ModelFormatError when a path cannot be prepared or the float model is another network;
 *   SampleError when a sample cannot be run
 */
export async function compareModel(request: CompareRequest, control: JobControl = {}): Promise<Report> {
  const { model, overview, samples, persona, state, labels } = request;
  const graph = model.graphs[MAIN_GRAPH];
  if (graph === undefined) throw new ModelFormatError('NO_GRAPH', `${model.fileName} has no graph to run`);
  const quantizedPath = quantizedPathOf(overview.scheme);
  const { paths, plans, partner } = await preparePaths(request, graph, quantizedPath, control);
  const decode = labels === null ? null : (output: Parameters<typeof decodeOutput>[1]) => decodeOutput(labels, output);
  const costs = costsOf(request, graph, quantizedPath, partner);
  const comparison = await comparePaths(paths, plans, samples, { state, decode, costs }, control);
  return buildReport(comparison, {
    generator: request.generator,
    overview,
    sha256: request.sha256,
    graph,
    floatModel: quantizedPath === null ? null : (partner?.identity ?? dequantized(graph)),
    quantizedPath,
    persona,
    state,
    data: { label: request.dataLabel, files: request.dataFiles, synthetic: samples.synthetic },
    requestedSamples: samples.count,
    labels,
    costs: new Map([...costs].map(([position, cost]) => [graph.operators[position]?.index ?? -1, cost.result()])),
  });
}

interface PreparedPaths {
  readonly paths: ComparedPaths;
  readonly plans: readonly LayerPlan[];
  readonly partner: Partner | null;
}

/** Preparing a large model takes a while, so others get their turn in between. */
async function preparePaths(
  { model, floatModel, persona }: CompareRequest,
  graph: Graph,
  quantizedPath: Report['quantizedPath'],
  control: JobControl,
): Promise<PreparedPaths> {
  const prepare = async (path: Path) => {
    await control.yieldToOthers?.();
    return prepareGraph(model, graph.index, { path, persona: path === 'float' ? 'tflite' : persona });
  };
  if (quantizedPath === null) {
    const runner = await prepare('float');
    return { paths: { graph, float: new GraphLane(runner), quantized: null }, plans: planLayers(runner), partner: null };
  }
  const partner = partnerPath(graph, floatModel);
  const float = partner?.path ?? new GraphLane(await prepare('float'));
  const runner = await prepare(quantizedPath);
  const quantized = { runner, lane: new GraphLane(runner), local: new GraphLane(await prepare(quantizedPath)) };
  return { paths: { graph, float, quantized }, plans: planLayers(runner), partner };
}

/** By position of the operator. Only of LSTMs that have a float counterpart. */
function costsOf(
  { overview, state, persona }: CompareRequest,
  graph: Graph,
  quantizedPath: Report['quantizedPath'],
  partner: Partner | null,
): ReadonlyMap<number, PartCosts> {
  const costs = new Map<number, PartCosts>();
  if (quantizedPath !== 'int8') return costs;
  graph.operators.forEach((operator, position) => {
    const info = overview.lstms.find(({ subgraph, op }) => subgraph === graph.index && op === operator.index);
    const counterpart = partner?.graph.operators[partner.match.partners[position] ?? -1];
    if (info === undefined || (partner !== null && counterpart === undefined)) return;
    const float = partner === null || counterpart === undefined ? null : { graph: partner.graph, operator: counterpart };
    const cost = PartCosts.of(info, state, { graph, operator }, float, persona);
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
  readonly identity: FloatModelIdentity;
}

function partnerPath(graph: Graph, partner: IdentifiedModel | null): Partner | null {
  if (partner === null) return null;
  const runner = prepareGraph(partner.model, MAIN_GRAPH, { path: 'float', persona: 'tflite' });
  const match = matchFloat(graph, runner.graph);
  if (!match.partners.some((position) => position !== null)) {
    const message = `${partner.model.fileName} is no float model of the same network: no operator has a counterpart in it, by name or by order`;
    throw new ModelFormatError('FLOAT_MODEL_UNRELATED', message);
  }
  return {
    graph: runner.graph,
    match,
    path: new PartnerPath(graph, new GraphLane(runner), match),
    identity: {
      source: 'file',
      fileName: partner.model.fileName,
      sha256: partner.sha256,
      matching: matchingOf(graph, match),
    },
  };
}

/** Conversions pass values through and are not counted. */
function matchingOf(graph: Graph, { by, partners }: GraphMatch): FloatMatching {
  const operators = graph.operators.filter((operator) => !isConversion(operator));
  const unmatched = graph.operators.filter((operator, position) => !isConversion(operator) && partners[position] === null);
  return {
    by,
    operators: operators.length,
    matched: operators.length - unmatched.length,
    unmatched: unmatched.slice(0, MOST_UNMATCHED).map(({ index, name, outputs }) => ({
      index,
      op: name,
      name: graph.tensors[outputs[0] ?? -1]?.name ?? '',
    })),
  };
}

function dequantized(graph: Graph): FloatModelIdentity {
  const operators = graph.operators.length;
  return {
    source: 'dequantized',
    fileName: null,
    sha256: null,
    matching: { by: 'self', matched: operators, operators, unmatched: [] },
  };
}
