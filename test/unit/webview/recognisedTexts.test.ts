import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { formText, foundText } from '../../../webview/views/overview/recognisedTexts';
import { readModel } from '../../../worker/core/formats/readModel';
import { recognisedInfos } from '../../../worker/core/report/recognisedInfo';
import { describeShared } from '../../shared';

describeShared('the panel of cells in small operators', (shared) => {
  const cellsOf = (path: string) => {
    const bytes = new Uint8Array(readFileSync(join(shared, 'data', path)));
    return recognisedInfos(readModel({ name: path, bytes }));
  };

  it('counts what was found in how many operators', () => {
    const cells = cellsOf('keras3/bidirectional-unrolled-int8.tflite');
    expect(foundText(cells)).toBe('2 LSTMs found in 826 small operators.');
    expect(cells.map(formText)).toEqual(['unrolled, 28 steps in 413 operators, backward', 'unrolled, 28 steps in 413 operators']);
    // As it is, it cannot be fused; as cells of floats, it can be shown.
    expect(cells.map(({ isFusable, shown }) => [isFusable, shown.isShown])).toEqual([
      [false, true],
      [false, true],
    ]);
  });

  it('tells loops, single steps with their state outside, and what stays', () => {
    expect(cellsOf('keras3/lstm-while-dynamic.tflite').map(formText)).toEqual(['WHILE loop, 28 steps of 15 operators']);
    const [first] = cellsOf('tflite/dtln_model_quant_1.tflite');
    expect(first && formText(first)).toBe('one step in 14 operators');
    expect(first?.shown).toEqual({
      isShown: true,
      text: '14 operators became UNIDIRECTIONAL_SEQUENCE_LSTM. Its int8 weights are kept. Its state, which came in by input_3 and went out by Identity_1, is kept inside.',
    });
    const [hard] = cellsOf('keras3/lstm-hard-while-float.tflite');
    expect(hard && formText(hard)).toBe('WHILE loop, 28 steps of 18 operators, hard sigmoid');
    expect([hard?.isFusable, hard?.shown.isShown]).toEqual([false, true]);
  });
});
