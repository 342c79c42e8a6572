import type { ForeignOperator } from '../../../worker/core/analysis/foreignOperators';
import { cellInfos } from '../../../worker/core/report/cellInfos';
import type { ModelOverview, OperatorInfo } from '../../../worker/core/report/overview';
import type { ErrorStats, LayerReport, Report, SignalReport } from '../../../worker/core/report/report';
import type { OperatorPlacement, Verdict } from '../../../worker/core/targets/verdict';
import { inputKey, keyOfLstm, opId } from '../../derived';
import type { TextRows } from '../../figures/textRows';
import { foreignBadge } from '../../figures/foreignText';
import { toldOfLayer } from '../../figures/readings';
import { LAYER_METRICS, type LayerMetric } from '../../layersState';
import type { LayerColumn, OpKey, ViewState } from '../../viewState';
import { METRICS } from './layerMetrics';
import { hasStepsInMiddle, shapeText } from '../text';

/** One operator, or one input of the model, in the layer table. */
export interface LayerRow extends OpKey {
  readonly id: string;
  /** `INPUT` for an input. */
  readonly name: string;
  /** Name of the (first) output tensor. */
  readonly output: string;
  readonly shape: string;
  readonly dtypes: string;
  /** Null for an input. */
  readonly operator: OperatorInfo | null;
  /** An LSTM, GRU or simple recurrent layer, which the microscope shows. */
  readonly isLstm: boolean;
  /** What the run says; null before one, and for operators that it does not list. */
  readonly layer: LayerReport | null;
  /** Index in `report.layers`, as the profile counts; null without a layer. */
  readonly layerIndex: number | null;
  /** The signal whose small histogram stands for the layer: `out`, or an LSTM's h. */
  readonly signal: SignalReport | null;
  /** Values at the rails that are lost; where none is, all that lie there. Null: not measured. */
  readonly atRails: { readonly count: number; readonly lost: boolean; readonly values: number } | null;
  readonly placement: OperatorPlacement | null;
  /** Who computes it in place of this engine, on each path; empty where this engine does. */
  readonly foreign: readonly ForeignOperator[];
  /** Text that the filter looks through, lower case. */
  readonly searched: string;
}

const NONE: readonly ForeignOperator[] = [];

/** Rows in file order; after a run the model's inputs come first, since they lose values too. */
export function layerRows(overview: ModelOverview, report: Report | null, target: string | null): readonly LayerRow[] {
  const layers = new Map(report?.layers.map((layer, at) => [opId(layer), { layer, at }]));
  const lstms = new Set(cellInfos(overview).map((cell) => opId(keyOfLstm(cell))));
  const placed = Object.entries(overview.targets).find(([name]) => name === target)?.[1];
  const placements = new Map(placed?.ops.map((op) => [opId(op), op]));
  // Of the main graph: the others are computed with the operator that calls them.
  const foreign = new Map<number, ForeignOperator[]>();
  for (const one of report?.foreign ?? []) foreign.set(one.index, [...(foreign.get(one.index) ?? []), one]);
  const hasSteps = hasStepsInMiddle(overview);
  const inputs = (report?.inputs ?? []).map((layer): LayerRow => {
    const key = inputKey(layer.subgraph, layer.index);
    return {
      ...key,
      id: opId(key),
      name: layer.op,
      output: layer.name,
      shape: shapeText(layer.shape, hasSteps),
      dtypes: layer.dtype,
      operator: null,
      isLstm: false,
      ...measured(layer),
      layerIndex: null,
      placement: null,
      foreign: [],
      searched: `${layer.op} ${layer.name} ${layer.dtype}`.toLowerCase(),
    };
  });
  const operators = overview.ops.map((op): LayerRow => {
    const id = opId(op);
    const found = layers.get(id);
    const computedBy = (op.subgraph === 0 ? foreign.get(op.index) : undefined) ?? NONE;
    return {
      subgraph: op.subgraph,
      index: op.index,
      id,
      name: op.op,
      output: op.name,
      shape: shapeText(op.outputShape, hasSteps),
      dtypes: op.dtypes,
      operator: op,
      isLstm: lstms.has(id),
      ...measured(found?.layer ?? null),
      layerIndex: found?.at ?? null,
      placement: placements.get(id) ?? null,
      foreign: computedBy,
      searched: [op.op, op.name, op.dtypes, op.index, ...computedBy.map(foreignBadge)].join(' ').toLowerCase(),
    };
  });
  return [...inputs, ...operators];
}

function measured(layer: LayerReport | null): Pick<LayerRow, 'layer' | 'signal' | 'atRails'> {
  const signal = layer && shownSignal(layer);
  return {
    layer,
    signal,
    atRails:
      layer && signal?.rails && layer.saturation.values > 0 ? { ...toldOfLayer(layer), values: layer.saturation.values } : null,
  };
}

function shownSignal({ signals }: LayerReport): SignalReport | null {
  return signals.find(({ signal }) => signal === 'out' || signal === 'h') ?? null;
}

/** The rows that contain every word of the filter, sorted; what is not measured comes last either way. */
export function visibleRows(
  rows: readonly LayerRow[],
  { filter, sort }: Pick<ViewState, 'filter' | 'sort'>,
): readonly LayerRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = words.length === 0 ? [...rows] : rows.filter(({ searched }) => words.every((word) => searched.includes(word)));
  if (sort.column === 'index' && !sort.descending) return kept;
  const key = sortKey(sort.column);
  const direction = sort.descending ? -1 : 1;
  return kept
    .map((row) => ({ row, value: key(row) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
      return direction * compare(a.value, b.value);
    })
    .map(({ row }) => row);
}

function sortKey(column: LayerColumn): (row: LayerRow) => SortValue {
  return column in METRICS ? METRICS[column as LayerMetric].value : SORT_KEYS[column as Exclude<LayerColumn, LayerMetric>];
}

type SortValue = number | string | null;

const compare = (a: NonNullable<SortValue>, b: NonNullable<SortValue>): number =>
  typeof a === 'string' && typeof b === 'string' ? a.localeCompare(b) : Number(a) - Number(b);

/** dB for sorting and for bars: no difference at all is better than any figure. */
export function decibels(error: ErrorStats | null): number | null {
  return error === null ? null : error.exact ? Infinity : error.sqnrDb;
}

const VERDICT_ORDER: Readonly<Record<Verdict, number>> = { rejected: 0, fallback: 1, conditional: 2, unverified: 3, native: 4 };

/** What is lost counts before what only lies at a rail. */
function lossOrder(atRails: LayerRow['atRails']): number | null {
  return atRails && atRails.count / atRails.values + (atRails.lost ? 1 : 0);
}

const SORT_KEYS: Readonly<Record<Exclude<LayerColumn, LayerMetric>, (row: LayerRow) => SortValue>> = {
  index: (row) => row.subgraph * 1e9 + row.index,
  op: (row) => row.name,
  output: (row) => row.output,
  dtype: (row) => row.dtypes,
  local: (row) => decibels(row.layer?.local ?? null),
  accumulated: (row) => decibels(row.layer?.accumulated ?? null),
  rails: (row) => lossOrder(row.atRails),
  // What a narrow histogram shows: how many bits of the type are in use.
  histogram: (row) => row.signal?.effectiveBits?.used ?? null,
  target: (row) => (row.placement ? VERDICT_ORDER[row.placement.verdict] : null),
};

/** Length of an error bar, 0..1: the longest for the worst layer of the model. */
export function errorBars(rows: readonly LayerRow[]): (db: number | null) => number {
  let low = Infinity;
  let high = -Infinity;
  for (const { layer } of rows) {
    for (const db of [decibels(layer?.local ?? null), decibels(layer?.accumulated ?? null)]) {
      if (db === null || !Number.isFinite(db)) continue;
      low = Math.min(low, db);
      high = Math.max(high, db);
    }
  }
  return (db) => {
    if (db === null || db === Infinity) return 0;
    return high > low ? 0.06 + 0.94 * ((high - db) / (high - low)) : 0.5;
  };
}

/** The table as texts, in the order shown; figures in full. */
export function layerTable(title: string, rows: readonly LayerRow[], target: string | null): TextRows {
  const head = [
    'index',
    'op',
    'output',
    'shape',
    'type',
    'local_sqnr_db',
    'accumulated_sqnr_db',
    'rail_share',
    'lost_share',
    ...LAYER_METRICS,
  ];
  const lines = rows.map((row) => [
    row.operator ? String(row.index) : '',
    row.name,
    row.output,
    row.shape,
    row.dtypes,
    decibelText(row.layer?.local ?? null),
    decibelText(row.layer?.accumulated ?? null),
    ...(row.layer && row.layer.saturation.values > 0
      ? [row.layer.saturation.total, row.layer.lostAtRails].map((count) => String(count / (row.layer?.saturation.values ?? 1)))
      : ['', '']),
    ...LAYER_METRICS.map((metric) => String(METRICS[metric].value(row) ?? '')),
    ...(target === null ? [] : [row.placement?.verdict ?? '']),
  ]);
  return { title, rows: [[...head, ...(target === null ? [] : [target])], ...lines] };
}

const decibelText = (error: ErrorStats | null): string => (error?.exact ? 'exact' : String(error?.sqnrDb ?? ''));
