import { mergeCosts, type CostSums } from '../lstm/mixed/costSums';
import { emptyLayer, mergeLayer, type LayerSums } from './layerSums';
import type { LayerPlan } from './layerPlan';
import { mergeSignal, type SignalSums } from './signalSums';

/**
 * What was counted over some samples of a run. Plain data (objects, numbers, texts, null and Float64Array), so that it can go to
 * another thread or be stored; parts of one run merge, in any split, to the figures of the whole.
 */
export interface ComparisonPart {
  /** Changes with every change of what is inside. */
  readonly schema: typeof PART_SCHEMA;
  /** Samples covered, by ascending index. */
  readonly samples: ComparedSample[];
  /** One per input of the graph; null where it holds no reals or no sample was seen. */
  readonly inputs: (SignalSums | null)[];
  /** One per operator of the graph. */
  readonly layers: readonly LayerSums[];
  /** One per operator; null where nothing was measured. */
  readonly costs: (CostSums | null)[];
}

export const PART_SCHEMA = 'gatescope.comparison-part/3';

export interface ComparedSample {
  /** Place among the samples of the run. */
  readonly index: number;
  readonly name: string;
  readonly steps: number;
  /** Of the main output; null where nothing is compared or nothing differs. */
  readonly sqnrDb: number | null;
  /** What `decode` makes of the main output. */
  readonly float: string | null;
  readonly quantized: string | null;
  /** What `margin` makes of it, in reals; absent where none is told. */
  readonly margin?: { readonly float: number | null; readonly quantized: number | null };
}

/** @param compared whether a quantized path runs beside the float one */
export function emptyPart(plans: readonly LayerPlan[], inputs: number, compared: boolean): ComparisonPart {
  return {
    schema: PART_SCHEMA,
    samples: [],
    inputs: new Array<null>(inputs).fill(null),
    layers: plans.map((plan) => emptyLayer(plan, compared)),
    costs: plans.map(() => null),
  };
}

/** Adds the part of other samples of the same run; `other` must not be used any more. Samples stay in order. */
export function mergePart(into: ComparisonPart, other: ComparisonPart): void {
  const isLater = (other.samples[0]?.index ?? Infinity) > (into.samples.at(-1)?.index ?? -1);
  into.samples.push(...other.samples);
  if (!isLater) into.samples.sort((a, b) => a.index - b.index);
  other.layers.forEach((layer, position) => {
    const own = into.layers[position];
    if (own !== undefined) mergeLayer(own, layer);
  });
  other.inputs.forEach((input, position) => {
    const own = into.inputs[position] ?? null;
    if (own === null || input === null) into.inputs[position] = own ?? input;
    else mergeSignal(own, input);
  });
  other.costs.forEach((costs, position) => {
    const own = into.costs[position] ?? null;
    if (own === null || costs === null) into.costs[position] = own ?? costs;
    else mergeCosts(own, costs);
  });
}

/** Buffers that a part holds and that can be handed over to another thread with it. */
export function buffersOfPart({ inputs, layers }: ComparisonPart): ArrayBufferLike[] {
  const signals = [...inputs, ...layers.flatMap(({ output, cells }) => [output, ...cells.flatMap((cell) => cell.signals)])];
  const buffers = signals.flatMap((sums) =>
    [sums?.floatHistogram.counts, sums?.histogram?.counts, sums?.located?.steps.table, sums?.located?.units].flatMap((array) =>
      array === undefined ? [] : [array.buffer],
    ),
  );
  return [...new Set(buffers)];
}
