import { describe, expect, it } from 'vitest';
import type { Effect } from '../../../worker/core/fix/effect';
import { DEFAULT_SETTINGS, PLAIN_RECIPE } from '../../../worker/core/fix/editRecipe';
import type { FixRow } from '../../../worker/core/fix/fixRows';
import { draftLabel, draftOf, parseNumber, withDraft } from '../../../webview/views/fix/draft';
import { changeText, settingsLabel, triedText } from '../../../webview/views/fix/effects';
import { formatLabel, rowLabel, tableRows } from '../../../webview/views/fix/rows';

const row: FixRow = {
  ...{ id: 'op 0 0', kind: 'tensor', gate: null, key: 'lstm0/output', operatorKey: 'lstm0/output', op: 0, opName: 'LSTM' },
  ...{ lstm: 'lstm0', tensor: 3, seen: { min: -3.4, max: 3.74, inner: null, values: 10 }, fixed: null, can16: true },
  format: { dtype: 'int8', scale: 0.027995, zeroPoint: -6, low: -3.42, high: 3.72 },
  place: { kind: 'op', op: 0, signal: 'h' },
};
const cell: FixRow = {
  ...row,
  id: 'op 0 c',
  kind: 'cell',
  format: { dtype: 'int16', scale: 2 ** -12, zeroPoint: 0, low: -8, high: 8 },
};
const effect = (sqnrDb: number, errors: number): Effect => ({
  ...{ samples: 8, complete: true, synthetic: false, sqnrDb, exact: false, rmse: 0.1, maxAbs: 1 },
  task: { unit: 'digits', total: 34, errors, floatErrors: 0 },
});

describe('a value on the Fix screen', () => {
  it('is named by what it is part of, and by its format', () => {
    expect([row, cell].map(rowLabel)).toEqual(['lstm0, output h', 'lstm0, cell c']);
    expect([row, cell, { ...row, format: null }].map(formatLabel)).toEqual(['int8', 'Q3.12', 'float']);
  });

  it('is marked when the recipe says something of it', () => {
    const recipe = { ...PLAIN_RECIPE, lstms: { 'lstm0/output': { cellExponent: 4 } }, keepFloat: ['lstm0/output'] };
    expect(tableRows([row, cell], recipe, null).map(({ isChanged, isKeptFloat }) => [isChanged, isKeptFloat])).toEqual([
      [true, true],
      [true, true],
    ]);
    expect(tableRows([row, cell], PLAIN_RECIPE, null).some(({ isChanged }) => isChanged)).toBe(false);
  });

  it('starts from what is held now, and says nothing until something is entered', () => {
    const draft = draftOf(PLAIN_RECIPE, row);
    expect(draft).toMatchObject({ by: 'observer', observer: '', min: '−3.42', max: '3.72' });
    expect(withDraft(PLAIN_RECIPE, row, draft)).toEqual({ recipe: PLAIN_RECIPE });
  });

  it('takes a range with either minus, and says what is wrong with another', () => {
    const draft = { ...draftOf(PLAIN_RECIPE, row), by: 'range', min: '-4', max: '+4.5' } as const;
    expect(withDraft(PLAIN_RECIPE, row, draft)).toEqual({
      recipe: { ...PLAIN_RECIPE, tensors: { 'lstm0/output': { range: [-4, 4.5] } } },
    });
    expect(draftLabel(row, draft, draftOf(PLAIN_RECIPE, row))).toBe('lstm0, output h: −4 to 4.5');
    const problems = [{ min: 'x' }, { min: '5' }, { min: '4.5' }].map((change) =>
      withDraft(PLAIN_RECIPE, row, { ...draft, ...change }),
    );
    expect(problems).toEqual([
      { problem: 'A range has two numbers, such as −4 and 4.' },
      { problem: 'The lower end, 5, lies above the upper one, +4.5.' },
      { problem: 'A range without extent gives no scale.' },
    ]);
    expect(['−1e-3', '1,200', '.5', '', '1e99', '0x10', 'NaN'].map(parseNumber)).toEqual([
      -0.001,
      1200,
      0.5,
      null,
      null,
      null,
      null,
    ]);
  });

  it('takes a cell’s format, 16 bits, and a whole operator in float', () => {
    const exponent = { ...draftOf(PLAIN_RECIPE, cell), exponent: '4' };
    expect(withDraft(PLAIN_RECIPE, cell, exponent)).toEqual({
      recipe: { ...PLAIN_RECIPE, lstms: { 'lstm0/output': { cellExponent: 4 } } },
    });
    expect(draftLabel(cell, exponent, draftOf(PLAIN_RECIPE, cell))).toBe('lstm0, cell c: Q4.11');
    const wide = { ...draftOf(PLAIN_RECIPE, row), bits: 16 as const, keepFloat: true };
    expect(withDraft(PLAIN_RECIPE, row, wide)).toEqual({
      recipe: { ...PLAIN_RECIPE, tensors: { 'lstm0/output': { bits: 16 } }, keepFloat: ['lstm0/output'] },
    });
  });
});

describe('an effect in words', () => {
  it('tells dB and errors', () => {
    expect(changeText(effect(41.3, 2), effect(40.6, 3))).toBe('+0.7\u00a0dB, 1 error fewer');
    expect(changeText(effect(30, 5), effect(40.6, 3))).toBe('−10.6\u00a0dB, 2 errors more');
    expect(triedText({ id: 'a', effect: effect(41.3, 3), byteLength: 1 }, effect(40.6, 3))).toBe(
      '+0.7\u00a0dB · 41.3\u00a0dB at the output · 3 of 34 digits wrong',
    );
    expect(triedText({ id: 'a', effect: null, reason: 'Not so.' }, null)).toBe('Not so.');
  });

  it('names a step by the settings that changed', () => {
    expect(settingsLabel(DEFAULT_SETTINGS, null, 'calibration.npz')).toBe('Quantized with calibration.npz');
    expect(settingsLabel({ ...DEFAULT_SETTINGS, scheme: 'hybrid' }, null, '')).toBe('Quantized, hybrid');
    expect(settingsLabel({ ...DEFAULT_SETTINGS, observer: 'mse', outputs: 'float32' }, DEFAULT_SETTINGS, '')).toBe(
      'Least square error, float32 outputs',
    );
  });
});
