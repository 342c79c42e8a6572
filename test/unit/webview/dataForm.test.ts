import { describe, expect, it } from 'vitest';
import { isDataOptions } from '../../../extension/parseData';
import {
  dataForm,
  steppedText,
  withCallSize,
  withFeatures,
  withoutGuessing,
  withSamplesAxis,
  withState,
} from '../../../webview/dataForm';
import type { ModelOverview, TensorInfo } from '../../../worker/core/report/overview';

const tensor = (name: string, shape: readonly number[]): TensorInfo => ({ subgraph: 0, index: 0, name, shape, dtype: 'float32', isVariable: false, constantBytes: 0, quantization: null }); // prettier-ignore
const overview = {
  inputs: [tensor('input_2', [1, 1, 257]), tensor('input_3', [1, 2, 128, 2])],
  outputs: [tensor('Identity', [1, 1, 257]), tensor('Identity_1', [1, 2, 128, 2])],
  metadata: [],
  tensors: [],
  ops: [],
} as unknown as ModelOverview;

describe('the form of data', () => {
  it('tells what is guessed of states and features', () => {
    const form = dataForm(overview, {});
    expect(steppedText(form)).toBe('stepped: 257 values a call, state input_3 from Identity_1 (guess)');
    expect(form.features).toMatchObject({ isGuessed: true, framing: { kind: 'stft', fft: 512, hop: 128 } });
  });

  it('changes one thing at a time, and tells what cannot be', () => {
    const wrong = dataForm(overview, withFeatures({}, { kind: 'stft', fft: '100', window: '512' }));
    expect(wrong.features).toBe('Features: it has an FFT of 100 points for a window of 512.');
    const none = withState({}, dataForm(overview, {}), 'input_3', null);
    expect(none).toEqual({ statePairs: [] });
    expect(dataForm(overview, none).stepping).toMatchObject({ pairs: [], stepped: null });
    expect(withState(none, dataForm(overview, none), 'input_3', 'Identity_1')).toEqual({ statePairs: [{ input: 'input_3', output: 'Identity_1' }] }); // prettier-ignore
    expect(withSamplesAxis(withSamplesAxis({ stepped: false }, true), false)).toEqual({ stepped: false });
    expect(withoutGuessing({ features: { kind: 'mfcc' }, normalise: { mean: [0], std: [1] }, samplesAxis: 0 })).toEqual({ samplesAxis: 0 }); // prettier-ignore
  });

  it('fixes the size of a call that the file leaves open, or guesses it', () => {
    const vad = { ...overview, inputs: [tensor('input', [-1, -1]), tensor('state', [2, -1, 128])], outputs: [tensor('output', [-1, 1]), tensor('stateN', [2, -1, 128])] }; // prettier-ignore
    const guessed = dataForm(vad, {});
    expect(guessed.callSize).toBe(576);
    expect(steppedText(guessed)).toBe('stepped: 576 values a call, state state from stateN (guess)');
    const chosen = dataForm(vad, withCallSize({}, 512));
    expect(chosen).toMatchObject({ callSize: 512, features: { framing: { kind: 'frames', window: 512, hop: 512 } } });
    expect(withCallSize({ callSize: 512 }, 0)).toEqual({});
    expect(dataForm(overview, {}).callSize).toBe(null);
    expect([512, 0, 1.5, '512', 1e9].map((callSize) => isDataOptions({ callSize }))).toEqual([true, false, false, false, false]);
  });

  it('is kept by the editor only where it is one', () => {
    expect(isDataOptions({})).toBe(true);
    expect(isDataOptions({ features: { kind: 'mfcc', window: '25ms', hop: 160 }, statePairs: [{ input: 'a', output: 'b' }], stepped: true, samplesAxis: 0, normalise: { mean: [1], std: [2] } })).toBe(true); // prettier-ignore
    for (const no of [null, [], { more: 1 }, { features: { a: {} } }, { samplesAxis: 1 }, { statePairs: [{ input: 'a' }] }, { normalise: { mean: [NaN], std: [] } }]) expect(isDataOptions(no)).toBe(false); // prettier-ignore
  });
});
