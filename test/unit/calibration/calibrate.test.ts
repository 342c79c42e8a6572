import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Helpers } from '../../../worker/core/analysis/crew';
import { Pace } from '../../../worker/core/analysis/pace';
import { SampleError } from '../../../worker/core/analysis/sampleError';
import { calibrate, type CalibrationControl } from '../../../worker/core/calibration/calibrate';
import { CALIBRATED, calibrateSamples, prepareCalibration } from '../../../worker/core/calibration/calibrateSamples';
import type { Calibration } from '../../../worker/core/calibration/calibration';
import { readCalibration, writeCalibration } from '../../../worker/core/calibration/calibrationJson';
import { rangesOf } from '../../../worker/core/calibration/rangesOf';
import { readSamples } from '../../../worker/core/data/readSamples';
import type { Sample, SampleSource } from '../../../worker/core/data/sample';
import { readModel } from '../../../worker/core/formats/readModel';
import type { CalibrationState } from '../../../worker/core/recipe/recipe';
import { prepareGraph } from '../../../worker/core/run/prepareGraph';
import { SAMPLES } from '../cli/command';
import { slowSamples } from '../slowSamples';

const bytesOf = (name: string) => new Uint8Array(readFileSync(join(SAMPLES, name)));
const model = readModel({ name: 'digits-float.tflite', bytes: bytesOf('digits-float.tflite') });
const graph = model.graphs[0]!;
const everything = readSamples([{ name: 'calibration.npz', bytes: bytesOf('calibration.npz') }], graph);

function first(count: number, change: (sample: Sample, index: number) => Sample = (sample) => sample): SampleSource {
  return { ...everything, count, names: everything.names.slice(0, count), get: (index) => change(everything.get(index), index) };
}

function prepared(state: CalibrationState) {
  const runner = prepareGraph(model, 0, CALIBRATED);
  return prepareCalibration(runner, { model: model.fileName, state, synthetic: false });
}

const run = (
  samples: SampleSource,
  state: CalibrationState = 'reset',
  control: CalibrationControl = {},
  helpers: Helpers<Calibration> | null = null,
) => calibrate(prepared(state), samples, state, control, helpers);

const [lstm] = [...(await run(first(1))).calibration.lstms.keys()];
const cellOf = ({ lstms }: Calibration) => lstms.get(lstm!)![0]!;

function withValue(sample: Sample, place: number, value: number): Sample {
  const [input] = sample.inputs;
  const data = (input!.data as Float32Array).slice();
  data[place] = value;
  return { ...sample, inputs: [{ ...input!, data }] };
}

describe('a calibration', () => {
  it('sees every step, gate and state, and the states at their initial zero', async () => {
    const { calibration, complete } = await run(first(4));
    expect(complete).toBe(true);
    const { hidden, cell, output, gates } = cellOf(calibration);
    const steps = calibration.steps;
    const width = cell.range.values / (steps + 4);
    expect(Number.isInteger(width)).toBe(true);
    expect(hidden.range.values).toBe(steps * width);
    for (const gate of Object.values(gates)) expect(gate?.range.values ?? steps * width).toBe(steps * width);
    expect(output.range.min).toBeLessThanOrEqual(0);
    expect(output.range.max).toBeGreaterThanOrEqual(0);
    expect(calibration.tensors.filter((tensor) => tensor !== null && tensor.values.range.values > 0).length).toBeGreaterThan(4);
  });

  it('restarts states as asked', async () => {
    const twice = first(2, (_, index) => ({ ...everything.get(0), name: String(index) }));
    const other = first(2, (sample, index) => (index === 0 ? everything.get(0) : sample));
    const once = cellOf((await run(first(1))).calibration).cell.range;
    const reset = cellOf((await run(twice)).calibration).cell.range;
    expect([reset.min, reset.max]).toEqual([once.min, once.max]);
    const carried = (await run(twice, 'carry')).calibration;
    expect(rangesOf(carried, graph)).not.toEqual(rangesOf((await run(twice)).calibration, graph));
    // The same shape: carried. Another one: restarted.
    const like = async (samples: SampleSource, state: CalibrationState) => cellOf((await run(samples, state)).calibration).hidden;
    expect(await like(twice, 'as-tflite')).toEqual(await like(twice, 'carry'));
    expect(everything.get(1).inputs[0]!.shape).not.toEqual(everything.get(0).inputs[0]!.shape);
    expect(await like(other, 'as-tflite')).toEqual(await like(other, 'reset'));
  });

  it("sees cells before and after samples only as TensorFlow Lite's calibrator does", async () => {
    const every = cellOf((await run(first(3))).calibration).cell.range;
    const ends = cellOf((await run(first(3), 'as-tflite')).calibration).cell.range;
    expect(ends.values).toBeLessThan(every.values);
    expect(Math.max(-ends.min, ends.max)).toBeLessThan(Math.max(-every.min, every.max));
  });

  it('is the same to the last bit with helpers', async () => {
    const samples = first(12);
    let helped = 0;
    const helpers: Helpers<Calibration> = {
      count: 2,
      afterMs: 0,
      costMs: 0,
      start: (most) =>
        Promise.resolve(
          Array.from({ length: most }, () => {
            const own = prepared('reset');
            return async (range) => {
              helped++;
              await new Promise((resolve) => setTimeout(resolve, 1));
              return structuredClone(await calibrateSamples(own, samples, range, new Pace({})));
            };
          }),
        ),
      end: () => undefined,
    };
    const yieldToOthers = () => new Promise<void>((resolve) => setTimeout(resolve, 1));
    const shared = await run(slowSamples(samples), 'reset', { yieldToOthers }, helpers);
    expect(helped).toBeGreaterThan(0);
    expect(writeCalibration(shared.calibration)).toBe(writeCalibration((await run(samples)).calibration));
  });

  it('stops when cancelled', async () => {
    let asked = 0;
    const { calibration, complete } = await run(first(20), 'reset', { isCancelled: () => ++asked > 30 });
    expect(complete).toBe(false);
    expect(calibration.samples).toBeLessThan(20);
  });

  it('comes back from its JSON, with the same ranges', async () => {
    const { calibration } = await run(first(5));
    const text = writeCalibration(calibration);
    const again = readCalibration(text, 'c.json', graph);
    expect(writeCalibration(again)).toBe(text);
    for (const observer of ['percentile=99.9', 'mse', 'moving-average'] as const) {
      expect(rangesOf(again, graph, { observer })).toEqual(rangesOf(calibration, graph, { observer }));
    }
  });

  it('takes the observer that an override names', async () => {
    const { calibration } = await run(first(5));
    const name = graph.tensors[graph.inputs[0]!]!.name;
    const plain = rangesOf(calibration, graph).tensors;
    const overridden = rangesOf(calibration, graph, { tensors: { [name]: { observer: 'percentile=90' } } }).tensors;
    expect(overridden[graph.inputs[0]!]!.max).toBeLessThan(plain[graph.inputs[0]!]!.max);
    overridden.forEach((range, index) => {
      if (index !== graph.inputs[0]) expect(range).toEqual(plain[index]);
    });
  });
});

describe('bad data', () => {
  const failure = async (samples: SampleSource) => {
    const error: unknown = await run(samples).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SampleError);
    return (error as Error).message;
  };

  it('names the sample, step and place of a value that is not finite', async () => {
    const size = everything.get(1).inputs[0]!.shape.at(-1)!;
    const bad = (value: number) => first(3, (sample, index) => (index === 1 ? withValue(sample, 7 * size + 5, value) : sample));
    const name = graph.tensors[graph.inputs[0]!]!.name;
    const place = 'at step 7, value 5 (both counted from 0)';
    expect(await failure(bad(NaN))).toBe(`Sample ${everything.names[1]}: input ${name} holds NaN ${place}`);
    expect(await failure(bad(-Infinity))).toBe(`Sample ${everything.names[1]}: input ${name} holds -Infinity ${place}`);
  });

  it('names the operator whose result is not finite', async () => {
    const message = await failure(first(2, (sample) => withValue(sample, 3, 3e38)));
    expect(message).toMatch(/^Sample .*: op \d+ [A-Z_]+: .*(NaN|Infinity) at /);
  });

  it('names what does not fit', async () => {
    const message = await failure(first(1, (sample) => ({ ...sample, inputs: [{ ...sample.inputs[0]!, shape: [1, 1, 3] }] })));
    expect(message).toMatch(/takes \[.*\]; the data is \[1, 1, 3\]/);
  });

  it('is refused in JSON, with its place', () => {
    const read = (text: string) => () => readCalibration(text, 'c.json', graph);
    expect(read('{')).toThrow('is no JSON');
    expect(read('{"schema":"x"}')).toThrow('schema is x');
    const count = graph.tensors.length;
    const head = `{"schema":"gatescope.calibration/1","model":"m","state":"reset","synthetic":false,"samples":1,"steps":1,"tensorCount":`;
    expect(read(`${head}${count + 1},"tensors":[],"lstms":[]}`)).toThrow('is the calibration of another model');
    expect(read(`${head}${count},"tensors":[{"index":0,"name":"nothing"}],"lstms":[]}`)).toThrow('tensor 0 is nothing there');
    const name = JSON.stringify(graph.tensors[0]!.name);
    const average = '"average":{"samples":1,"first":[0,1],"current":[0,1]}';
    const bins = (counts: string) =>
      `${head}${count},"tensors":[{"index":0,"name":${name},"values":2,"range":[0,1],${average},"histogram":{"exponent":0,"first":0,"counts":${counts}}}],"lstms":[]}`;
    expect(read(bins('[1,1]'))).not.toThrow();
    expect(read(bins('[1]'))).toThrow('histogram.first');
    expect(read(bins('[1,-1]'))).toThrow('tensors[0].histogram.counts');
  });
});
