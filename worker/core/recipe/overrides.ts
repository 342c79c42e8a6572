import type { CalibratedRange } from '../calibration/calibratedRanges';
import { type LstmOperator, lstmOperatorOf } from '../model/lstmOperands';
import { ABSENT, type Graph } from '../model/model';
import { editDistance } from '../report/task/editDistance';
import type { LstmOverride, Recipe } from './recipe';
import { RecipeError } from './recipeError';

/** What a recipe says, by index instead of by name. */
export interface Overrides {
  /** Ranges to take in place of the calibrated ones, by tensor. */
  readonly ranges: ReadonlyMap<number, CalibratedRange>;
  /** Tensors to hold in 16 bits. */
  readonly sixteen: ReadonlySet<number>;
  /** Operators that stay float. */
  readonly keepFloat: ReadonlySet<number>;
  readonly lstms: ReadonlyMap<number, LstmOverride>;
}

const NEAR_NAMES = 3;

/** @throws RecipeError naming what a recipe refers to and the graph does not have, with the nearest names that it has */
export function resolveOverrides(graph: Graph, recipe: Recipe): Overrides {
  const ranges = new Map<number, CalibratedRange>();
  const sixteen = new Set<number>();
  for (const [name, override] of Object.entries(recipe.tensors ?? {})) {
    const tensor = tensorNamed(graph, name);
    if (override.range !== undefined) ranges.set(tensor, { min: override.range[0], max: override.range[1] });
    if (override.bits === 16) sixteen.add(tensor);
  }
  const lstms = Object.entries(recipe.lstms ?? {}).map(([name, override]) => [lstmNamed(graph, name), override] as const);
  const keepFloat = (recipe.keepFloat ?? []).map((name, i) => operatorNamed(graph, name, `keepFloat[${i}]`));
  return { ranges, sixteen, keepFloat: new Set(keepFloat), lstms: new Map(lstms) };
}

function tensorNamed(graph: Graph, name: string): number {
  const found = graph.tensors.find((tensor) => tensor.name === name);
  if (found !== undefined) return found.index;
  const names = graph.tensors.map((tensor) => tensor.name);
  throw unknown('UNKNOWN_TENSOR', `The model has no tensor named "${name}".`, `tensors["${name}"]`, name, names);
}

function lstmNamed(graph: Graph, name: string): number {
  const path = `lstms["${name}"]`;
  const kinds = graph.operators.map(lstmOperatorOf);
  const index = numbered(name) ?? graph.operators.findIndex((_, op) => kinds[op] !== null && outputName(graph, op) === name);
  const kind: LstmOperator | null = kinds[index] ?? null;
  if (kind !== null) return index;
  const names = kinds.flatMap((other, op) => (other === null ? [] : [outputName(graph, op)]));
  throw unknown('UNKNOWN_LSTM', `The model has no LSTM "${name}".`, path, name, names);
}

function operatorNamed(graph: Graph, name: string, path: string): number {
  const index = numbered(name) ?? graph.operators.findIndex((_, op) => outputName(graph, op) === name);
  if (graph.operators[index] !== undefined) return index;
  const names = graph.operators.map((_, op) => outputName(graph, op));
  throw unknown('UNKNOWN_OPERATOR', `The model has no operator "${name}".`, path, name, names);
}

/** `#3` is the operator with index 3. */
function numbered(name: string): number | null {
  return /^#\d+$/.test(name) ? Number(name.slice(1)) : null;
}

function outputName(graph: Graph, op: number): string {
  return graph.tensors[graph.operators[op]?.outputs[0] ?? ABSENT]?.name ?? `#${op}`;
}

function unknown(code: string, problem: string, path: string, name: string, names: readonly string[]): RecipeError {
  const near = nearest(name, names);
  const hint = near.length === 0 ? '' : ` Nearest: ${near.map((other) => `"${other}"`).join(', ')}.`;
  return new RecipeError(code, problem + hint, path, near.length === 0 ? null : near.join(', '));
}

function nearest(name: string, names: readonly string[]): string[] {
  const wanted = [...name.toLowerCase()];
  return [...new Set(names)]
    .filter((other) => other !== '')
    .map((other) => ({ other, distance: editDistance(wanted, [...other.toLowerCase()]) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, NEAR_NAMES)
    .map(({ other }) => other);
}
