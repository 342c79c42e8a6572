import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, describe, it } from 'vitest';
import { compareSamples } from '../../../worker/core/analysis/compareSamples';
import { buffersOfPart, mergePart, type ComparisonPart } from '../../../worker/core/analysis/comparisonPart';
import type { ErrorSums } from '../../../worker/core/analysis/errorSums';
import { STEP, STEP_ROW, UNIT, UNIT_ROW } from '../../../worker/core/analysis/figureTable';
import type { LocatedSums } from '../../../worker/core/analysis/locatedSums';
import { Pace } from '../../../worker/core/analysis/pace';
import type { SignalSums } from '../../../worker/core/analysis/signalSums';
import { writeNpy } from '../../../worker/core/data/npy';
import { readSamples } from '../../../worker/core/data/readSamples';
import type { NamedBytes } from '../../../worker/core/formats/namedBytes';
import { readModel } from '../../../worker/core/formats/readModel';
import type { CostSums } from '../../../worker/core/lstm/mixed/costSums';
import { buildOverview } from '../../../worker/core/report/buildOverview';
import { prepareComparison } from '../../../worker/core/report/prepareComparison';
import { describeShared } from '../../shared';

const samples = resolve(import.meta.dirname, '../../../samples');
const file = (path: string): NamedBytes => ({ name: basename(path), bytes: new Uint8Array(readFileSync(path)) });

/** Parts of a run, each counted on its own as on a machine of its own: `shards` ranges of about the same length. */
async function partsOf(model: NamedBytes, float: NamedBytes, data: readonly NamedBytes[], shards: number) {
  const quantized = readModel(model);
  const source = readSamples(data, quantized.graphs[0]!);
  const request = {
    model: quantized,
    overview: buildOverview(quantized),
    floatModel: readModel(float),
    samples: source.count,
    persona: 'tflite',
    state: 'reset',
    labels: null,
  } as const;
  const pace = new Pace({});
  const parts: ComparisonPart[] = [];
  for (let shard = 0; shard < shards; shard++) {
    const range = {
      first: Math.floor((shard * source.count) / shards),
      end: Math.floor(((shard + 1) * source.count) / shards),
    };
    const prepared = (await prepareComparison(request, pace))!;
    parts.push(await compareSamples(prepared, source, range, pace));
  }
  return parts;
}

/** As they come from another thread: their arrays given away, the rest copied. */
function handedOver(part: ComparisonPart): ComparisonPart {
  const there = structuredClone(part, { transfer: buffersOfPart(part) as ArrayBuffer[] });
  expect(part.layers[0]!.output!.histogram!.counts.length).toBe(0);
  return there;
}

/** Into the first one, in whatever order the others come. */
function merged(parts: readonly ComparisonPart[]): ComparisonPart {
  const [total, ...others] = parts;
  for (const part of others.reverse()) mergePart(total!, part);
  return total!;
}

const signalsOf = ({ inputs, layers }: ComparisonPart): SignalSums[] => [
  ...inputs.flatMap((input) => input ?? []),
  ...layers.flatMap(({ output, cells }) => [...(output === null ? [] : [output]), ...cells.flatMap(({ signals }) => signals)]),
];

const close = (value: number, whole: number) =>
  expect(Math.abs(value - whole)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(whole)));

function expectClose(sums: ErrorSums, whole: ErrorSums): void {
  expect([sums.values, sums.differing, sums.maxAbs]).toEqual([whole.values, whole.differing, whole.maxAbs]);
  for (const key of ['floatSquared', 'quantizedSquared', 'product', 'error', 'errorSquared'] as const) {
    close(sums[key], whole[key]);
  }
}

function expectLocated(sums: LocatedSums | null, whole: LocatedSums | null): void {
  expect(sums === null).toBe(whole === null);
  if (sums === null || whole === null) return;
  const { steps, units, ...rest } = sums;
  const { steps: wholeSteps, units: wholeUnits, ...wholeRest } = whole;
  expect(rest).toEqual(wholeRest);
  expect([steps.points, steps.exponent]).toEqual([wholeSteps.points, wholeSteps.exponent]);
  const squares = new Set<number>([STEP.floatSquared, STEP.errorSquared, STEP.localSquared]);
  steps.table.forEach((value, at) => (squares.has(at % STEP_ROW) ? close(value, wholeSteps.table[at]!) : expect(value).toBe(wholeSteps.table[at]))); // prettier-ignore
  const unitSquares = new Set<number>([UNIT.errorSquared, UNIT.localSquared]);
  units.forEach((value, at) => (unitSquares.has(at % UNIT_ROW) ? close(value, wholeUnits[at]!) : expect(value).toBe(wholeUnits[at]))); // prettier-ignore
}

function expectSame(parts: ComparisonPart, whole: ComparisonPart): void {
  expect(parts.schema).toBe(whole.schema);
  expect(parts.samples).toEqual(whole.samples);
  const losses = ({ layers }: ComparisonPart) => layers.map(({ cells }) => cells.map((cell) => cell.losses));
  expect(losses(parts)).toEqual(losses(whole));
  const expected = signalsOf(whole);
  expect(signalsOf(parts).length).toBe(expected.length);
  signalsOf(parts).forEach(({ accumulated, local, located, ...counts }, index) => {
    const { accumulated: wholeAccumulated, local: wholeLocal, located: wholeLocated, ...wholeCounts } = expected[index]!;
    // The worst samples among them: each was summed on its own.
    expect(counts).toEqual(wholeCounts);
    expectLocated(located, wholeLocated);
    expectClose(accumulated, wholeAccumulated);
    expectClose(local, wholeLocal);
  });
  const costs = (part: ComparisonPart): CostSums[] => part.costs.flatMap((sums) => sums ?? []);
  expect(costs(parts).map(({ steps }) => steps)).toEqual(costs(whole).map(({ steps }) => steps));
  costs(parts).forEach((sums, index) => {
    const wholeSums = costs(whole)[index]!;
    close(sums.signal, wholeSums.signal);
    close(sums.error, wholeSums.error);
    sums.errors.forEach((error, position) => close(error, wholeSums.errors[position]!));
  });
}

describe('parts of a run over the samples', () => {
  const data = readdirSync(join(samples, 'inputs')).filter((name) => name.endsWith('.npy')).map((name) => file(join(samples, 'inputs', name))); // prettier-ignore
  const model = file(join(samples, 'digits-int8-miscalibrated.tflite'));
  const float = file(join(samples, 'digits-float.tflite'));

  it.each([2, 3])('merge to the whole in %i shards: counts exactly, float sums within 1e-9', async (shards) => {
    const [whole] = await partsOf(model, float, data, 1);
    const parts = await partsOf(model, float, data, shards);
    expect(parts.map(({ samples: covered }) => covered.length)).toEqual(shards === 2 ? [4, 4] : [2, 3, 3]);
    expectSame(merged(parts.map(handedOver)), whole!);
    // Two LSTMs of 25 signals and an output each, the last layer, the input.
    expect(signalsOf(whole!).length).toBe(2 * (1 + 25) + 1 + 1);
    expect(whole!.costs.map((costs) => costs?.steps)).toEqual([555, 555, undefined]);
  });
});

describeShared('parts of a run over real digits', (shared) => {
  const tflite = (name: string) => file(join(shared, 'data/tflite', `${name}.tflite`));

  it.each([2, 3])('merge to the whole in %i shards', async (shards) => {
    const count = 61;
    const images = gunzipSync(readFileSync(join(shared, 'data/mnist/t10k-images-idx3-ubyte.gz'))).subarray(16);
    const pixels = Float32Array.from(images.subarray(0, count * 784), (pixel) => pixel / 255);
    const data = [{ name: 't10k.npy', bytes: writeNpy({ dtype: 'float32', shape: [count, 1, 28, 28], data: pixels }) }];
    const run = (split: number) => partsOf(tflite('mnist_lstm_int8'), tflite('mnist_lstm_float'), data, split);
    const [whole] = await run(1);
    expectSame(merged((await run(shards)).map(handedOver)), whole!);
    // As many of the first samples as the measurement can afford, 28 steps each.
    expect(whole!.costs[0]!.steps % 28).toBe(0);
  });
});
