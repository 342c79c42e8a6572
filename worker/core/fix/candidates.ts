import { mergeRecipes } from '../findings/recipeFragment';
import type { Recipe } from '../recipe/recipe';
import type { LayerReport, LstmPart, Report } from '../report/report';
import { inDb } from '../wording';
import { observerLabel, overrideOf, sameRecipe, settingsOf, withKeepFloat, withOverride, withSettings } from './editRecipe';
import type { FixRow } from './fixRows';
import { OBSERVERS } from './observedValue';

/** A change that may be worth it. What it gains is measured, never guessed. */
export interface Candidate {
  /** Stable for one recipe. */
  readonly id: string;
  /** What is done: `Cell of lstm0 Q4.11`. */
  readonly label: string;
  /** Why it is on the list. */
  readonly reason: string;
  /** The whole recipe with the change. */
  readonly recipe: Recipe;
}

/** LSTMs whose cells are tried, those that cost most first. */
const MOST_CELLS = 3;
const CELL_EXPONENTS = { least: 0, most: 6 } as const;

/**
 * What is worth trying next: remedies of findings, other observers, one bit more or less for cells, the worst layer in float.
 * @param report of the quantized model as the recipe makes it; null before it was run
 */
export function candidates(recipe: Recipe, rows: readonly FixRow[], report: Report | null): Candidate[] {
  const isInteger = settingsOf(recipe).scheme === 'int8';
  const all = [
    ...ofFindings(recipe, rows, report),
    ...(isInteger ? [...ofCells(recipe, rows, report), ...ofObservers(recipe)] : []),
    ...ofWorstLayer(recipe, rows, report),
  ];
  const found = all.map((one) => ({ ...one, recipe: withSettings(one.recipe, settingsOf(one.recipe)) }));
  return found.filter(
    (one, place) => !sameRecipe(one.recipe, recipe) && found.findIndex((other) => sameRecipe(other.recipe, one.recipe)) === place,
  );
}

/** Remedies that name what the float model has: a finding is about the quantized one, which has more. */
function ofFindings(recipe: Recipe, rows: readonly FixRow[], report: Report | null): Candidate[] {
  const tensors = new Set(rows.map(({ key }) => key));
  const operators = new Set(rows.map(({ operatorKey }) => operatorKey));
  return (report?.findings ?? []).flatMap((finding): Candidate[] => {
    const { recipe: fragment, rule, title, message, op, tensor } = finding;
    if (fragment === undefined) return [];
    const names = [...Object.keys(fragment.tensors ?? {}), ...Object.keys(fragment.lstms ?? {})];
    const isKnown = names.every((name) => tensors.has(name)) && (fragment.keepFloat ?? []).every((name) => operators.has(name));
    const merged = mergeRecipes([recipe, fragment]);
    if (!isKnown || merged === null) return [];
    return [{ id: `finding ${rule} ${op ?? ''} ${tensor ?? ''}`, label: `Remedy: ${title}`, reason: message, recipe: merged }];
  });
}

function ofObservers(recipe: Recipe): Candidate[] {
  const own = settingsOf(recipe).observer;
  return OBSERVERS.filter((observer) => observer !== own).map((observer) => ({
    id: `observer ${observer}`,
    label: `All int8 ranges by ${observerLabel(observer)}`,
    reason: `Now by ${observerLabel(own)}.`,
    recipe: withSettings(recipe, { observer }),
  }));
}

function ofCells(recipe: Recipe, rows: readonly FixRow[], report: Report | null): Candidate[] {
  const cells = rows.flatMap((row) => {
    if (row.kind !== 'cell' || row.format === null) return [];
    return [{ row, cost: costOf(report, row) ?? 0, exponent: Math.round(Math.log2(row.format.scale)) + 15 }];
  });
  cells.sort((a, b) => b.cost - a.cost);
  return cells.slice(0, MOST_CELLS).flatMap(({ row, exponent }) =>
    [exponent - 1, exponent + 1]
      .filter((k) => k >= CELL_EXPONENTS.least && k <= CELL_EXPONENTS.most)
      .map((k) => ({
        id: `cell ${row.id} ${k}`,
        label: `Cell of ${row.lstm ?? row.key} in Q${k}.${15 - k}`,
        reason:
          k < exponent
            ? `Now Q${exponent}.${15 - exponent}: one bit finer, half the range.`
            : `Now Q${exponent}.${15 - exponent}: twice the range, one bit coarser.`,
        recipe: withOverride(recipe, row, { ...overrideOf(recipe, row), cellExponent: k }),
      })),
  );
}

/** The layer that adds most error by itself, in float. */
function ofWorstLayer(recipe: Recipe, rows: readonly FixRow[], report: Report | null): Candidate[] {
  // With hybrid nothing but weights is quantized.
  const isHybrid = settingsOf(recipe).scheme === 'hybrid';
  const worst = rows
    .flatMap((row) => {
      const error = row.kind === 'tensor' && (isHybrid || row.format !== null) ? (layerOf(report, row)?.local ?? null) : null;
      return error === null || error.sqnrDb === null || row.operatorKey === null
        ? []
        : [{ row, key: row.operatorKey, local: error.sqnrDb }];
    })
    .sort((a, b) => a.local - b.local)[0];
  if (worst === undefined) return [];
  const { row, key, local } = worst;
  return [
    {
      id: `float ${key}`,
      label: `Keep ${row.lstm ?? `${row.opName ?? ''} ${row.key}`.trim()} float`,
      reason: `It adds most error by itself: ${inDb(local)} local.`,
      recipe: withKeepFloat(recipe, key, true),
    },
  ];
}

/** Layers of first graphs, by operator: every row of a long table asks. */
const layersOf = new WeakMap<Report, ReadonlyMap<number, LayerReport>>();

/** The layer of a report that a row's figures are in; null where it has none. */
export function layerOf(report: Report | null, { place }: Pick<FixRow, 'place'>): LayerReport | null {
  if (report === null || place === null) return null;
  if (place.kind === 'input') return report.inputs.find(({ subgraph, index }) => subgraph === 0 && index === place.input) ?? null;
  let layers = layersOf.get(report);
  if (layers === undefined) {
    layers = new Map(report.layers.filter(({ subgraph }) => subgraph === 0).map((layer) => [layer.index, layer]));
    layersOf.set(report, layers);
  }
  return layers.get(place.op) ?? null;
}

/** dB gained if an LSTM's part were float; null where that was not measured. */
export function costOf(report: Report | null, row: Pick<FixRow, 'place'>): number | null {
  const { place } = row;
  if (place === null || place.kind === 'input' || place.signal === 'out') return null;
  const part = place.signal.replace(/_.*$/, '') as LstmPart;
  return layerOf(report, row)?.lstm?.costs?.find((cost) => cost.part === part)?.gainDb ?? null;
}
