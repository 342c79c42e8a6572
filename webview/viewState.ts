import type { RunChoice } from '../extension/protocol/messages';
import { observerNamed } from '../worker/core/calibration/observers';
import { DEFAULT_SETTINGS, type RecipeSettings } from '../worker/core/fix/editRecipe';
import { PERSONA_NAMES } from '../worker/core/lstm/persona';
import { SUBJECT_KINDS, type SubjectKind } from '../worker/core/blame/subjectKinds';
import { QUIRK_NAMES, type QuirkSwitches } from '../worker/core/compare/quirks';
import type { CellSelection } from './figures/CellFigure';
import { DEFAULT_AUDIO, parseAudio, type AudioState } from './audioState';
import { DEFAULT_LAYERS, LAYER_METRICS, parseLayers, type LayersState } from './layersState';

export const TABS = ['overview', 'layers', 'lstm', 'targets', 'compare', 'fix', 'audio'] as const;
export type Tab = (typeof TABS)[number];

const ERROR_COLUMNS = ['local', 'accumulated', 'rails'] as const;
export const LAYER_COLUMNS = [
  'index',
  'op',
  'output',
  'dtype',
  ...ERROR_COLUMNS,
  ...LAYER_METRICS,
  'histogram',
  'target',
] as const;
export type LayerColumn = (typeof LAYER_COLUMNS)[number];

/** `differ`: where two targets do; `log`: where prediction and imported log do. */
export const VERDICT_FILTERS = ['all', 'fallback', 'rejected', 'differ', 'log'] as const;
export type VerdictFilter = (typeof VERDICT_FILTERS)[number];

/** An operator: graph and index in the file. Model inputs have a place among them, with negative indices. */
export interface OpKey {
  readonly subgraph: number;
  readonly index: number;
}

export interface Placement extends OpKey {
  readonly target: string;
}

/** From `from` up to `to`: steps without the last, reals with both ends. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What of the selected signal is picked out: a range of reals, or where the ledger counts. */
export type ValuePick =
  ({ readonly kind: 'range' } & Span) | { readonly kind: 'rails' } | { readonly kind: 'flat' } | { readonly kind: 'clip' };

/** What blame lists. */
const BLAME_FILTERS = ['all', ...SUBJECT_KINDS] as const;
export type BlameFilter = 'all' | SubjectKind;

export const HEATS = ['error', 'saturation', 'value'] as const;
export type Heat = (typeof HEATS)[number];

/** How the float model is to be quantized when it is asked for next; null: as it was last, or by default. */
export interface QuantizeForm {
  readonly calibrationId: string | null;
  readonly settings: RecipeSettings;
}

/** What the user chose to look at and how: kept while the editor is hidden and over a reload of the window. */
export interface ViewState {
  readonly tab: Tab;
  readonly dataId: string | null;
  readonly persona: RunChoice['persona'];
  readonly states: RunChoice['state'];
  /** Quirks of the persona that are switched; the others are as the runtime has them. */
  readonly quirks: QuirkSwitches;
  readonly layer: OpKey | null;
  readonly sort: { readonly column: LayerColumn; readonly descending: boolean };
  readonly filter: string;
  readonly hiddenColumns: readonly LayerColumn[];
  readonly layers: LayersState;
  readonly audio: AudioState;
  /** Target of the layer table's last column; null: the first. */
  readonly target: string | null;
  readonly lstm: OpKey | null;
  readonly direction: 'forward' | 'backward';
  readonly signal: CellSelection | null;
  readonly counts: 'linear' | 'log';
  /** Place among the run's samples; `all`: together; null: the one with the largest error. */
  readonly sample: number | 'all' | null;
  readonly heat: Heat;
  /** Step that the line stands at. */
  readonly step: number | null;
  readonly unit: number | null;
  /** Selected steps: histogram and figures are about these alone. */
  readonly steps: Span | null;
  /** Steps that the lanes show; null: all. */
  readonly stepWindow: Span | null;
  readonly pick: ValuePick | null;
  /** Reals that the histogram shows; null: all. */
  readonly window: Span | null;
  readonly placement: Placement | null;
  readonly verdicts: VerdictFilter;
  /** Target whose verdict the filter goes by; null: any. */
  readonly verdictsOn: string | null;
  /** The two targets that are held against each other; null: the first two. */
  readonly targetPair: readonly [string, string] | null;
  readonly hiddenTargets: readonly string[];
  /** Stretches of operators that are folded in the matrix, by `subgraph-index` of their first. */
  readonly foldedStretches: readonly string[];
  /** Id of what stands beside the model (views/compare/sides.ts); null: the first that is offered. */
  readonly compareWith: string | null;
  /** Operator of this model whose signals the comparison shows; null: where the first difference is. */
  readonly comparedOp: number | null;
  readonly blamed: BlameFilter;
  readonly quantize: QuantizeForm | null;
  /** Row of the Fix screen's table (see FixRow). */
  readonly fixRow: string | null;
}

export const DEFAULT_VIEW: ViewState = {
  tab: 'overview',
  dataId: null,
  persona: 'tflite',
  states: 'reset',
  quirks: {},
  layer: null,
  sort: { column: 'index', descending: false },
  filter: '',
  hiddenColumns: [],
  layers: DEFAULT_LAYERS,
  audio: DEFAULT_AUDIO,
  target: null,
  lstm: null,
  direction: 'forward',
  signal: null,
  counts: 'log',
  sample: null,
  heat: 'error',
  step: null,
  unit: null,
  steps: null,
  stepWindow: null,
  pick: null,
  window: null,
  placement: null,
  verdicts: 'all',
  verdictsOn: null,
  targetPair: null,
  hiddenTargets: [],
  foldedStretches: [],
  quantize: null,
  fixRow: null,
  compareWith: null,
  comparedOp: null,
  blamed: 'all',
};

/** What a link to the place on show says: all that is not as it is at first, but no choice of data, which is another machine's. */
export function placeOf(view: ViewState): Readonly<Record<string, unknown>> {
  const chosen = Object.entries(view).filter(
    ([key, value]) =>
      key !== 'dataId' && key !== 'quantize' && JSON.stringify(value) !== JSON.stringify(DEFAULT_VIEW[key as keyof ViewState]),
  );
  return { tab: view.tab, ...Object.fromEntries(chosen) };
}

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string';
const isIndex = (value: unknown): value is number => Number.isInteger(value);
const oneOf = <T extends string>(value: unknown, names: readonly T[], fallback: T): T =>
  names.includes(value as T) ? (value as T) : fallback;
const textOr = <T>(value: unknown, fallback: T): string | T => (isText(value) ? value : fallback);

const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter(isText) : []);

function textPair(value: unknown): readonly [string, string] | null {
  const [first, second] = texts(value);
  return first === undefined || second === undefined ? null : [first, second];
}

function opKey(value: unknown): OpKey | null {
  return isObject(value) && isIndex(value.subgraph) && isIndex(value.index)
    ? { subgraph: value.subgraph, index: value.index }
    : null;
}

function span(value: unknown): Span | null {
  const isReal = (end: unknown): end is number => typeof end === 'number' && Number.isFinite(end);
  return isObject(value) && isReal(value.from) && isReal(value.to) && value.from < value.to
    ? { from: value.from, to: value.to }
    : null;
}

function valuePick(value: unknown): ValuePick | null {
  if (!isObject(value)) return null;
  if (value.kind === 'rails' || value.kind === 'flat' || value.kind === 'clip') return { kind: value.kind };
  const range = value.kind === 'range' ? span(value) : null;
  return range && { kind: 'range', ...range };
}

function switches(value: unknown): QuirkSwitches {
  if (!isObject(value)) return {};
  return Object.fromEntries(QUIRK_NAMES.flatMap((name) => (typeof value[name] === 'boolean' ? [[name, value[name]]] : [])));
}

function quantizeForm(value: unknown): QuantizeForm | null {
  if (!isObject(value) || !isObject(value.settings)) return null;
  const { scheme, observer, state, inputs, outputs } = value.settings;
  const known = isText(observer) ? observerNamed(observer) : null;
  return {
    calibrationId: textOr(value.calibrationId, null),
    settings: {
      scheme: oneOf(scheme, ['int8', 'hybrid'], DEFAULT_SETTINGS.scheme),
      observer: known ?? DEFAULT_SETTINGS.observer,
      state: oneOf(state, ['reset', 'carry', 'as-tflite'], DEFAULT_SETTINGS.state),
      inputs: oneOf(inputs, ['int8', 'float32'], DEFAULT_SETTINGS.inputs),
      outputs: oneOf(outputs, ['int8', 'float32'], DEFAULT_SETTINGS.outputs),
    },
  };
}

/**
 * A view after a change. What is picked out of a signal goes with another signal, steps, samples and units with another LSTM, and
 * switched quirks with another persona.
 */
export function changedView(view: ViewState, change: Partial<ViewState>): ViewState {
  const next = { ...view, ...change };
  const other = <K extends keyof ViewState>(key: K) => next[key] !== view[key];
  const elsewhere = next.lstm?.index !== view.lstm?.index || next.lstm?.subgraph !== view.lstm?.subgraph || other('direction');
  const fresh: Partial<ViewState> = {
    ...(elsewhere || other('signal') ? { pick: null, window: null, unit: null } : {}),
    ...(elsewhere ? { steps: null, stepWindow: null, step: null, sample: null } : {}),
    ...(other('sample') ? { stepWindow: null } : {}),
    ...(other('persona') ? { quirks: {} } : {}),
  };
  return { ...next, ...fresh, ...change };
}

/** A kept view as far as it is understood: an older or foreign one loses only the fields that do not fit. */
export function parseView(saved: unknown): ViewState {
  if (!isObject(saved)) return DEFAULT_VIEW;
  const sort = isObject(saved.sort) ? saved.sort : {};
  const placed = opKey(saved.placement);
  const target = isObject(saved.placement) ? saved.placement.target : null;
  return {
    tab: oneOf(saved.tab, TABS, DEFAULT_VIEW.tab),
    dataId: textOr(saved.dataId, null),
    persona: oneOf(saved.persona, PERSONA_NAMES, DEFAULT_VIEW.persona),
    states: oneOf(saved.states, ['reset', 'carry'], DEFAULT_VIEW.states),
    quirks: switches(saved.quirks),
    layer: opKey(saved.layer),
    sort: { column: oneOf(sort.column, LAYER_COLUMNS, 'index'), descending: sort.descending === true },
    filter: textOr(saved.filter, ''),
    hiddenColumns: Array.isArray(saved.hiddenColumns)
      ? LAYER_COLUMNS.filter((column) => (saved.hiddenColumns as unknown[]).includes(column))
      : [],
    layers: parseLayers(saved.layers),
    audio: parseAudio(saved.audio),
    target: textOr(saved.target, null),
    lstm: opKey(saved.lstm),
    direction: oneOf(saved.direction, ['forward', 'backward'], 'forward'),
    // Any name will do: a signal that the cell does not have selects nothing.
    signal: textOr(saved.signal, null) as CellSelection | null,
    counts: oneOf(saved.counts, ['linear', 'log'], DEFAULT_VIEW.counts),
    sample: saved.sample === 'all' ? 'all' : isIndex(saved.sample) && saved.sample >= 0 ? saved.sample : null,
    heat: oneOf(saved.heat, HEATS, DEFAULT_VIEW.heat),
    step: isIndex(saved.step) ? saved.step : null,
    unit: isIndex(saved.unit) ? saved.unit : null,
    steps: span(saved.steps),
    stepWindow: span(saved.stepWindow),
    pick: valuePick(saved.pick),
    window: span(saved.window),
    placement: placed && isText(target) ? { ...placed, target } : null,
    verdicts: oneOf(saved.verdicts, VERDICT_FILTERS, 'all'),
    verdictsOn: textOr(saved.verdictsOn, null),
    targetPair: textPair(saved.targetPair),
    hiddenTargets: texts(saved.hiddenTargets),
    foldedStretches: texts(saved.foldedStretches),
    compareWith: textOr(saved.compareWith, null),
    comparedOp: isIndex(saved.comparedOp) && saved.comparedOp >= 0 ? saved.comparedOp : null,
    blamed: oneOf(saved.blamed, BLAME_FILTERS, 'all'),
    quantize: quantizeForm(saved.quantize),
    fixRow: textOr(saved.fixRow, null),
  };
}
