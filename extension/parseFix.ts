import { PERSONA_NAMES } from '../worker/core/lstm/persona';
import { readRecipe } from '../worker/core/recipe/readRecipe';
import { isSwitches } from './parseStudy';
import type { QuantizeChoice, RecipeChoice, StepChoice, TryChoice } from './protocol/fix';
import type { Requests, RunChoice } from './protocol/messages';

type Fields = Readonly<Record<string, unknown>>;

const MOST_TRIED = 200;
const MAX_ID = 4096;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= MAX_ID;
const isOneOf = (value: unknown, names: readonly unknown[]): boolean => names.includes(value);

const isRunChoice = (value: unknown): value is Fields =>
  isObject(value) &&
  isText(value.dataId) &&
  isOneOf(value.persona, PERSONA_NAMES) &&
  isOneOf(value.state, ['reset', 'carry']) &&
  (value.quirks === undefined || isSwitches(value.quirks));

/** Checked as a file is. */
function isRecipe(value: unknown): boolean {
  try {
    readRecipe(JSON.stringify(value) ?? '', 'recipe');
    return true;
  } catch {
    return false;
  }
}

export const isQuantize = (value: unknown): value is QuantizeChoice =>
  isRunChoice(value) && isText(value.calibrationId) && isText(value.label) && isRecipe(value.recipe);

export const isApplyRecipe = (value: unknown): value is RecipeChoice =>
  isRunChoice(value) && isText(value.label) && isRecipe(value.recipe);

export const isGoToStep = (value: unknown): value is StepChoice => isRunChoice(value) && Number.isSafeInteger(value.step);

export const isRestore = (value: unknown): value is RunChoice => isRunChoice(value);

export const isTryRecipes = (value: unknown): value is TryChoice =>
  isRunChoice(value) &&
  Array.isArray(value.recipes) &&
  value.recipes.length <= MOST_TRIED &&
  value.recipes.every((one: unknown) => isObject(one) && isText(one.id) && isRecipe(one.recipe));

export const isShowQuantized = (value: unknown): value is Requests['showQuantized']['params'] =>
  isObject(value) && typeof value.shown === 'boolean';

export const isObserved = (value: unknown): value is Requests['observed']['params'] =>
  isObject(value) && isText(value.row) && isOneOf(value.bits, [8, 16]);
