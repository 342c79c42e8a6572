import type { LstmOverride, Recipe, TensorOverride } from './recipe';
import { RecipeError } from './recipeError';
import { RecipeField } from './recipeFields';

/** A recipe is written by hand; a larger text is something else. */
const MOST_CHARACTERS = 2 ** 22;

/**
 * Reads a recipe's JSON and checks every field; names are checked against a model later, by `quantizeModel`.
 * @throws RecipeError saying where in the JSON, what is there, and what would be accepted
 */
export function readRecipe(text: string, fileName: string): Recipe {
  if (text.length > MOST_CHARACTERS) {
    const message = `${fileName} has ${text.length} characters: too many for a recipe.`;
    throw new RecipeError('RECIPE_TOO_LONG', message, '', `at most ${MOST_CHARACTERS} characters`);
  }
  const root = new RecipeField(parsed(text, fileName), '', fileName);
  const recipe = root.object<Recipe>({
    schema: (field) => field.oneOf(['gatescope.recipe/1']),
    scheme: (field) => field.oneOf(['int8', 'hybrid']),
    observer: (field) => field.observer(),
    state: (field) => field.oneOf(['reset', 'carry', 'as-tflite']),
    inputs: (field) => field.oneOf(['int8', 'float32']),
    outputs: (field) => field.oneOf(['int8', 'float32']),
    mendCifgLayerNorm: (field) => field.flag(),
    shareBidirectionalOutput: (field) => field.flag(),
    denseWeights: (field) => field.oneOf(['per-channel', 'per-tensor']),
    hybridMinimum: (field) => field.wholeNumber(0, Number.MAX_SAFE_INTEGER),
    tensors: (field) => field.record(tensorOverride),
    lstms: (field) => field.record(lstmOverride),
    keepFloat: (field) => field.list((name) => name.text()),
  });
  if ((recipe as Partial<Recipe>).schema === undefined) {
    const message = `${fileName}: the field schema is missing; it says that this is a recipe.`;
    throw new RecipeError('SCHEMA_MISSING', message, 'schema', '"gatescope.recipe/1"');
  }
  return recipe;
}

function tensorOverride(field: RecipeField): TensorOverride {
  return field.object<TensorOverride>({
    range: (range) => range.range(),
    observer: (observer) => observer.observer(),
    bits: (bits) => bits.oneOf([8, 16]),
  });
}

function lstmOverride(field: RecipeField): LstmOverride {
  return field.object<LstmOverride>({
    gates: (gates) =>
      gates.object<NonNullable<LstmOverride['gates']>>({
        input: tensorOverride,
        forget: tensorOverride,
        cell: tensorOverride,
        output: tensorOverride,
      }),
    hidden: tensorOverride,
    cellExponent: (exponent) => exponent.wholeNumber(0, 6),
  });
}

function parsed(text: string, fileName: string): unknown {
  try {
    // Editors may save a byte order mark.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RecipeError('RECIPE_NOT_JSON', `${fileName} is no JSON: ${reason}.`, '', 'a JSON object');
  }
}
