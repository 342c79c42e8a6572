import { describe, expect, it } from 'vitest';
import { parseRequest } from '../../../extension/parseRequest';

const accepts = (name: string, params: unknown): boolean => parseRequest({ kind: 'request', id: 1, name, params }) !== null;
const run = { dataId: 'inputs', persona: 'tflite', state: 'reset' };
const recipe = { schema: 'gatescope.recipe/1', tensors: { x: { range: [-1, 1] } } };

describe('requests about quantizing', () => {
  it('are taken as they are declared', () => {
    expect(accepts('quantize', { ...run, calibrationId: 'c', recipe, label: 'l' })).toBe(true);
    expect(accepts('applyRecipe', { ...run, recipe, label: 'l' })).toBe(true);
    expect(accepts('goToStep', { ...run, step: 2 })).toBe(true);
    expect(accepts('tryRecipes', { ...run, recipes: [{ id: 'a', recipe }] })).toBe(true);
    expect(accepts('showQuantized', { shown: false })).toBe(true);
    expect(accepts('observed', { row: 'op 0 c', bits: 16 })).toBe(true);
    for (const name of ['chooseCalibration', 'openRecipe', 'saveRecipe', 'saveQuantized']) expect(accepts(name, null)).toBe(true);
  });

  it('are refused with a recipe that no file may hold, or with anything else', () => {
    const backwards = { ...recipe, tensors: { x: { range: [1, -1] } } };
    for (const wrong of [null, {}, backwards, { ...recipe, unknown: 1 }, { ...recipe, keepFloat: 'x' }]) {
      expect(accepts('applyRecipe', { ...run, recipe: wrong, label: 'l' })).toBe(false);
      expect(accepts('tryRecipes', { ...run, recipes: [{ id: 'a', recipe: wrong }] })).toBe(false);
    }
    expect(accepts('quantize', { ...run, persona: 'other', calibrationId: 'c', recipe, label: 'l' })).toBe(false);
    expect(accepts('applyRecipe', { ...run, quirks: { nothing: true }, recipe, label: 'l' })).toBe(false);
    expect(accepts('tryRecipes', { ...run, recipes: Array.from({ length: 201 }, () => ({ id: 'a', recipe })) })).toBe(false);
    expect(accepts('goToStep', { ...run, step: 0.5 })).toBe(false);
    expect(accepts('observed', { row: 'x', bits: 9 })).toBe(false);
  });
});
