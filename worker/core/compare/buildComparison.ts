import { errorFigures } from '../analysis/errorSums';
import { describeLstms } from '../model/lstmInfo';
import type { Graph } from '../model/model';
import { schemeOf } from '../model/scheme';
import { comparisonHeadline } from './comparisonHeadline';
import type {
  ComparedSide,
  Comparison,
  FirstDifference,
  LayerDifference,
  RunDifferences,
  SignalDifference,
  StaticDifferences,
  StepDifferences,
} from './comparison';
import type { ComparedData, RunSums } from './compareModels';
import type { DifferenceSums, StepSums } from './differenceSums';
import { pathOf, type SideModel } from './prepareSides';
import type { LayerPair, SignalPair } from './runSides';
import { causesOf, sideLabels } from './sideLabels';
import { placeOf } from './staticDifferences';

interface Parts {
  readonly a: SideModel;
  readonly b: SideModel;
  readonly graphA: Graph;
  readonly graphB: Graph;
  readonly statics: StaticDifferences;
  readonly run: RunParts | null;
  readonly generator: string;
}

interface RunParts {
  readonly data: ComparedData;
  readonly state: 'reset' | 'carry';
  readonly float: RunDifferences['float'];
  readonly pairs: readonly LayerPair[];
  readonly sums: RunSums;
  /** Position of the operator in A. */
  readonly main: number | null;
}

export function buildComparison(parts: Parts): Comparison {
  const { a, b, graphA, statics, run } = parts;
  const sameFile = a.sha256 === b.sha256;
  const [labelA, labelB] = sideLabels(a, b);
  const comparison: Omit<Comparison, 'headline'> = {
    schema: 'gatescope.compare/1',
    generator: parts.generator,
    a: sideOf(a, labelA),
    b: sideOf(b, labelB),
    sameFile,
    statics,
    run: run === null ? null : runDifferences(parts, run),
    causes: sameFile ? causesOf(a, b, describeLstms(graphA)) : [],
  };
  return { ...comparison, headline: comparisonHeadline(comparison) };
}

function sideOf(side: SideModel, label: string): ComparedSide {
  const { model, sha256, persona, personaOverrides } = side;
  return {
    label,
    fileName: model.fileName,
    byteLength: model.byteLength,
    sha256,
    scheme: schemeOf(model),
    path: pathOf(side),
    persona,
    personaOverrides: personaOverrides ?? {},
  };
}

function runDifferences({ graphA, graphB }: Parts, { data, state, float, pairs, sums, main }: RunParts): RunDifferences {
  const { samples, labels } = data;
  const lstms = describeLstms(graphA);
  const layers = pairs.map((pair, layer): LayerDifference => ({
    a: placeOf(graphA, pair.a.operator),
    b: placeOf(graphB, pair.b.operator),
    lstm: lstms.find(({ op }) => op === pair.a.operator.index) ?? null,
    signals: pair.signals.flatMap((signal, position) => {
      const own = sums.layers[layer]?.[position] ?? null;
      return own === null ? [] : [signalDifference(pair, signal, own)];
    }),
  }));
  const mainLayer = pairs.findIndex(({ a }) => a.position === main);
  return {
    data: { label: data.label, files: data.files, synthetic: samples.synthetic },
    state,
    samples: sums.samples,
    steps: sums.steps,
    ...(sums.cutTo === null ? {} : { callsOfLongSamples: sums.cutTo }),
    complete: sums.samples === samples.count,
    requestedSamples: samples.count,
    float,
    first: firstOf(layers),
    mainLayer: mainLayer < 0 ? null : mainLayer,
    layers,
    task:
      labels === null || sums.task.samples === 0
        ? null
        : {
            kind: labels.kind,
            unit: labels.unit,
            total: sums.task.units,
            samples: sums.task.samples,
            errorsA: sums.task.errorsA,
            errorsB: sums.task.errorsB,
            changed: sums.changed,
          },
  };
}

/** By sample, then layer, then step, then in the order in which a step computes its signals. */
function firstOf(layers: readonly LayerDifference[]): FirstDifference | null {
  const all = layers.flatMap(({ signals }, layer) =>
    signals.flatMap(({ first, signal }): FirstDifference[] => (first === null ? [] : [{ ...first, layer, signal }])),
  );
  const [earliest] = all.sort(
    (x, y) => x.sample - y.sample || x.layer - y.layer || (x.step ?? 0) - (y.step ?? 0), // a stable sort keeps the signals' order
  );
  return earliest ?? null;
}

function signalDifference(pair: LayerPair, { a, b, direction }: SignalPair, sums: DifferenceSums): SignalDifference {
  const [formatA, formatB] = [a?.format ?? pair.a.format!, b?.format ?? pair.b.format!];
  const isCoded = formatA.dtype === formatB.dtype && formatA.dtype !== 'float32';
  const [errorsA, errorsB] = [errorFigures(sums.errorsA), errorFigures(sums.errorsB)];
  return {
    signal: a?.name ?? 'out',
    direction,
    gate: a?.gate ?? null,
    dtypeA: formatA.dtype,
    dtypeB: formatB.dtype,
    sameFormat:
      formatA.dtype === formatB.dtype &&
      String(formatA.quantization?.scales ?? '') === String(formatB.quantization?.scales ?? '') &&
      String(formatA.quantization?.zeroPoints ?? '') === String(formatB.quantization?.zeroPoints ?? ''),
    values: sums.values,
    differing: sums.differing,
    maxCodes: isCoded ? sums.maxCodes : null,
    maxAbs: sums.maxAbs,
    first: sums.first,
    sqnrDbA: errorsA?.sqnrDb ?? null,
    sqnrDbB: errorsB?.sqnrDb ?? null,
    maxErrorA: errorsA?.maxAbs ?? null,
    maxErrorB: errorsB?.maxAbs ?? null,
    steps: sums.steps.values.length === 0 ? null : stepDifferences(sums.steps, errorsA !== null, errorsB !== null),
  };
}

function stepDifferences(sums: StepSums, hasA: boolean, hasB: boolean): StepDifferences {
  const rms = (squared: readonly number[], has: boolean) =>
    squared.map((sum, entry) => (has && sums.held[entry]! > 0 ? Math.sqrt(sum / sums.held[entry]!) : null));
  return {
    perEntry: 2 ** sums.exponent,
    values: sums.values,
    differing: sums.differing,
    rmsA: rms(sums.squaredA, hasA),
    rmsB: rms(sums.squaredB, hasB),
  };
}
