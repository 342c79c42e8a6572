import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blameModel } from '../../../worker/core/blame/blameModel';
import { MOST_CALLS, mostCalls } from '../../../worker/core/blame/mostCalls';
import { readSamples } from '../../../worker/core/data/readSamples';
import type { Sample, SampleSource } from '../../../worker/core/data/sample';
import { describeShared } from '../../shared';
import { blameRequest, INPUTS, modelOf, named, SAMPLES } from './blameFixture';

const FLOAT = join(SAMPLES, 'digits-float.tflite');
const MISCALIBRATED = join(SAMPLES, 'digits-int8-miscalibrated.tflite');

/** The first steps of a sample in one call of them all, or in calls of one step. */
function firstSteps(samples: SampleSource, steps: number, stepped: boolean): SampleSource {
  const get = (index: number): Sample => {
    const sample = samples.get(index);
    const [input] = sample.inputs;
    const [, , size = 0] = input!.shape;
    const shape = stepped ? [steps, 1, 1, size] : [1, steps, size];
    const cut = { ...input!, shape, data: input!.data.slice(0, steps * size) };
    return { ...sample, inputs: [cut], steps, ...(stepped ? { calls: { count: steps, feeds: ['each'] } } : {}) };
  };
  return { ...samples, count: 2, names: samples.names.slice(0, 2), get };
}

describe('blame of samples that are stepped call by call', () => {
  it.each(['digits-int8-miscalibrated.tflite', 'digits-hybrid.tflite'])(
    'is that of one call of as many steps: %s',
    async (name) => {
      const request = blameRequest(join(SAMPLES, name), FLOAT, INPUTS, { labels: null });
      const [once, stepped] = await Promise.all(
        [false, true].map((calls) => blameModel({ ...request, samples: firstSteps(request.samples, 24, calls) })),
      );
      expect(stepped!.subjects.length).toBeGreaterThanOrEqual(3);
      expect(stepped).toEqual(once);
    },
  );

  it('takes fewer calls of a long sample where there is more to compute, though never very few', () => {
    const graph = modelOf(FLOAT).graphs[0]!;
    const last = graph.operators.length - 1;
    const [few, many, most] = [10, 10_000, 1_000_000].map((mixtures) => mostCalls(graph, last, mixtures));
    expect(few).toBe(MOST_CALLS);
    expect(many).toBeGreaterThan(most!);
    expect(many).toBeLessThan(MOST_CALLS);
    expect(most).toBe(64);
  });

  it('begins every sample anew, unless states are carried from sample to sample', async () => {
    const request = blameRequest(MISCALIBRATED, FLOAT, INPUTS, { labels: null, kinds: ['tensor'] });
    const both = firstSteps(request.samples, 6, true);
    const again: SampleSource = { ...both, get: () => both.get(0) };
    const [one, two, carried] = await Promise.all([
      blameModel({ ...request, samples: { ...both, count: 1 } }),
      blameModel({ ...request, samples: again }),
      blameModel({ ...request, samples: again, state: 'carry' }),
    ]);
    const sqnr = (report: typeof one) => report.subjects.map(({ back }) => back.sqnrDb?.toFixed(6));
    expect(sqnr(two)).toEqual(sqnr(one));
    expect(sqnr(carried)).not.toEqual(sqnr(one));
  });
});

describeShared('blame of streaming models', (shared) => {
  it('feeds states back in every mixture, and says where a long recording was cut', async () => {
    const [path, float] = ['dtln_model_quant_1', 'dtln_model_1'].map((name) => `${shared}/data/tflite/${name}.tflite`);
    const graph = modelOf(path!).graphs[0]!;
    const samples = readSamples([named(`${shared}/data/audio/whisper_jfk.wav`)], graph);
    expect(samples.get(0).calls?.count).toBeGreaterThan(MOST_CALLS);
    const report = await blameModel({ ...blameRequest(path!, float!, []), samples });
    expect(report).toMatchObject({
      quantizedPath: 'hybrid',
      samples: 1,
      steps: MOST_CALLS,
      cut: { samples: 1, calls: MOST_CALLS },
    });
    expect(report.headline[0]).toBe(`Of 1 sample the first ${MOST_CALLS} calls were measured.`);
    expect(report.subjects[0]!.gainDb).toBeGreaterThan(1);
    for (const { control } of report.subjects) expect(control).toEqual(report.quantized);
  }, 60_000);
});
