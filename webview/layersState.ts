import { ERROR_MEASURES, type ErrorMeasure } from './charts/errorMeasure';

/** How the Layers screen is looked at, beside the selection, sort and filter of its table. Part of the view that is kept. */
export interface LayersState {
  readonly as: 'table' | 'graph';
  /** Rows selected together with the one whose details are shown: ids of operators (`opId`). */
  readonly also: readonly string[];
  /** Brush on the error profile: places in `report.layers`, both ends included. */
  readonly stretch: { readonly from: number; readonly to: number } | null;
  /** Names of operators to show; none: all. */
  readonly kinds: readonly string[];
  /** Rule of the findings whose operators are shown; null: all. */
  readonly finding: string | null;
  readonly colour: GraphColour;
  /** Columns of the table beyond the usual ones. */
  readonly metrics: readonly LayerMetric[];
  /** What the error profile is drawn by. */
  readonly measure: ErrorMeasure;
  /** Ids of the groups that are open in the graph. */
  readonly opened: readonly string[];
  /** Graph pixels at the left and top of the window, and screen pixels for each of them; null: as it fits. */
  readonly camera: { readonly x: number; readonly y: number; readonly scale: number } | null;
  readonly part: DetailPart;
  /** The details take more room than the table. */
  readonly wide: boolean;
  /** Tensor whose values are shown; null: the output. */
  readonly tensor: number | null;
  readonly values: ValuesAs;
  /** Place among the run's samples of the values shown. */
  readonly sample: number;
  /** Channel of the weights, picked out. */
  readonly channel: number | null;
}

/** Figures of a layer beside its SQNR and its rails. */
export const LAYER_METRICS = ['rmse', 'largest', 'cosine', 'mean', 'bits', 'macs', 'params'] as const;
export type LayerMetric = (typeof LAYER_METRICS)[number];
export const GRAPH_COLOURS = ['local', 'accumulated', 'rails', ...LAYER_METRICS, 'target', 'type'] as const;
export type GraphColour = (typeof GRAPH_COLOURS)[number];
export const DETAIL_PARTS = ['output', 'where', 'weights', 'arithmetic', 'values', 'target'] as const;
export type DetailPart = (typeof DETAIL_PARTS)[number];
export const VALUES_AS = ['float', 'quantized', 'difference', 'codes'] as const;
export type ValuesAs = (typeof VALUES_AS)[number];

export const DEFAULT_LAYERS: LayersState = {
  as: 'table',
  also: [],
  stretch: null,
  kinds: [],
  finding: null,
  colour: 'local',
  metrics: [],
  measure: 'sqnr',
  opened: [],
  camera: null,
  part: 'output',
  wide: false,
  tensor: null,
  values: 'quantized',
  sample: 0,
  channel: null,
};

/** Longest lists that are taken back: a model of so many operators can have all of them selected. */
const MOST_IDS = 20_000;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isReal = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.slice(0, MOST_IDS).filter((one): one is string => typeof one === 'string') : [];
const oneOf = <T extends string>(value: unknown, names: readonly T[], fallback: T): T =>
  names.includes(value as T) ? (value as T) : fallback;

/** As far as it is understood. */
export function parseLayers(saved: unknown): LayersState {
  if (!isObject(saved)) return DEFAULT_LAYERS;
  const { stretch, camera } = saved;
  return {
    as: oneOf(saved.as, ['table', 'graph'], 'table'),
    also: texts(saved.also),
    stretch:
      isObject(stretch) && isCount(stretch.from) && isCount(stretch.to) && stretch.from <= stretch.to
        ? { from: stretch.from, to: stretch.to }
        : null,
    kinds: texts(saved.kinds),
    finding: typeof saved.finding === 'string' ? saved.finding : null,
    colour: oneOf(saved.colour, GRAPH_COLOURS, DEFAULT_LAYERS.colour),
    metrics: LAYER_METRICS.filter((metric) => texts(saved.metrics).includes(metric)),
    measure: oneOf(saved.measure, ERROR_MEASURES, DEFAULT_LAYERS.measure),
    opened: texts(saved.opened),
    camera:
      isObject(camera) && isReal(camera.x) && isReal(camera.y) && isReal(camera.scale) && camera.scale > 0
        ? { x: camera.x, y: camera.y, scale: camera.scale }
        : null,
    part: oneOf(saved.part, DETAIL_PARTS, 'output'),
    wide: saved.wide === true,
    tensor: isCount(saved.tensor) ? saved.tensor : null,
    values: oneOf(saved.values, VALUES_AS, DEFAULT_LAYERS.values),
    sample: isCount(saved.sample) ? saved.sample : 0,
    channel: isCount(saved.channel) ? saved.channel : null,
  };
}
