import { expect, it } from 'vitest';
import { readModel } from '../../worker/core/formats/readModel';
import { SpeechQuantizer } from '../paper/speech/quantizeSpeech';
import { Recognizer } from '../paper/speech/recognizer';
import { SETS, SpeechDigits } from '../paper/speech/speechDigits';
import { describeShared } from '../shared';
import { differences } from './recipeCase';

/** `npm run paper-table` checks all 32. */
const NAMES = ['lstm-proj-peep', 'cifg-ln-sparse', 'cifg-proj'];

describeShared('speech-digits: quantized by our own recipe, calibrated as TensorFlow Lite does', (shared) => {
  const speech = new SpeechDigits(shared);

  it.each(NAMES)('%s: the same tensors, and as many wrong digits on every set', async (name) => {
    const quantizer = new SpeechQuantizer(speech.floatFile(name));
    const calibration = await quantizer.calibrate(speech.calibration, 'as-tflite');
    const { model } = quantizer.integer(calibration);
    const { compared, differing } = differences({ graphs: [{ graph: model.graphs[0]! }] }, readModel(speech.quantizedFile(name)));
    expect(differing).toEqual([]);
    expect(compared).toBeGreaterThan(30);
    const recognizer = new Recognizer(model, 'int8');
    const reference = speech.referenceErrors(name);
    for (const set of SETS) expect([set, recognizer.errorsOn(speech.set(set))]).toEqual([set, reference[set].int8.edits]);
  });
});
