import { describe, expect, it } from 'vitest';
import type { Recipe } from '../../../worker/core/recipe/recipe';
import { RecipeError } from '../../../worker/core/recipe/recipeError';
import { readRecipe } from '../../../worker/core/recipe/readRecipe';

const schema = 'gatescope.recipe/1';
const failure = (text: string): RecipeError => {
  try {
    readRecipe(text, 'my.json');
  } catch (error) {
    if (error instanceof RecipeError) return error;
    throw error;
  }
  throw new Error('It was read.');
};
const failureOf = (recipe: object) => failure(JSON.stringify({ schema, ...recipe }));

describe('readRecipe', () => {
  it('reads every field back as it was written', () => {
    const recipe: Recipe = {
      schema,
      scheme: 'int8',
      observer: 'percentile=99.9',
      state: 'as-tflite',
      inputs: 'float32',
      outputs: 'int8',
      mendCifgLayerNorm: false,
      shareBidirectionalOutput: true,
      denseWeights: 'per-tensor',
      hybridMinimum: 1024,
      tensors: { logits: { range: [-4, 4], bits: 16, observer: 'mse' }, ['__proto__']: { bits: 8 } },
      lstms: { '#0': { cellExponent: 3, hidden: { range: [-1, 1] }, gates: { forget: { range: [-8, 8] } } } },
      keepFloat: ['logits', '#2'],
    };
    expect(readRecipe(`\uFEFF${JSON.stringify(recipe)}`, 'my.json')).toEqual(recipe);
    expect(readRecipe(JSON.stringify({ schema }), 'my.json')).toEqual({ schema });
  });

  it.each([
    [{ scheme: 'int4' }, 'scheme', '"int8", "hybrid"'],
    [{ observer: 'percentile=150' }, 'observer', 'percentile=99.9'],
    [{ tensors: { a: { range: [1, -1] } } }, 'tensors["a"].range', 'min not above max'],
    [{ tensors: { a: { range: [1] } } }, 'tensors["a"].range', 'a list of 2'],
    [{ tensors: { a: { range: [0, 1e60] } } }, 'tensors["a"].range[1]', 'a finite number'],
    [{ tensors: { a: { bits: 4 } } }, 'tensors["a"].bits', '8, 16'],
    [{ tensors: [] }, 'tensors', 'an object'],
    [{ lstms: { b: { cellExponent: 7 } } }, 'lstms["b"].cellExponent', 'a whole number from 0 to 6'],
    [{ lstms: { b: { gates: { peephole: {} } } } }, 'lstms["b"].gates.peephole', 'input, forget, cell, output'],
    [{ keepFloat: [1] }, 'keepFloat[0]', 'a text'],
    [{ obsever: 'mse' }, 'obsever', 'observer'],
    [{ mendCifgLayerNorm: 'no' }, 'mendCifgLayerNorm', 'true or false'],
  ])('says where %j is wrong and what is allowed', (recipe, path, allowed) => {
    const error = failureOf(recipe);
    expect(error).toMatchObject({ path });
    expect(error.limit).toContain(allowed);
    expect(error.message).toContain(`my.json: ${path} `);
    expect(error.message).toContain(allowed);
  });

  it('refuses what is no recipe at all', () => {
    expect(failure('{')).toMatchObject({ code: 'RECIPE_NOT_JSON' });
    expect(failure('[]')).toMatchObject({ code: 'WRONG_VALUE', path: '' });
    expect(failure('{}')).toMatchObject({ code: 'SCHEMA_MISSING' });
    expect(failure('{"schema":"gatescope.recipe/2"}')).toMatchObject({ path: 'schema', limit: '"gatescope.recipe/1"' });
    expect(failure(' '.repeat(2 ** 22 + 1))).toMatchObject({ code: 'RECIPE_TOO_LONG' });
  });
});
