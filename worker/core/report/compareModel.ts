import { compareNothing, comparePaths, type ComparisonControl } from '../analysis/comparePaths';
import type { Helpers } from '../analysis/crew';
import { isConversion, type GraphMatch } from '../analysis/matchFloat';
import { Pace } from '../analysis/pace';
import type { DataOptions } from '../data/dataOptions';
import type { SampleSource } from '../data/sample';
import { ModelFormatError } from '../formats/modelFormatError';
import type { QuirkSwitches } from '../compare/quirks';
import type { PersonaName } from '../lstm/persona';
import type { Graph, Model, Operator } from '../model/model';
import type { RuntimeSource } from '../run/operatorRuntime';
import { buildReport } from './buildReport';
import type { ModelOverview } from './overview';
import { MAIN_GRAPH, matchPartner, prepareComparison, quantizedPathOf, type ComparisonRequest } from './prepareComparison';
import type { DataIdentity, FloatMatching, FloatModelIdentity, OperatorName, Report } from './report';
import type { TaskLabels } from './task/labels';
import { nameInFile } from '../model/operatorName';

export interface IdentifiedModel {
  readonly model: Model;
  /** Of the file, in hexadecimal. */
  readonly sha256: string;
  /** Computes those of its operators that this engine does not; absent: they are not computed. */
  readonly runtime?: RuntimeSource | undefined;
}

export interface CompareRequest extends IdentifiedModel {
  readonly overview: ModelOverview;
  /** Null: the model's own weights, dequantized. Not used where the model itself is float. */
  readonly floatModel: IdentifiedModel | null;
  readonly samples: SampleSource;
  /** For people: where the samples come from. */
  readonly dataLabel: string;
  readonly dataFiles: readonly string[];
  /** How it became samples; absent: as was guessed. */
  readonly dataOptions?: DataOptions | undefined;
  readonly persona: PersonaName;
  /** Quirks of the persona to switch; absent: as its runtime has them. */
  readonly quirks?: QuirkSwitches;
  /** Who computes what both this engine and `runtime` can; absent: this engine. */
  readonly preferred?: ComparisonRequest['preferred'];
  readonly state: 'reset' | 'carry';
  readonly labels: TaskLabels | null;
  /** Program and version. */
  readonly generator: string;
}

const MOST_UNMATCHED = 20;

/**
 * Runs a model's float and quantized paths over samples and says all that differs.
 * @param helpers other threads that prepare the same comparison; null: all is done on this one
 * @throws UnsupportedOperatorError, ModelFormatError when a path cannot be prepared or the float model is another network;
 *   SampleError when a sample cannot be run; HelperLost when another thread ended
 */
export async function compareModel(
  request: CompareRequest,
  control: ComparisonControl = {},
  helpers: Helpers | null = null,
): Promise<Report> {
  const { model, overview, floatModel, samples, persona, quirks = {}, state, labels, runtime, preferred = 'engine' } = request;
  const graph = model.graphs[MAIN_GRAPH];
  if (graph === undefined) throw new ModelFormatError('NO_GRAPH', `${model.fileName} has no graph to run`);
  const quantizedPath = quantizedPathOf(overview.scheme);
  const partner = floatIdentity(graph, quantizedPath === null ? null : floatModel);
  const prepared = await prepareComparison(
    {
      model,
      overview,
      floatModel: floatModel?.model ?? null,
      samples: samples.count,
      persona,
      quirks,
      state,
      labels,
      runtime,
      preferred,
    },
    new Pace(control),
  );
  const comparison =
    prepared === null ? compareNothing(graph, quantizedPath !== null) : await comparePaths(prepared, samples, control, helpers);
  return buildReport(comparison, {
    generator: request.generator,
    overview,
    sha256: request.sha256,
    graph,
    floatModel: quantizedPath === null ? null : partner,
    quantizedPath,
    persona,
    quirks,
    foreign: prepared?.foreign?.() ?? [],
    state,
    data: dataIdentity(request),
    requestedSamples: samples.count,
    labels,
  });
}

function dataIdentity({ dataLabel, dataFiles, dataOptions = {}, samples }: CompareRequest): DataIdentity {
  const { synthetic, notes = [] } = samples;
  return {
    label: dataLabel,
    files: dataFiles,
    synthetic,
    ...(Object.keys(dataOptions).length === 0 ? {} : { options: dataOptions }),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

/**
 * Where the float path of `graph` takes its weights from.
 * @param floatModel null: the graph's own, dequantized
 * @throws ModelFormatError FLOAT_MODEL_UNRELATED
 */
export function floatIdentity(graph: Graph, floatModel: IdentifiedModel | null): FloatModelIdentity {
  if (floatModel === null) return dequantized(graph);
  const { model, sha256 } = floatModel;
  return { source: 'file', fileName: model.fileName, sha256, matching: matchingOf(graph, matchPartner(graph, model)) };
}

/** Conversions pass values through and are not counted. */
function matchingOf(graph: Graph, { by, partners, unrelated }: GraphMatch): FloatMatching {
  const operators = graph.operators.filter((operator) => !isConversion(operator));
  const unmatched = graph.operators.filter((operator, position) => !isConversion(operator) && partners[position] === null);
  const other = graph.operators[unrelated[0] ?? -1];
  return {
    by,
    operators: operators.length,
    matched: operators.length - unmatched.length,
    unmatched: unmatched.slice(0, MOST_UNMATCHED).map((operator) => nameIn(graph, operator)),
    ...(other === undefined ? {} : { unrelated: { count: unrelated.length, first: nameIn(graph, other) } }),
  };
}

function nameIn(graph: Graph, operator: Operator): OperatorName {
  const { index, outputs } = operator;
  return { index, op: nameInFile(operator), name: graph.tensors[outputs[0] ?? -1]?.name ?? '' };
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
