import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { CalibratedRange, CalibratedRanges } from '../../worker/core/calibration/calibratedRanges';
import type { Model, Tensor } from '../../worker/core/model/model';
import { asymmetricInt8, symmetric } from '../../worker/core/recipe/quantizedValues';
import { quantizeModel } from '../../worker/core/recipe/quantizeModel';
import { rangesInFile } from '../../worker/core/recipe/rangesInFile';
import { describeShared } from '../shared';
import { differences, quantizeFile, readModelFile, wiring } from './recipeCase';

/** Cases of a folder of reference answers. */
const casesOf = (root: string) => readdirSync(root).filter((name) => existsSync(join(root, name, 'int8.tflite')));

describeShared('Recipe: what TensorFlow Lite quantizes to, tensor by tensor', (shared) => {
  const lstm16 = join(shared, 'golden/lstm16');

  it('equals its integer LSTMs of 16 topologies, from the calibrated file and from the float one with those ranges', () => {
    let compared = 0;
    for (const name of casesOf(lstm16)) {
      const at = (file: string) => join(lstm16, name, file);
      const wanted = readModelFile(at('int8.tflite'));
      for (const source of ['calibrated.tflite', 'float.tflite']) {
        const { edit } = quantizeFile(at(source), {}, at('calibrated.tflite'));
        const result = differences(edit, wanted);
        expect({ name, source, differing: result.differing }).toEqual({ name, source, differing: [] });
        expect(wiring(edit.graphs[0]!.graph)).toEqual(wiring(wanted.graphs[0]!));
        compared += result.compared;
      }
    }
    expect(compared).toBe(2374);
  });

  it('equals its hybrid LSTMs, which keep no intermediates', () => {
    for (const name of casesOf(lstm16)) {
      const wanted = readModelFile(join(lstm16, name, 'hybrid.tflite'));
      const { edit } = quantizeFile(join(lstm16, name, 'float.tflite'), { scheme: 'hybrid' });
      expect({ name, ...differences(edit, wanted) }).toMatchObject({ name, differing: [] });
      expect(edit.graphs[0]!.graph.operators[0]!.intermediates).toEqual([]);
    }
  });

  it('equals the hybrid digits sample, whose small dense layer is quantized too', () => {
    const { edit } = quantizeFile(join(shared, 'samples/digits-float.tflite'), { scheme: 'hybrid' });
    const result = differences(edit, readModelFile(join(shared, 'samples/digits-hybrid.tflite')));
    expect(result).toEqual({ compared: 38, differing: [] });
  });

  it('leaves CIFG with layer norm as TensorFlow Lite leaves it where the recipe says so, and mends it otherwise', () => {
    const names = casesOf(lstm16).filter((name) => existsSync(join(lstm16, name, 'int8-as-the-quantizer-left-it.tflite')));
    expect(names).toHaveLength(13);
    for (const name of names) {
      const calibrated = join(lstm16, name, 'calibrated.tflite');
      const left = quantizeFile(calibrated, { mendCifgLayerNorm: false });
      const wanted = readModelFile(join(lstm16, name, 'int8-as-the-quantizer-left-it.tflite'));
      expect(differences(left.edit, wanted).differing).toEqual([]);
      expect(left.edit.graphs[0]!.graph.tensors.find((tensor) => tensor.name === 'lstm0/intermediate_0')).toMatchObject({
        dtype: 'float32',
        quantization: null,
      });
      expect(left.notes.filter(({ kind }) => kind === 'mended')).toEqual([]);
      const mended = quantizeFile(calibrated);
      expect(mended.notes.filter(({ kind }) => kind === 'mended')).toHaveLength(1);
      expect(mended.edit.metadata[0]?.text).toContain('got the scale 2^-12');
    }
  });

  it('equals its bidirectional pairs, with QUANTIZE before the CONCATENATION', () => {
    const root = join(shared, 'golden/bidirectional');
    expect(casesOf(root)).toHaveLength(4);
    for (const name of casesOf(root)) {
      const wanted = readModelFile(join(root, name, 'int8.tflite'));
      const { edit } = quantizeFile(join(root, name, 'float.tflite'), {}, join(root, name, 'calibrated.tflite'));
      expect({ name, ...differences(edit, wanted) }).toMatchObject({ name, differing: [] });
      expect(wiring(edit.graphs[0]!.graph).sort()).toEqual(wiring(wanted.graphs[0]!).sort());
      if (!existsSync(join(root, name, 'op_hybrid.tflite'))) continue;
      const hybrid = quantizeFile(join(root, name, 'op_float.tflite'), { scheme: 'hybrid' });
      expect(differences(hybrid.edit, readModelFile(join(root, name, 'op_hybrid.tflite'))).differing).toEqual([]);
    }
  });

  it('equals them from the one bidirectional operator of the same weights too, under names of its own', () => {
    const root = join(shared, 'golden/bidirectional');
    const names = casesOf(root).filter((name) => existsSync(join(root, name, 'op_float.tflite')));
    expect(names).toHaveLength(3);
    for (const name of names) {
      const pair = readModelFile(join(root, name, 'calibrated.tflite'));
      const ranges = rangesInFile(pair);
      const [forward, , backward] = pair.graphs[0]!.operators.map(({ index }) => ranges.lstms.get(index)?.[0]);
      const wanted = readModelFile(join(root, name, 'int8.tflite'));
      const model = readModelFile(join(root, name, 'op_float.tflite'));
      const tensors = model.graphs[0]!.tensors.map((tensor) => {
        const role = { input: 'input', 'lstm0/output': 'concatenated' }[tensor.name];
        return role === undefined ? null : ranges.tensors[pair.graphs[0]!.tensors.findIndex((other) => other.name === role)]!;
      });
      const ofOperator = { tensors, lstms: new Map([[0, [forward!, backward!]]]) };
      const { edit } = quantizeModel(model, ofOperator, { schema: 'gatescope.recipe/1' });
      const result = differences(edit, wanted, (of) =>
        of
          .replace(/^(forward|backward)\/intermediate/, 'lstm0/output/$1/intermediate')
          .replace(/^(forward|backward)\/output(_requantized)?$/, 'lstm0/output/$1$2')
          .replace(/^forward\//, 'lstm0/')
          .replace(/^(axis|reversed_input|backward_in_time)/, 'lstm0/output/$1')
          .replace(/^concatenated$/, 'lstm0/output'),
      );
      expect({ name, ...result }).toMatchObject({ name, differing: [] });
    }
  });

  it.each(['lstm', 'unidirectional_sequence_lstm', 'svdf'])('equals what its own tests expect of a calibrated %s', (name) => {
    const at = (state: string) => join(shared, 'data/quantizer', `${name}_${state}.bin`);
    const boundary = name === 'svdf' ? {} : ({ inputs: 'float32', outputs: 'float32' } as const);
    const { edit } = quantizeFile(at('calibrated'), boundary);
    const wanted = readModelFile(at('quantized'));
    expect(differences(edit, wanted).differing).toEqual([]);
    expect(wiring(edit.graphs[0]!.graph)).toEqual(wiring(wanted.graphs[0]!));
  });

  it('equals the 32 speech recognizers, two LSTMs and a layer each, given ranges that lead to their activations', () => {
    const root = join(shared, 'data/speech-digits/models');
    const names = readdirSync(root).flatMap((file) => /^(.+)\.float\.tflite$/.exec(file)?.[1] ?? []);
    expect(names).toHaveLength(32);
    for (const name of names) {
      const float = readModelFile(join(root, `${name}.float.tflite`));
      const wanted = readModelFile(join(root, `${name}.int8.tflite`));
      const { edit, notes } = quantizeModel(float, rangesOfParameters(float, wanted), { schema: 'gatescope.recipe/1' });
      expect({ name, ...differences(edit, wanted) }).toMatchObject({ name, differing: [] });
      expect(wiring(edit.graphs[0]!.graph)).toEqual(wiring(wanted.graphs[0]!));
      const sparse = notes.filter(({ kind, zeroShare }) => kind === 'zeros' && (zeroShare ?? 0) > 0.4);
      expect(sparse.length > 10).toBe(name.endsWith('-sparse'));
    }
  });

  it.each([
    ['mlperf_resnet_float', 'mlperf_resnet_int8', 38],
    ['mlperf_ad01_float', 'mlperf_ad01_int8', 31],
  ])('equals the older quantizer of %s, which had one scale for a dense layer', (source, reference, tensors) => {
    const float = readModelFile(join(shared, 'data/tflite', `${source}.tflite`));
    const wanted = readModelFile(join(shared, 'data/tflite', `${reference}.tflite`));
    const plain = (name: string) => name.replace(/_int8$/, '');
    const recorded = new Map(wanted.graphs[0]!.tensors.map(({ name, range }) => [plain(name), range]));
    const ranges = float.graphs[0]!.tensors.map(({ name, data }) => {
      const range = data === null ? recorded.get(name) : null;
      return range ? { min: range.min[0]!, max: range.max[0]! } : null;
    });
    const recipe = { schema: 'gatescope.recipe/1', denseWeights: 'per-tensor' } as const;
    const { edit } = quantizeModel(float, { tensors: ranges, lstms: new Map() }, recipe);
    expect(differences(edit, wanted, plain)).toEqual({ compared: tensors, differing: [] });
  });
});

/** Ranges that lead to the parameters of a quantized file, found by trying neighbours of the obvious ones. */
function rangesOfParameters(float: Model, quantized: Model): CalibratedRanges {
  const found = new Map(quantized.graphs[0]!.tensors.map((tensor) => [tensor.name, tensor]));
  const rangeOf = (index: number | undefined): CalibratedRange | null => {
    const name = float.graphs[0]!.tensors[index ?? -1]?.name;
    const tensor = found.get(name ?? '');
    return tensor === undefined || tensor.data !== null ? null : rangeOfTensor(tensor);
  };
  const lstms = new Map(
    float.graphs[0]!.operators.flatMap(({ index, name, inputs, outputs, intermediates }) => {
      if (name !== 'UNIDIRECTIONAL_SEQUENCE_LSTM') return [];
      const isCifg = inputs[1] === -1;
      const at = (gate: number) => rangeOf(intermediates[gate]);
      const gates = { input: isCifg ? null : at(0), forget: at(1), cell: at(2), output: at(3) };
      return [[index, [{ gates, hidden: at(4)!, cell: rangeOf(inputs[19])!, output: rangeOf(outputs[0])! }]] as const];
    }),
  );
  return { tensors: float.graphs[0]!.tensors.map(({ index }) => rangeOf(index)), lstms };
}

function rangeOfTensor({ dtype, quantization }: Tensor): CalibratedRange | null {
  const [scale, zeroPoint] = [quantization?.scales[0], quantization?.zeroPoints[0] ?? 0];
  if (scale === undefined) return null;
  if (dtype === 'int16')
    return { min: 0, max: nearby(scale * 32767, (max) => symmetric({ min: 0, max }, 32767)?.scale === scale) };
  const min = Math.fround((-128 - zeroPoint) * scale);
  const isRight = (max: number) => {
    const parameters = asymmetricInt8({ min, max });
    return parameters?.scale === scale && parameters.zeroPoint === zeroPoint;
  };
  return { min, max: nearby((127 - zeroPoint) * scale, isRight) };
}

/** The float32 value nearest to `value`, in steps of a 2^24th of it, that passes. */
function nearby(value: number, isRight: (value: number) => boolean): number {
  for (let step = 0; step < 1000; step++) {
    for (const sign of [1, -1]) {
      const tried = Math.fround(value * (1 + sign * step * 2 ** -24));
      if (isRight(tried)) return tried;
    }
  }
  throw new Error(`No float32 near ${value} leads to the parameters.`);
}
