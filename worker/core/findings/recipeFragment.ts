import type { Graph, Operator } from '../model/model';
import type { LstmOverride, Recipe, TensorOverride } from '../recipe/recipe';

const SCHEMA = 'gatescope.recipe/1';

interface NamedLayer {
  readonly name: string;
  readonly index: number;
}

export type RecipeFragment = Omit<Recipe, 'schema'>;

export function recipeOf(fragment: RecipeFragment): Recipe {
  return { schema: SCHEMA, ...fragment };
}

/** Quantizing the float model again, as the recipe has it, is the whole remedy. */
export const QUANTIZE_AGAIN = recipeOf({ scheme: 'int8' });

/** An override of one LSTM, by the name of its output as recipes have it. */
export function lstmRecipe(graph: Graph, operator: Pick<Operator, 'index' | 'outputs'>, override: LstmOverride): Recipe {
  return recipeOf({ lstms: { [operatorKey(graph, operator)]: override } });
}

/** The same by what a report has of the LSTM. */
export function lstmRecipeOf(layer: NamedLayer, override: LstmOverride): Recipe {
  return recipeOf({ lstms: { [layerKey(layer)]: override } });
}

/** How recipes call an operator that a report names by its first output. */
export function layerKey({ name, index }: NamedLayer): string {
  return name === '' ? `#${index}` : name;
}

/** Undefined where the tensor has no name to call it by. */
export function tensorRecipe(name: string, override: TensorOverride): Recipe | undefined {
  return name === '' ? undefined : recipeOf({ tensors: { [name]: override } });
}

/** Name of the first output, or `#` and the operator's index. */
export function operatorKey(graph: Graph, { index, outputs }: Pick<Operator, 'index' | 'outputs'>): string {
  const name = graph.tensors[outputs[0] ?? -1]?.name ?? '';
  return name === '' ? `#${index}` : name;
}

/** All of them in one; of two that say the same of one thing the later. Null where there is none. */
export function mergeRecipes(recipes: readonly Recipe[]): Recipe | null {
  if (recipes.length === 0) return null;
  const tensors = Object.assign({}, ...recipes.map((own) => own.tensors ?? {})) as Record<string, TensorOverride>;
  const lstms: Record<string, LstmOverride> = {};
  for (const own of recipes) {
    for (const [key, override] of Object.entries(own.lstms ?? {})) lstms[key] = { ...lstms[key], ...override };
  }
  const keepFloat = [...new Set(recipes.flatMap((own) => own.keepFloat ?? []))];
  return Object.assign({}, ...recipes, {
    ...(Object.keys(tensors).length === 0 ? {} : { tensors }),
    ...(Object.keys(lstms).length === 0 ? {} : { lstms }),
    ...(keepFloat.length === 0 ? {} : { keepFloat }),
  }) as Recipe;
}

/**
 * The range nearest around [low, high] whose int8 zero point is 0: -128 to 127 steps. (A range of equal ends gives -1: the
 * quantizer takes the zero point from the minimum.)
 */
export function rangeWithZeroPointZero(low: number, high: number): readonly [number, number] {
  const scale = Math.max(-low / 128, high / 127);
  return [-128 * scale, 127 * scale];
}
