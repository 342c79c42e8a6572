import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GraphOptions } from '../../worker/core/run/graphRunner';
import { describeShared } from '../shared';
import { SWITCHES, type Switches } from '../unit/lstm/randomLstm';
import { EXTREMES } from './extremes';
import {
  bidirectionalModel,
  calibratedModel,
  labelOf,
  randomCodes,
  realModel,
  recipesOf,
  roughModel,
  singleStep,
  type RandomModel,
  type RealPath,
  type Recipe,
} from './randomModel';
import { loadLiteRt } from './runtimes/liteRt';
import { operatorFile, relativeError, runSideBySide, type Comparison } from './sideBySide';

const liteRt = await loadLiteRt();
const SEED = 20260;
const FLOAT: GraphOptions = { path: 'float', persona: 'tflite' };
const HYBRID: GraphOptions = { path: 'hybrid', persona: 'tflite' };
const INT8: GraphOptions = { path: 'int8', persona: 'tflite' };

/** Float sums differ in their order. */
const FLOAT_TOLERANCE = 1e-6;
/** Over few cells, layer norm divides by deviations that magnify the rounding of the sums. */
const LAYER_NORM_TOLERANCE = 2e-5;
/** A hybrid input that lies, but for float's rounding, halfway between two codes takes one here and the other there. */
const ONE_CODE = 1 / 127;

const topologies = SWITCHES.map((switches) => [labelOf(switches), switches] as const);

const compare = ({ spec, runs }: RandomModel, options: GraphOptions): Promise<Comparison> =>
  runSideBySide(liteRt, operatorFile(spec), options, runs);

/** Holds for `numRuns` random recipes, always the same; a failure is reported with the smallest that fails. */
async function forRecipes(switches: Switches, numRuns: number, check: (recipe: Recipe) => Promise<void>): Promise<void> {
  await fc.assert(fc.asyncProperty(recipesOf(switches), check), { seed: SEED, numRuns });
}

async function expectSameIntegers(model: RandomModel): Promise<void> {
  const { differences, compared } = await compare(model, INT8);
  expect(differences.slice(0, 3), `${differences.length} of ${compared} differ`).toEqual([]);
}

/** Of hybrid models: float's rounding in most, one code in the others. */
function expectEqualButForTies(errors: number[]): void {
  const sorted = [...errors].sort((a, b) => a - b);
  expect(sorted.at(-1)).toBeLessThanOrEqual(ONE_CODE);
  expect(sorted[Math.floor(0.95 * sorted.length)]).toBeLessThanOrEqual(FLOAT_TOLERANCE);
}

describe('integer LSTMs equal LiteRT in every integer', () => {
  it.each(topologies)('%s: as a converter makes them', (_label, switches) =>
    forRecipes(switches, 4, (recipe) => expectSameIntegers(calibratedModel(recipe))),
  );

  it.each(topologies)('%s: any zero points, scales and codes', (_label, switches) =>
    forRecipes(switches, 4, (recipe) => expectSameIntegers(roughModel(recipe))),
  );

  it.each(topologies)('%s: LSTM, one step a run', (_label, switches) =>
    forRecipes(switches, 2, (recipe) => expectSameIntegers(singleStep(roughModel(oneStep(recipe))))),
  );

  it.each(EXTREMES)('%s', async (_name, change) => {
    for (const switches of SWITCHES) {
      await forRecipes(switches, 1, (recipe) => {
        const { spec, runs } = roughModel(recipe);
        return expectSameIntegers({ spec: change(spec), runs });
      });
    }
  });
});

describe('float LSTMs equal LiteRT but for the order of sums', () => {
  it.each(topologies)('%s', (_label, switches) =>
    forRecipes(switches, 3, async (recipe) => {
      const tolerance = switches.layerNorm ? LAYER_NORM_TOLERANCE : FLOAT_TOLERANCE;
      for (const model of [realModel('float', recipe), singleStep(realModel('float', oneStep(recipe)))]) {
        expect(relativeError(await compare(model, FLOAT))).toBeLessThanOrEqual(tolerance);
      }
    }),
  );

  it.each(['RELU', 'RELU_N1_TO_1', 'RELU6'])('with %s in place of tanh', (activation) =>
    forRecipes({ cifg: false, layerNorm: false, projection: true, peephole: true }, 4, async (recipe) => {
      const { spec, runs } = realModel('float', recipe);
      const model = { spec: { ...spec, options: { ...spec.options, fused_activation_function: activation } }, runs };
      expect(relativeError(await compare(model, FLOAT))).toBeLessThanOrEqual(FLOAT_TOLERANCE);
    }),
  );
});

describe('hybrid LSTMs equal LiteRT but for ties', () => {
  it.each([false, true])('all 16 topologies, inputs quantized with a zero point: %s', async (asymmetric) => {
    const errors: number[] = [];
    for (const switches of SWITCHES) {
      await forRecipes(switches, 3, async (recipe) => {
        for (const { spec, runs } of [realModel('hybrid', recipe), singleStep(realModel('hybrid', oneStep(recipe)))]) {
          const options = { ...spec.options, asymmetric_quantize_inputs: asymmetric };
          errors.push(relativeError(await compare({ spec: { ...spec, options }, runs }, HYBRID)));
        }
      });
    }
    expectEqualButForTies(errors);
  });
});

describe('BIDIRECTIONAL_SEQUENCE_LSTM equals LiteRT', () => {
  const check: Readonly<Record<RealPath, (errors: number[]) => void>> = {
    float: (errors) => expect(Math.max(...errors)).toBeLessThanOrEqual(FLOAT_TOLERANCE),
    hybrid: expectEqualButForTies,
  };
  const cases = (['float', 'hybrid'] as const).flatMap((path) =>
    (['none', 'own weights', 'stacked'] as const).map((aux) => [path, aux] as const),
  );

  it.each(cases)('%s, auxiliary input: %s', async (path, aux) => {
    const errors: number[] = [];
    for (const switches of SWITCHES.filter(({ layerNorm }) => !layerNorm)) {
      await forRecipes(switches, 3, async (recipe) => {
        const { batch, timeMajor } = recipe.layout;
        // Merged, batch-major and with several rows, LiteRT takes a row's state from past the end of the states.
        const merged = timeMajor || batch === 1 ? [false, true] : [false];
        for (const isMerged of merged) {
          const comparison = await compare(bidirectionalModel(path, recipe, aux, isMerged), { path, persona: 'tflite' });
          errors.push(relativeError(comparison));
        }
      });
    }
    check[path](errors);
  });
});

describeShared('whole models equal LiteRT in every integer', (shared) => {
  it.each(['mnist_lstm_int8', 'micro_speech_lstm_int8', 'dtln_noise_suppression_int8'])('%s, states carried', async (name) => {
    const bytes = readFileSync(join(shared, 'data/tflite', `${name}.tflite`));
    const { differences } = await runSideBySide(liteRt, bytes, INT8, randomCodes(bytes, 10));
    expect(differences).toEqual([]);
  });
});

/** The LSTM operator takes one step, with the rows first. */
function oneStep(recipe: Recipe): Recipe {
  return { ...recipe, layout: { ...recipe.layout, timeMajor: true, steps: 1 } };
}
