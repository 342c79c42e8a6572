import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
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

  it.each(['lstm', 'unidirectional_sequence_lstm', 'svdf'])('equals what its own tests expect of a calibrated %s', (name) => {
    const at = (state: string) => join(shared, 'data/quantizer', `${name}_${state}.bin`);
    const boundary = name === 'svdf' ? {} : ({ inputs: 'float32', outputs: 'float32' } as const);
    const { edit } = quantizeFile(at('calibrated'), boundary);
    const wanted = readModelFile(at('quantized'));
    expect(differences(edit, wanted).differing).toEqual([]);
    expect(wiring(edit.graphs[0]!.graph)).toEqual(wiring(wanted.graphs[0]!));
  });
});
