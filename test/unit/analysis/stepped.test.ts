import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callsAtOnce, partsOfSample } from '../../../worker/core/analysis/callsAtOnce';
import { compareSamples } from '../../../worker/core/analysis/compareSamples';
import { GraphLane } from '../../../worker/core/analysis/graphLane';
import { Pace } from '../../../worker/core/analysis/pace';
import type { Sample } from '../../../worker/core/data/sample';
import { readSamples } from '../../../worker/core/data/readSamples';
import { syntheticSamples } from '../../../worker/core/data/synthetic';
import { readModel } from '../../../worker/core/formats/readModel';
import { buildOverview } from '../../../worker/core/report/buildOverview';
import { prepareComparison } from '../../../worker/core/report/prepareComparison';
import { runCalls } from '../../../worker/core/run/calls';
import { prepareGraph } from '../../../worker/core/run/prepareGraph';
import { describeShared } from '../../shared';

const folder = resolve(import.meta.dirname, '../../../samples');
const named = (path: string) => ({ name: path, bytes: new Uint8Array(readFileSync(path)) });
const STEPS = 12;

function finish<T>(work: Generator<void, T>): T {
  for (;;) {
    const turn = work.next();
    if (turn.done === true) return turn.value;
  }
}

/** The same steps as one sequence, and as calls of one step each. */
function bothWays(model: ReturnType<typeof readModel>): readonly [Sample, Sample] {
  const whole = readSamples([named(join(folder, 'inputs/utterance-1.npy'))], model.graphs[0]!).get(0);
  const data = whole.inputs[0]!.data.slice(0, STEPS * 120);
  const sequence: Sample = { name: 'a', steps: STEPS, inputs: [{ dtype: 'float32', shape: [1, STEPS, 120], data }] };
  const stepped: Sample = {
    ...sequence,
    inputs: [{ dtype: 'float32', shape: [STEPS, 1, 1, 120], data }],
    calls: { count: STEPS, feeds: ['each'] },
  };
  return [sequence, stepped];
}

describe('a sample of many calls', () => {
  const float = readModel(named(join(folder, 'digits-float.tflite')));

  it.each(['digits-int8', 'digits-hybrid'])('counts as one sequence does, where states are the model’s own: %s', async (file) => {
    const model = readModel(named(join(folder, `${file}.tflite`)));
    const request = { model, overview: buildOverview(model), floatModel: float, samples: 1, persona: 'tflite', state: 'reset', labels: null } as const; // prettier-ignore
    const [sequence, stepped] = await Promise.all(
      bothWays(model).map(async (sample) => {
        const prepared = (await prepareComparison(request, new Pace({})))!;
        return compareSamples(prepared, { names: ['a'], get: () => sample }, { first: 0, end: 1 }, new Pace({}));
      }),
    );
    expect(stepped!.samples).toEqual(sequence!.samples);
    expect(stepped!.layers.flatMap(({ cells }) => cells).length).toBe(2);
    expect(stepped!.costs).toEqual(sequence!.costs);
    expect(stepped!.costs.map((costs) => costs?.steps ?? null).slice(0, 2)).toEqual(
      file === 'digits-int8' ? [STEPS, STEPS] : [null, null],
    );
    for (const [index, layer] of sequence!.layers.entries()) {
      const other = stepped!.layers[index]!;
      expect(other.cells).toEqual(layer.cells);
      expect(other.output?.accumulated).toEqual(layer.output?.accumulated);
      expect(other.output?.histogram).toEqual(layer.output?.histogram);
      // The steps of the sequence, told call by call.
      expect(other.output?.located?.steps).toEqual(layer.output?.located?.steps);
    }
  });

  it('can be run in parts, the states running on', () => {
    const model = readModel(named(join(folder, 'digits-int8.tflite')));
    const [, { inputs, calls }] = bothWays(model);
    const last = model.graphs[0]!.outputs[0]!;
    const lane = new GraphLane(prepareGraph(model, 0, { path: 'int8', persona: 'tflite' }));
    const outputs = (parts: readonly (readonly [number, number])[]) => {
      lane.resetState();
      return parts.flatMap(([from, to], part) => {
        const data = inputs[0]!.data.subarray(from * 120, to * 120);
        lane.begin([{ dtype: 'float32', shape: [to - from, 1, 1, 120], data }], { ...calls!, count: to - from }, part > 0);
        finish(lane.step(0));
        return Array.from(lane.value(last)!.data as Int8Array);
      });
    };
    const whole = outputs([[0, STEPS]]);
    expect(whole.length).toBe(STEPS * 11);
    expect(outputs([[0, 5], [5, 6], [6, STEPS]])).toEqual(whole); // prettier-ignore
  });

  it('is split by the memory that its values take', () => {
    const graph = float.graphs[0]!;
    const most = callsAtOnce(graph);
    expect(most).toBeGreaterThan(100);
    const count = 2 * most + 3;
    const inputs = [{ dtype: 'float32', shape: [count, 1], data: new Float32Array(count) } as const];
    const parts = partsOfSample(graph, { inputs, calls: { count, feeds: ['each'] } });
    expect(parts.map((part) => [part.calls?.count, part.inputs[0]?.shape[0], part.continues])).toEqual([
      [most, most, false],
      [most, most, true],
      [3, 3, true],
    ]);
  });
});

describeShared('states among inputs and outputs', (shared) => {
  const model = readModel(named(join(shared, 'data/tflite/dtln_model_1.tflite')));
  const runner = prepareGraph(model, 0, { path: 'float', persona: 'tflite' });

  it('go from call to call as if a caller had passed them on', () => {
    const sample = syntheticSamples(runner.graph, { count: 1, steps: 4 }).get(0);
    expect(sample.calls).toEqual({ count: 4, feeds: ['each', 1] });
    const outputs = runCalls(runner, sample.inputs, sample.calls!);
    let state = sample.inputs[1]!;
    const byHand = [0, 1, 2, 3].map((call) => {
      const data = sample.inputs[0]!.data.subarray(call * 257, (call + 1) * 257);
      const [mask, next] = runner.run([{ dtype: 'float32', shape: [1, 1, 257], data }, state]);
      state = next!;
      return Array.from(mask!.data as Float32Array);
    });
    expect(outputs[0]?.shape).toEqual([4, 1, 1, 257]);
    expect(Array.from(outputs[0]?.data as Float32Array)).toEqual(byHand.flat());
    expect(Array.from(outputs[1]?.data as Float32Array).slice(-512)).toEqual(Array.from(state.data as Float32Array));
  });

  it('are compared by step at every operator', async () => {
    const quantized = readModel(named(join(shared, 'data/tflite/dtln_model_quant_1.tflite')));
    const request = { model: quantized, overview: buildOverview(quantized), floatModel: model, samples: 1, persona: 'tflite', state: 'reset', labels: null } as const; // prettier-ignore
    const prepared = (await prepareComparison(request, new Pace({})))!;
    const samples = syntheticSamples(prepared.paths.graph, { count: 1, steps: 6 });
    const part = await compareSamples(prepared, samples, { first: 0, end: 1 }, new Pace({}));
    expect(part.samples[0]).toMatchObject({ steps: 6 });
    expect(part.samples[0]!.sqnrDb).toBeGreaterThan(20);
    const dense = part.layers[prepared.plans.findIndex(({ operator }) => operator.name === 'FULLY_CONNECTED')]!;
    expect(dense.output?.located?.steps.points).toBe(6);
    expect(dense.output?.local.values).toBe(6 * 512);
    // The state errs by what was quantized before: it is no error of the input's own.
    expect(part.inputs[1]?.accumulated.errorSquared).toBeGreaterThan(0);
    expect(part.inputs[1]?.local.values).toBe(0);
  });
});
