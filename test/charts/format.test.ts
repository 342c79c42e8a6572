import { describe, expect, test } from 'vitest';
import * as format from '../../webview/charts/format';

/** Units stand after a no-break space; plain spaces keep the tables below readable. */
const spaced = (text: string): string => text.replaceAll(' ', '\u00a0');

describe('numbers as people read them', () => {
  test.each([
    [36.94, false, '36.9'],
    [-3.05, false, '−3.0'],
    [-0.04, false, '0.0'],
    [null, false, '–'],
    [null, true, 'exact'],
    [120, true, 'exact'],
  ])('decibel %s, exact %s: %s', (value, exact, text) => {
    expect(format.decibel(value, exact)).toBe(text);
  });

  test.each([
    [2.45, '+2.5'],
    [0.04, '0.0'],
    [-0.04, '0.0'],
    [-0.5, '−0.5'],
    [null, '–'],
  ])('gain %s: %s', (value, text) => {
    expect(format.gain(value)).toBe(text);
  });

  test.each([
    [0, '0 %'],
    [0.00004, '<0.01 %'],
    [0.0088, '0.88 %'],
    [0.00994, '0.99 %'],
    [0.00996, '1.0 %'],
    [0.2748, '27.5 %'],
    [1, '100.0 %'],
  ])('percent %s: %s', (share, text) => {
    expect(format.percent(share)).toBe(spaced(text));
  });

  test.each([
    [25486, 66600, '38.3 %'],
    [179, 217056, '179'],
    [0, 217056, '0'],
    [1, 999, '0.10 %'],
    [1234, 12340000, '1,234'],
    [0, 0, '0'],
  ])('%s of %s: %s', (part, values, text) => {
    expect(format.shareOrCount(part, values)).toBe(spaced(text));
    expect(format.isCount(part, values)).toBe(!text.includes('%'));
  });

  test.each([
    [0, '0'],
    [-4.6889, '−4.69'],
    [17.53, '17.5'],
    [0.0157, '0.0157'],
    [9.999, '10.0'],
    [12345, '12,300'],
    [1234567, '1,230,000'],
    [0.000001, '1.00e−6'],
    [-2.5e12, '−2.50e12'],
  ])('real %s: %s', (value, text) => {
    expect(format.real(value)).toBe(text);
  });

  test.each([
    [2 ** -13, '0.00012207'],
    [0.0293964, '0.029396'],
    [1, '1.0000'],
  ])('scale %s: %s', (value, text) => {
    expect(format.scale(value)).toBe(text);
  });

  test.each([
    [7.99975, '8'],
    [-8, '−8'],
    [0.75, '0.75'],
    [10, '10'],
    [100, '100'],
    [0.3, '0.3'],
  ])('bound %s: %s', (value, text) => {
    expect(format.bound(value)).toBe(text);
  });

  test.each([
    [-32768, false, '−32,768'],
    [32767, true, '+32,767'],
    [0, true, '0'],
    [-11, true, '−11'],
  ])('code %s: %s', (value, plus, text) => {
    expect(format.code(value, plus)).toBe(text);
  });

  test('counts, ticks, bytes, formats', () => {
    expect(format.count(217056)).toBe('217,056');
    expect([1, 10, 1000, 10000, 1000000, 1e9].map(format.countTick)).toEqual(['1', '10', '1k', '10k', '1M', '1G']);
    expect(format.byteCount(1)).toBe(spaced('1 byte'));
    expect(format.byteCount(167600)).toBe(spaced('167,600 bytes'));
    expect(format.qFormat(2)).toBe('Q2.13');
    expect(format.signedReal(4.06)).toBe('+4.06');
  });

  test('no unit after words', () => {
    expect(format.withUnit('36.9', 'dB')).toBe(spaced('36.9 dB'));
    expect(format.withUnit('exact', 'dB')).toBe('exact');
    expect(format.withUnit(format.NOT_MEASURED, 'dB')).toBe('–');
  });
});
