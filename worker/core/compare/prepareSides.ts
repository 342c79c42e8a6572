import { PartnerPath, type FloatPath } from '../analysis/floatPath';
import { GraphLane } from '../analysis/graphLane';
import { planLayers, type LayerPlan } from '../analysis/layerPlan';
import type { Pace } from '../analysis/pace';
import { mainOutputOf, type MainOutput } from '../analysis/sampleComparison';
import type { PersonaName, PersonaOverrides } from '../lstm/persona';
import type { Graph, Model } from '../model/model';
import { schemeOf } from '../model/scheme';
import { MAIN_GRAPH, matchPartner, quantizedPathOf } from '../report/prepareComparison';
import type { GraphRunner, Path } from '../run/graphRunner';
import type { RuntimeSource } from '../run/operatorRuntime';
import { preparingGraph } from '../run/prepareGraph';

/** A model and the arithmetic that it is run in. */
export interface SideModel {
  readonly model: Model;
  /** Of the file, in hexadecimal. */
  readonly sha256: string;
  readonly persona: PersonaName;
  readonly personaOverrides?: PersonaOverrides;
  /** Computes operators that this engine does not. */
  readonly runtime?: RuntimeSource | undefined;
}

export interface PreparedSide {
  readonly graph: Graph;
  readonly runner: GraphRunner;
  readonly lane: GraphLane;
  readonly plans: readonly LayerPlan[];
  /** The float path in this side's operators. */
  readonly float: FloatPath;
  readonly main: MainOutput | null;
}

/** The file's own arithmetic. */
export function pathOf({ model }: SideModel): Path {
  return quantizedPathOf(schemeOf(model)) ?? 'float';
}

/**
 * @param floatModel null: the side's own weights as reals
 * @returns null when it was cancelled
 * @throws UnsupportedOperatorError, ModelFormatError
 */
export async function prepareSide(side: SideModel, floatModel: Model | null, pace: Pace): Promise<PreparedSide | null> {
  const { model, persona, personaOverrides, runtime } = side;
  const prepare = (of: Model, path: Path) =>
    pace.finish(
      preparingGraph(of, MAIN_GRAPH, {
        path,
        persona: path === 'float' ? 'tflite' : persona,
        ...(runtime === undefined ? {} : { runtime }),
        ...(path === 'float' || personaOverrides === undefined ? {} : { personaOverrides }),
      }),
    );
  const runner = await prepare(model, pathOf(side));
  const floatRunner = runner === null ? null : await prepare(floatModel ?? model, 'float');
  if (runner === null || floatRunner === null) return null;
  const { graph } = runner;
  const floatLane = new GraphLane(floatRunner);
  return {
    graph,
    runner,
    lane: new GraphLane(runner),
    plans: planLayers(runner),
    float: floatModel === null ? floatLane : new PartnerPath(graph, floatLane, matchPartner(graph, floatModel)),
    main: mainOutputOf(graph),
  };
}
