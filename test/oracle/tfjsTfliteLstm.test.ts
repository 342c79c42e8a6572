import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prepareLstmOperator } from '../../worker/core/lstm/prepareLstmOperator';
import type { PersonaName } from '../../worker/core/lstm/persona';
import { ABSENT } from '../../worker/core/model/model';
import type { GraphOptions } from '../../worker/core/run/graphRunner';
import type { LstmProbe } from '../../worker/core/run/preparedOp';
import type { NumericArray } from '../../worker/core/run/value';
import { countDifferences, newProbe, readSequences } from '../golden/lstmCase';
import { buildOperator } from '../lstmBuilder';
import { describeShared } from '../shared';
import { SWITCHES } from '../unit/lstm/randomLstm';
import { writeTflite } from '../writeTflite';
import { basicModel, calibratedModel, labelOf, randomCodes, recipesOf, roughModel, type RandomModel } from './randomModel';
import { loadTfjsTflite } from './runtimes/tfjsTflite';
import { likewise, operatorFile, relativeError, runSideBySide } from './sideBySide';

// The runtime that the persona tflite-old stands for.
const tfjsTflite = await loadTfjsTflite();
const SEED = 20260;
const OLD: GraphOptions = { path: 'int8', persona: 'tflite-old' };

interface StateDifferences {
  readonly y: number;
  readonly h: number;
  readonly c: number;
}

/** How many values of all runs' outputs and of the states after each run differ under a persona. */
async function countStateDifferences({ spec, runs }: RandomModel, persona: PersonaName): Promise<StateDifferences> {
  const { graph, operator } = buildOperator(spec);
  const states = [operator.inputs[18] ?? ABSENT, operator.inputs[19] ?? ABSENT];
  const model = await tfjsTflite.open(writeTflite({ ...graph, outputs: [...operator.outputs, ...states] }));
  const prepared = prepareLstmOperator(graph, operator, { path: 'int8', persona });
  const total = { y: 0, h: 0, c: 0 };
  for (const [x] of runs) {
    if (x === undefined) throw new Error('an input is needed');
    const [y, h, c] = await model.run([x.data]);
    const probe = newProbe();
    const [ours] = prepared.run(
      operator.inputs.map((_, position) => (position === 0 ? x : null)),
      [probe],
    );
    total.y += differing(ours?.data ?? NO_CODES, y);
    total.h += differing(lastStep(probe, 'h'), h);
    total.c += differing(lastStep(probe, 'c'), c);
  }
  model.close();
  return total;
}

const NO_CODES = new Int8Array(0);

function differing(ours: NumericArray, theirs: Uint8Array = new Uint8Array(0)): number {
  return countDifferences(ours as Int8Array, likewise(ours, theirs) as Int8Array);
}

function lastStep({ trace, steps }: LstmProbe, signal: 'h' | 'c'): NumericArray {
  const values = trace[signal] ?? NO_CODES;
  return values.slice(values.length - values.length / steps);
}

const NONE: StateDifferences = { y: 0, h: 0, c: 0 };
const topologies = SWITCHES.map((switches) => [labelOf(switches), switches] as const);

describe('tflite-old equals tfjs-tflite in every integer of outputs and states', () => {
  it.each(topologies)('%s', async (_label, switches) => {
    await fc.assert(
      fc.asyncProperty(recipesOf(switches), async (recipe) => {
        expect(await countStateDifferences(calibratedModel(recipe), 'tflite-old')).toEqual(NONE);
        expect(await countStateDifferences(roughModel(recipe), 'tflite-old')).toEqual(NONE);
      }),
      { seed: SEED, numRuns: 5 },
    );
  });

  it.each(topologies.filter(([, { projection }]) => projection))('%s: tflite is the same', async (_label, switches) => {
    await fc.assert(
      fc.asyncProperty(recipesOf(switches), async (recipe) => {
        expect(await countStateDifferences(roughModel(recipe), 'tflite')).toEqual(NONE);
      }),
      { seed: SEED, numRuns: 3 },
    );
  });

  it.each(topologies.filter(([, { projection }]) => !projection))('%s: tflite differs', async (_label, switches) => {
    let differing = 0;
    for (const recipe of fc.sample(recipesOf(switches), { seed: SEED, numRuns: 5 })) {
      differing += (await countStateDifferences(roughModel(recipe), 'tflite')).y;
    }
    expect(differing).toBeGreaterThan(0);
  });
});

it("LSTM's basic kernel is as tfjs-tflite has it", async () => {
  const plain = recipesOf({ cifg: false, layerNorm: false, projection: false, peephole: false });
  for (const recipe of fc.sample(plain, { seed: SEED, numRuns: 8 })) {
    const { spec, runs } = basicModel(recipe);
    const comparison = await runSideBySide(tfjsTflite, operatorFile(spec), { path: 'float', persona: 'tflite-old' }, runs);
    expect(relativeError(comparison)).toBeLessThanOrEqual(1e-6);
  }
});

describeShared('tflite-old equals tfjs-tflite on files', (shared) => {
  const golden = join(shared, 'golden/lstm16');

  it.each(readdirSync(golden).filter((name) => !name.includes('.')))('lstm16/%s, states carried', async (name) => {
    const bytes = readFileSync(join(golden, name, 'int8.tflite'));
    const runs = readSequences(join(golden, name, 'x_int8.npy')).map((x) => [x]);
    const { differences } = await runSideBySide(tfjsTflite, bytes, OLD, runs);
    expect(differences).toEqual([]);
  });

  it.each(['mnist_lstm_int8', 'micro_speech_lstm_int8', 'dtln_noise_suppression_int8'])('%s, states carried', async (name) => {
    const bytes = readFileSync(join(shared, 'data/tflite', `${name}.tflite`));
    const { differences } = await runSideBySide(tfjsTflite, bytes, OLD, randomCodes(bytes, 10));
    expect(differences).toEqual([]);
  });

  it('dtln_noise_suppression_int8 differs under tflite', async () => {
    const bytes = readFileSync(join(shared, 'data/tflite/dtln_noise_suppression_int8.tflite'));
    const { differences } = await runSideBySide(tfjsTflite, bytes, { ...OLD, persona: 'tflite' }, randomCodes(bytes, 10));
    expect(differences.length).toBeGreaterThan(0);
  });
});
