import type { Model } from '../../model/model';
import { listed } from '../../wording';
import type { FindingRule } from '../findingRule';
import { RECIPE_METADATA } from '../../recipe/quantizeModel';
import { recipeOf } from '../recipeFragment';

/** What TensorFlow's converters write, whose quantizer calibrates with states carried from sample to sample. */
const TENSORFLOW = /^(MLIR|TOCO) Converted\.$/;
/** What a recipe in the file's metadata says of it. */
const CARRIED = /"state"\s*:\s*"(carry|as-tflite)"/;

export const calibratedCarried: FindingRule = {
  rule: 'calibrated-with-carried-states',
  severity: 'info',
  title: 'Ranges calibrated with carried states',
  explanation:
    "TensorFlow Lite's calibrator does not reset the states of an LSTM between samples. Ranges of the cell, the hidden value and the output then depend on the order of the samples and on what came before each: measured, a maximum of 13.5 where 14.4 is right.",
  fix: 'Calibrate with states reset for each sample, if samples do not belong together.',
  reference: 'TensorFlow 2.21, measured: states restart only when an input is resized; lite/tools/optimize/calibration',
  check: ({ model, lstms }) => {
    const integer = lstms.filter(({ isInteger }) => isInteger);
    const [first] = integer;
    const source = sourceOf(model);
    if (first === undefined || source === null) return [];
    const message = `${listed(integer.map(({ info }) => info.name))}: ${source}.`;
    return [{ message, op: first.operator, recipe: recipeOf({ state: 'reset' }) }];
  },
};

function sourceOf({ description, metadata }: Model): string | null {
  const recipe = metadata.find(({ name }) => name === RECIPE_METADATA);
  if (recipe !== undefined) {
    return recipe.text !== null && CARRIED.test(recipe.text) ? 'the recipe in the file says that states were carried' : null;
  }
  return TENSORFLOW.test(description) ? "the file is from TensorFlow's converter, which calibrates with states carried" : null;
}
