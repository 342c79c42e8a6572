import type { Gate } from '../lstm/signals';
import type { LstmOverride, ObserverName, Recipe, TensorOverride } from '../recipe/recipe';
import type { FixRow } from './fixRows';

/** Everything as TensorFlow Lite's quantizer does it. */
export const PLAIN_RECIPE: Recipe = { schema: 'gatescope.recipe/1' };

/** What decides about the whole model. */
export type RecipeSettings = Required<Pick<Recipe, 'scheme' | 'observer' | 'state' | 'inputs' | 'outputs'>>;

export const DEFAULT_SETTINGS: RecipeSettings = {
  scheme: 'int8',
  observer: 'min-max',
  state: 'reset',
  inputs: 'int8',
  outputs: 'int8',
};

export function settingsOf(recipe: Recipe): RecipeSettings {
  const { scheme, observer, state, inputs, outputs } = { ...DEFAULT_SETTINGS, ...recipe };
  return { scheme, observer, state, inputs, outputs };
}

/** A recipe says nothing where the default is meant: one without settings is the plain one. */
export function withSettings(recipe: Recipe, settings: Partial<RecipeSettings>): Recipe {
  const next: Record<string, unknown> = { ...recipe, ...settings };
  for (const [name, value] of Object.entries(settings)) {
    if (value === DEFAULT_SETTINGS[name as keyof RecipeSettings]) delete next[name];
  }
  return next as unknown as Recipe;
}

/** What a recipe says of one row; nothing where it says nothing. */
export interface RowOverride extends TensorOverride {
  readonly cellExponent?: number;
}

export function overrideOf(recipe: Recipe, { kind, gate, key }: Pick<FixRow, 'kind' | 'gate' | 'key'>): RowOverride {
  const lstm = recipe.lstms?.[key] ?? {};
  switch (kind) {
    case 'input':
    case 'tensor':
      return recipe.tensors?.[key] ?? {};
    case 'gate':
      return (gate === null ? undefined : lstm.gates?.[gate]) ?? {};
    case 'hidden':
      return lstm.hidden ?? {};
    case 'cell':
      return lstm.cellExponent === undefined ? {} : { cellExponent: lstm.cellExponent };
  }
}

/** The recipe with this override in place of what it said of the row. */
export function withOverride(recipe: Recipe, row: Pick<FixRow, 'kind' | 'gate' | 'key'>, override: RowOverride): Recipe {
  const { kind, gate, key } = row;
  const { cellExponent, ...values } = override;
  switch (kind) {
    case 'input':
    case 'tensor':
      return withEntry(recipe, 'tensors', key, values);
    case 'cell':
      return withLstm(recipe, key, { cellExponent });
    case 'hidden':
      return withLstm(recipe, key, { hidden: values });
    case 'gate':
      return gate === null ? recipe : withLstm(recipe, key, { gates: gatesWith(recipe.lstms?.[key], gate, values) });
  }
}

function gatesWith(override: LstmOverride | undefined, gate: Gate, values: TensorOverride): LstmOverride['gates'] {
  const others = Object.fromEntries(Object.entries(override?.gates ?? {}).filter(([name]) => name !== gate));
  return isEmpty(values) ? others : { ...others, [gate]: values };
}

function withLstm(
  recipe: Recipe,
  key: string,
  change: { readonly [K in keyof LstmOverride]: LstmOverride[K] | undefined },
): Recipe {
  const next = Object.entries({ ...recipe.lstms?.[key], ...change }).filter(
    ([, value]) => value !== undefined && !isEmpty(value),
  );
  return withEntry(recipe, 'lstms', key, Object.fromEntries(next));
}

function withEntry(recipe: Recipe, group: 'tensors' | 'lstms', key: string, value: object): Recipe {
  const { [group]: entries = {}, ...rest } = recipe;
  const others = Object.fromEntries(Object.entries(entries).filter(([name]) => name !== key));
  const next = isEmpty(value) ? others : { ...others, [key]: value };
  return isEmpty(next) ? rest : { ...rest, [group]: next };
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** @param key of the operator, as in `keepFloat` */
export function withKeepFloat(recipe: Recipe, key: string, keep: boolean): Recipe {
  const { keepFloat = [], ...rest } = recipe;
  const others = keepFloat.filter((name) => name !== key);
  const next = keep ? [...others, key] : others;
  return next.length === 0 ? rest : { ...rest, keepFloat: next };
}

/** How many values and operators a recipe says something of. */
export function overrideCount({ tensors = {}, lstms = {}, keepFloat = [] }: Recipe): number {
  const ofLstms = Object.values(lstms).map(
    ({ gates = {}, hidden, cellExponent }) =>
      Object.keys(gates).length + (hidden === undefined ? 0 : 1) + (cellExponent === undefined ? 0 : 1),
  );
  return Object.keys(tensors).length + ofLstms.reduce((sum, number) => sum + number, 0) + keepFloat.length;
}

/** Whether two recipes say the same, whatever the order of their fields. */
export function sameRecipe(a: Recipe, b: Recipe): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return `{${entries.map(([name, of]) => `${JSON.stringify(name)}:${canonical(of)}`).join(',')}}`;
}

/** `99.9 percentile`, `min-max`: an observer for people. */
export function observerLabel(observer: ObserverName): string {
  const labels: Readonly<Record<string, string>> = {
    mse: 'least square error',
    entropy: 'entropy (KL)',
    'moving-average': 'moving average',
  };
  return observer.startsWith('percentile=')
    ? `percentile ${observer.slice('percentile='.length)}`
    : (labels[observer] ?? observer);
}
