import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readTflite } from '../../worker/core/formats/tflite/readTflite';
import { prepareGraph } from '../../worker/core/run/prepareGraph';
import type { GraphOptions } from '../../worker/core/run/graphRunner';
import { describeShared } from '../shared';
import { countDifferences } from './lstmCase';

const TFLM: GraphOptions = { path: 'int8', persona: 'tflm' };

describeShared('whole models with integer LSTMs, as TensorFlow Lite Micro runs them', (shared) => {
  const prepare = (model: string) => prepareGraph(readTflite(readFileSync(join(shared, 'data/tflite', model)), model), 0, TFLM);
  const golden = (file: string) =>
    JSON.parse(readFileSync(join(shared, 'data/golden', file), 'utf8')) as Record<string, number[]>;

  it('DTLN noise suppression: 257 of 257 codes', () => {
    const { input_int8: input = [], output_int8: output = [] } = golden('tflm_dtln.json');
    const [y] = prepare('dtln_noise_suppression_int8.tflite').run([
      { dtype: 'int8', shape: [1, 1, 257], data: Int8Array.from(input) },
    ]);
    expect(output).toHaveLength(257);
    expect(countDifferences(y?.data as Int8Array, output)).toBe(0);
  });

  it.each([
    ['yes', [127, -128, -128]],
    ['no', [-128, 127, -128]],
  ])('micro_speech: %s', (word, expected) => {
    const input = golden('tflm_micro_speech_lstm.json')[word] ?? [];
    const [y] = prepare('micro_speech_lstm_int8.tflite').run([
      { dtype: 'int8', shape: [1, 49, 257], data: Int8Array.from(input) },
    ]);
    expect(Array.from(y?.data as Int8Array)).toEqual(expected);
  });
});
