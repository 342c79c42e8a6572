import type { PreparedComparison } from '../analysis/compareSamples';
import { PartnerPath } from '../analysis/floatPath';
import { foreignOperators } from '../analysis/foreignOperators';
import { GraphLane } from '../analysis/graphLane';
import { planLayers } from '../analysis/layerPlan';
import { TraceMemory } from '../analysis/localCell';
import { matchFloat, type GraphMatch } from '../analysis/matchFloat';
import type { Pace } from '../analysis/pace';
import { PartCosts } from '../analysis/partCosts';
import { StepClock } from '../analysis/stepClock';
import { ModelFormatError } from '../formats/modelFormatError';
import { switchQuirks, type QuirkSwitches } from '../compare/quirks';
import type { PersonaName } from '../lstm/persona';
import type { Graph, Model, Scheme } from '../model/model';
import type { GraphOptions, Path } from '../run/graphRunner';
import type { RuntimeSource } from '../run/operatorRuntime';
import { preparingGraph } from '../run/prepareGraph';
import type { ModelOverview } from './overview';
import type { Report } from './report';
import { cellInfoOf } from './cellInfos';
import { decodeOutput, marginOf } from './task/decode';
import type { TaskLabels } from './task/labels';

/** The graph that is run; a model's others are called from it. */
export const MAIN_GRAPH = 0;

export interface ComparisonRequest {
  readonly model: Model;
  readonly overview: Pick<ModelOverview, 'scheme' | 'lstms' | 'recurrent'>;
  /** Null: the model's own weights, dequantized. Not used where the model itself is float. */
  readonly floatModel: Model | null;
  /** Samples of the whole run. */
  readonly samples: number;
  readonly persona: PersonaName;
  /** Quirks of the persona to switch; absent: as its runtime has them. */
  readonly quirks?: QuirkSwitches;
  readonly state: 'reset' | 'carry';
  readonly labels: TaskLabels | null;
  /** Computes operators that this engine does not. */
  readonly runtime?: RuntimeSource | undefined;
  /** Who computes what both can; absent: this engine. */
  readonly preferred?: 'engine' | 'runtime';
  /** False: what parts of recurrent layers cost is not measured. Default true. */
  readonly measuresCosts?: boolean;
}

/** How operators find their counterparts in a float model. @throws ModelFormatError FLOAT_MODEL_UNRELATED */
export function matchPartner(graph: Graph, floatModel: Model): GraphMatch {
  const floatGraph = floatModel.graphs[MAIN_GRAPH];
  const match = floatGraph === undefined ? null : matchFloat(graph, floatGraph);
  if (match === null || !match.partners.some((position) => position !== null)) {
    const message = `${floatModel.fileName} is no float model of the same network: no operator has a counterpart in it, by name, order or weights`;
    throw new ModelFormatError('FLOAT_MODEL_UNRELATED', message);
  }
  return match;
}

/** Which path is compared with float; null for a float model. */
export function quantizedPathOf(scheme: Scheme): Report['quantizedPath'] {
  if (scheme === 'float') return null;
  return scheme === 'hybrid' ? 'hybrid' : 'int8';
}

/**
 * Prepares everything that samples are compared with; null when that is cancelled, since large models take a while.
 * @throws UnsupportedOperatorError, ModelFormatError when a path cannot be prepared or the float model is another network
 */
export async function prepareComparison(request: ComparisonRequest, pace: Pace): Promise<PreparedComparison | null> {
  const { model, floatModel, overview, persona, quirks = {}, state, labels } = request;
  const quantizedPath = quantizedPathOf(overview.scheme);
  const graph = model.graphs[MAIN_GRAPH];
  const match = floatModel === null || graph === undefined || quantizedPath === null ? null : matchPartner(graph, floatModel);
  const elsewhere: Pick<GraphOptions, 'runtime' | 'preferred' | 'whenRefused'> = {
    ...(request.runtime === undefined ? {} : { runtime: request.runtime }),
    preferred: request.preferred ?? 'engine',
    whenRefused: 'leave-out',
  };
  const optionsOf = (path: Path): GraphOptions =>
    path === 'float' ? { path, persona: 'tflite' } : { path, persona, personaOverrides: switchQuirks(quirks, persona) };
  const prepare = (of: Model, path: Path) => pace.finish(preparingGraph(of, MAIN_GRAPH, { ...optionsOf(path), ...elsewhere }));
  const floatRunner = await prepare(match === null || floatModel === null ? model : floatModel, 'float');
  if (floatRunner === null) return null;
  const floatLane = new GraphLane(floatRunner);
  const decode = labels === null ? null : (output: Parameters<typeof decodeOutput>[1]) => decodeOutput(labels, output);
  const answers = { decode, ...(labels?.kind === 'classification' ? { margin: marginOf } : {}) };
  const states = state === 'carry' ? { state, clock: new StepClock() } : { state };
  if (quantizedPath === null) {
    const paths = { graph: floatRunner.graph, float: floatLane, quantized: null };
    const foreign = () => foreignOperators(floatRunner, null);
    return { paths, plans: planLayers(floatRunner), ...states, ...answers, costs: new Map(), foreign };
  }
  const runner = await prepare(model, quantizedPath);
  const local = runner === null ? null : await prepare(model, quantizedPath);
  if (runner === null || local === null) return null;
  const float = match === null ? floatLane : new PartnerPath(runner.graph, floatLane, match);
  const quantized = { runner, lane: new GraphLane(runner), local: new GraphLane(local), memory: new TraceMemory() };
  const partnerGraph = match === null ? null : { graph: floatRunner.graph, match };
  const hasCosts = quantizedPath === 'int8' && request.measuresCosts !== false;
  const costs = hasCosts ? costsOf(request, runner.graph, partnerGraph) : new Map<number, PartCosts>();
  const paths = { graph: runner.graph, float, quantized };
  const foreign = () => foreignOperators(match === null ? floatRunner : null, runner);
  return { paths, plans: planLayers(runner), ...states, ...answers, costs, foreign };
}

/** By position of the operator. Only of recurrent layers that have a float counterpart. */
function costsOf(
  { overview, state, persona, quirks = {}, samples }: ComparisonRequest,
  graph: Graph,
  partner: { readonly graph: Graph; readonly match: GraphMatch } | null,
): ReadonlyMap<number, PartCosts> {
  const costs = new Map<number, PartCosts>();
  graph.operators.forEach((operator, position) => {
    const info = cellInfoOf(overview, { subgraph: graph.index, index: operator.index });
    const counterpart = partner?.graph.operators[partner.match.partners[position] ?? -1];
    if (info === null || (partner !== null && counterpart === undefined)) return;
    const float = partner === null || counterpart === undefined ? null : { graph: partner.graph, operator: counterpart };
    const cost = PartCosts.of(
      info,
      { state, persona, personaOverrides: switchQuirks(quirks, persona), samples },
      { graph, operator },
      float,
    );
    if (cost !== null) costs.set(position, cost);
  });
  return costs;
}
