import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callsAtOnce } from '../../../worker/core/analysis/callsAtOnce';
import { compareModels, type ComparedData } from '../../../worker/core/compare/compareModels';
import type { Comparison, SignalDifference } from '../../../worker/core/compare/comparison';
import { QUIRK_NAMES, quirkOf, hasQuirk, switchQuirk } from '../../../worker/core/compare/quirks';
import type { PreparedSide, SideModel } from '../../../worker/core/compare/prepareSides';
import { comparedPart } from '../../../worker/core/compare/runSides';
import { readNpy } from '../../../worker/core/data/npy';
import type { Sample } from '../../../worker/core/data/sample';
import { readSamples } from '../../../worker/core/data/readSamples';
import { integerPersona, PERSONA_NAMES } from '../../../worker/core/lstm/persona';
import type { Model } from '../../../worker/core/model/model';
import { readLabels } from '../../../worker/core/report/task/labels';
import { describeShared } from '../../shared';
import { INPUTS, modelOf, named, SAMPLES } from '../blame/blameFixture';

const side = (path: string, changes: Partial<SideModel> = {}): SideModel => ({
  model: modelOf(path),
  sha256: path,
  persona: 'tflite',
  ...changes,
});

function dataOf(model: Model, files: readonly string[]): ComparedData {
  const labels = readLabels(named(join(SAMPLES, 'inputs/labels.json')));
  return { samples: readSamples(files.map(named), model.graphs[0]!), label: 'data', files: [], labels };
}

const signalOf = ({ run }: Comparison, layer: number, signal: string): SignalDifference =>
  run!.layers[layer]!.signals.find((one) => one.signal === signal)!;

const [INT8, MISCALIBRATED, FLOAT, HYBRID] = ['int8', 'int8-miscalibrated', 'float', 'hybrid'].map((name) =>
  join(SAMPLES, `digits-${name}.tflite`),
) as [string, string, string, string];

describe('two models', () => {
  it('of one network: what the calibration changed in the file, and where values part', async () => {
    const [a, b] = [side(INT8), side(MISCALIBRATED)];
    const comparison = await compareModels(a, b, dataOf(a.model, INPUTS), { floatModel: modelOf(FLOAT), generator: 'test' });
    const { statics, run } = comparison;
    expect(statics).toMatchObject({ by: 'same', operators: { a: 3, b: 3, matched: 3 }, onlyA: [], onlyB: [], options: [] });
    const features = statics.differing.find(({ name }) => name === 'features')!;
    expect(features.aspects).toEqual(expect.arrayContaining(['scale']));
    // Weights are the same integers; biases depend on the input's scale.
    const weights = statics.differing.filter(({ a }) => a.dtype === 'int8' && a.shape.length === 2);
    expect(weights.flatMap(({ values }) => values?.differing ?? [])).toEqual(
      weights.flatMap(({ values }) => (values === null ? [] : [0])),
    );
    expect(run!.first).toMatchObject({ sample: 0, layer: 0, step: 0 });
    expect(run).toMatchObject({ samples: 8, steps: 555, complete: true, float: 'file', mainLayer: 2 });
    const logits = signalOf(comparison, 2, 'out');
    expect(logits).toMatchObject({ sameFormat: false, values: 6105 });
    expect(logits.sqnrDbA! - logits.sqnrDbB!).toBeGreaterThan(25);
    expect(run!.task).toMatchObject({ errorsA: 0, total: 34 });
    expect(run!.task!.changed).toHaveLength(5);
    expect(JSON.parse(JSON.stringify(comparison))).toEqual(comparison);
  });

  it('that are equal: nothing differs', async () => {
    const [a, b] = [side(INT8), side(INT8)];
    const comparison = await compareModels(a, b, dataOf(a.model, INPUTS.slice(0, 2)), { generator: 'test' });
    expect(comparison).toMatchObject({ sameFile: true, causes: [] });
    expect(comparison.statics).toMatchObject({ tensors: { differing: 0 }, differing: [] });
    expect(comparison.run!.first).toBeNull();
    for (const { signals } of comparison.run!.layers)
      for (const { differing, first } of signals) expect([differing, first]).toEqual([0, null]);
    expect(comparison.headline[0]).toBe('Every value is the same on both sides.');
  });

  it('float and quantized: the float side is what both are held against', async () => {
    for (const quantized of [HYBRID, INT8]) {
      const [a, b] = [side(FLOAT), side(quantized)];
      const comparison = await compareModels(a, b, dataOf(a.model, INPUTS.slice(0, 1)), { generator: 'test' });
      expect(comparison.run!.float).toBe('a');
      const logits = signalOf(comparison, 2, 'out');
      expect(logits).toMatchObject({ dtypeA: 'float32', maxCodes: null, sqnrDbA: null });
      expect(logits.sqnrDbB).toBeGreaterThan(35);
      expect(logits.maxErrorA).toBe(0);
      expect(logits.maxErrorB).toBe(logits.maxAbs);
    }
  });

  it('without data: the files alone', async () => {
    const comparison = await compareModels(side(FLOAT), side(INT8), null, { generator: 'test' });
    expect(comparison.run).toBeNull();
    const dense = comparison.statics.differing.find(({ name }) => name === 'dense/weights')!;
    expect(dense).toMatchObject({
      by: 'name',
      aspects: expect.arrayContaining(['dtype', 'values']) as unknown,
      values: { unit: 'reals' },
    });
    // Half a step of the largest scale of any channel.
    expect(dense.values!.largest).toBeLessThanOrEqual((Math.max(...dense.b.quantization!.scales) / 2) * 1.0001);
  });

  it('stops between samples when it is cancelled', async () => {
    const [a, b] = [side(INT8), side(INT8, { persona: 'tflite-old' })];
    let asked = 0;
    const comparison = await compareModels(
      a,
      b,
      dataOf(a.model, INPUTS),
      { generator: 'test' },
      { isCancelled: () => ++asked > 250 },
    );
    expect(comparison.run!.complete).toBe(false);
    expect(comparison.run!.samples).toBeLessThan(8);
  });
});

describe('quirks', () => {
  it.each(QUIRK_NAMES)('%s: on and off under every persona', (name) => {
    const { decision, off } = quirkOf(name);
    for (const persona of PERSONA_NAMES) {
      for (const on of [true, false]) {
        const overrides = switchQuirk(name, on, persona);
        expect(hasQuirk(name, persona, overrides)).toBe(on);
        expect(integerPersona(persona, overrides)[decision] === off).toBe(!on);
      }
      // As it is, nothing is overridden.
      expect(switchQuirk(name, hasQuirk(name, persona), persona)).toEqual({});
    }
  });
});

describeShared('the peephole quirk', (shared) => {
  const folder = join(shared, 'golden/lstm16/lstm-ln-proj-peep-odd-batch2');

  /** Figures of an independent implementation, as the design's picture of this screen shows them. */
  it('first shows at step 0 in gate o after the peephole, and every figure of it is as measured elsewhere', async () => {
    const path = join(folder, 'int8.tflite');
    const b = side(path, { personaOverrides: switchQuirk('peephole-width', false, 'tflite') });
    const a = side(path);
    const data = { ...dataOf(a.model, [join(folder, 'x_float.npy')]), labels: null };
    const comparison = await compareModels(a, b, data, { floatModel: modelOf(join(folder, 'float.tflite')), generator: 'test' });
    expect(comparison.run!.first).toMatchObject({ sample: 0, step: 0, signal: 'o_in', unit: 7, units: 6, ofUnits: 13 });
    const of = (signal: string) => signalOf(comparison, 0, signal);
    const shares = (signal: string) => of(signal).steps!.differing.map((count, step) => count / of(signal).steps!.values[step]!);
    expect([of('h').differing, of('h').values, of('h').maxCodes]).toEqual([223, 294, 16]);
    expect(['f_x', 'i_x', 'g_x', 'o_x'].map((name) => of(name).differing)).toEqual([0, 0, 0, 0]);
    expect(['f_xh', 'f_in', 'f', 'i_in', 'g', 'c', 'o_in', 'o_ln', 'o', 'm'].map((name) => of(name).differing)).toEqual([
      468, 467, 463, 466, 447, 464, 503, 542, 542, 321,
    ]);
    expect(['f_in', 'i_in', 'o_in', 'c', 'o'].map((name) => of(name).maxCodes)).toEqual([5527, 1499, 5160, 2272, 9965]);
    expect(shares('o_in').slice(0, 2)).toEqual([6 / 13, 77 / 78]);
    expect(shares('h')[0]).toBeCloseTo(0.5952, 4);
    expect(shares('f_in')[0]).toBe(0);
    const sqnr = (name: string) => [of(name).sqnrDbA, of(name).sqnrDbB].map((db) => Math.round(db! * 100) / 100);
    // Their float path is float64.
    expect([sqnr('h'), sqnr('o_in'), sqnr('c'), sqnr('o_ln')]).toEqual([[24.43, 38.09], [17.42, 41.87], [20.18, 41.7], [14.52, 40.09]]); // prettier-ignore
    expect([of('h').maxErrorA, of('h').maxErrorB].map((error) => error!.toFixed(3))).toEqual(['0.114', '0.012']);
    expect(of('h').steps!.rmsA[0]).toBeCloseTo(0.008181, 5);
    expect(comparison.causes).toEqual([expect.objectContaining({ quirk: 'peephole-width', on: 'a', ops: [0] })]);
    expect(comparison.a.label).toBe('TFLite');
    expect(comparison.b.label).toBe('TFLite, peephole quirk off');
    expect(comparison.headline).toEqual([
      expect.stringMatching(
        /^First difference: sample \S+, step 0, UNIDIRECTIONAL_SEQUENCE_LSTM \S+, gate o, after peephole, 6 of 13 units\.$/,
      ),
      expect.stringMatching(/^Output \S+: 223 of 294 integers differ, by up to 16 codes\.$/),
      'Against float: A 24.4 dB, B 38.1 dB.',
      'Peephole quirk in A only: With a projection, TFLite passes the output size (7) where the cell size (13) belongs: cells 7 to 12 get no peephole term.',
      'Both sides are the same file: all tensors, scales and zero points are equal.',
    ]);
  });
});

describeShared('two runtimes', (shared) => {
  it.each(['lstm-micro0', 'lstm-micro1', 'lstm-micro2', 'lstm-micro3'])(
    '%s: as many outputs differ as those of TFLite and TFLM themselves',
    async (name) => {
      const folder = join(shared, 'golden/lstm16', name);
      const [a, b] = [side(join(folder, 'int8.tflite')), side(join(folder, 'int8.tflite'), { persona: 'tflm' })];
      const data = { ...dataOf(a.model, [join(folder, 'x_int8.npy')]), labels: null };
      const comparison = await compareModels(a, b, data, { generator: 'test' });
      const [tflite, tflm] = ['y_int8', 'y_tflm'].map((file) => {
        const { name: npy, bytes } = named(join(folder, `${file}.npy`));
        return readNpy(bytes, npy).data as Int8Array;
      });
      const differences = tflite!.map((code, k) => Math.abs(code - tflm![k]!));
      const h = signalOf(comparison, 0, 'h');
      expect([h.differing, h.maxCodes]).toEqual([differences.filter((codes) => codes > 0).length, Math.max(...differences)]);
      expect(h.values).toBe(tflite!.length);
      expect(comparison.causes.map(({ quirk }) => quirk)).toEqual(
        expect.arrayContaining(['recurrent-saturation', 'cell-products']),
      );
    },
  );
});

describe('a sample of more calls than can be kept', () => {
  it('is compared in its first calls', () => {
    const graph = modelOf(FLOAT).graphs[0]!;
    const prepared = { graph } as PreparedSide;
    const most = callsAtOnce(graph);
    const sampleOf = (count: number): Sample => {
      const inputs = [{ dtype: 'float32', shape: [count, 2], data: new Float32Array(2 * count) } as const];
      return { name: 'long', inputs, steps: 3 * count, calls: { count, feeds: ['each'] } };
    };
    const long = comparedPart(prepared, sampleOf(most + 1));
    expect(long).toMatchObject({ name: 'long', steps: 3 * most, calls: { count: most }, inputs: [{ shape: [most, 2] }] });
    const short = sampleOf(most);
    expect(comparedPart(prepared, short)).toBe(short);
    const single = { ...short, calls: undefined } as unknown as Sample;
    expect(comparedPart(prepared, single)).toBe(single);
  });
});
