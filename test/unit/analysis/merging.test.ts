import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { comparePaths, type Comparison } from '../../../worker/core/analysis/comparePaths';
import type { ErrorSums } from '../../../worker/core/analysis/errorSums';
import { GraphLane } from '../../../worker/core/analysis/graphLane';
import { planLayers } from '../../../worker/core/analysis/layerPlan';
import { mergeLayer, type LayerSums } from '../../../worker/core/analysis/layerSums';
import type { SignalSums } from '../../../worker/core/analysis/signalSums';
import { readSamples } from '../../../worker/core/data/readSamples';
import { readModel } from '../../../worker/core/formats/readModel';
import { prepareGraph } from '../../../worker/core/run/prepareGraph';

const samples = resolve(import.meta.dirname, '../../../samples');
const file = (path: string) => ({ name: path, bytes: new Uint8Array(readFileSync(join(samples, path))) });
const utterances = readdirSync(join(samples, 'inputs')).filter((name) => name.endsWith('.npy')).map((name) => `inputs/${name}`); // prettier-ignore

async function compare(names: readonly string[]): Promise<Comparison> {
  const model = readModel(file('digits-int8-miscalibrated.tflite'));
  const prepare = (path: 'float' | 'int8') => prepareGraph(model, 0, { path, persona: 'tflite' });
  const runner = prepare('int8');
  const paths = {
    graph: runner.graph,
    float: new GraphLane(prepare('float')),
    quantized: { runner, lane: new GraphLane(runner), local: new GraphLane(prepare('int8')) },
  };
  const prepared = { paths, plans: planLayers(runner), state: 'reset', decode: null, costs: new Map() } as const;
  return comparePaths(prepared, readSamples(names.map(file), runner.graph), {});
}

const signalsOf = (layers: readonly LayerSums[]): SignalSums[] =>
  layers.flatMap(({ output, cells }) => [...(output === null ? [] : [output]), ...cells.flatMap(({ signals }) => signals)]);

function expectClose(merged: ErrorSums, whole: ErrorSums): void {
  expect([merged.values, merged.differing, merged.maxAbs]).toEqual([whole.values, whole.differing, whole.maxAbs]);
  for (const key of ['floatSquared', 'quantizedSquared', 'product', 'error', 'errorSquared'] as const) {
    expect(Math.abs(merged[key] - whole[key])).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(whole[key])));
  }
}

describe('two halves of the samples', () => {
  it('merge to the sums of the whole: counts exactly, float sums within 1e-9', async () => {
    const whole = await compare(utterances);
    const [first, second] = [await compare(utterances.slice(0, 3)), await compare(utterances.slice(3))];
    first.layers.forEach((layer, index) => mergeLayer(layer, second.layers[index]!));
    expect(first.layers.map(({ cells }) => cells.map(({ losses }) => losses))).toEqual(
      whole.layers.map(({ cells }) => cells.map(({ losses }) => losses)),
    );
    const [merged, expected] = [signalsOf(first.layers), signalsOf(whole.layers)];
    expect(merged.length).toBe(2 * (1 + 25) + 1);
    merged.forEach(({ accumulated, local, ...counts }, index) => {
      const { accumulated: wholeAccumulated, local: wholeLocal, ...wholeCounts } = expected[index]!;
      expect(counts).toEqual(wholeCounts);
      expectClose(accumulated, wholeAccumulated);
      expectClose(local, wholeLocal);
    });
  });
});
