import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addErrors, emptyErrors, errorFigures, mergeErrors } from '../../../worker/core/analysis/errorSums';
import { addFlat, emptyFlat } from '../../../worker/core/analysis/flatCounts';
import { addRails, emptyRails } from '../../../worker/core/analysis/railCounts';
import { addSignal, emptySignal, mergeSignal, type SignalFormat } from '../../../worker/core/analysis/signalSums';
import { rangeOf } from '../../../worker/core/analysis/valueRange';
import { cut, fractions, int16Codes } from './arbitraries';

const q312: SignalFormat = {
  dtype: 'int16',
  quantization: { scales: Float32Array.of(2 ** -12), zeroPoints: Float64Array.of(0) },
  activation: null,
};
const q015: SignalFormat = {
  dtype: 'int16',
  quantization: { scales: Float32Array.of(2 ** -15), zeroPoints: Float64Array.of(0) },
  activation: 'sigmoid',
};

describe('error sums', () => {
  it('give the textbook figures', () => {
    const sums = emptyErrors();
    addErrors(sums, Float32Array.of(1, -2, 3, 0), Int8Array.of(3, -4, 6, 1), 0.5, 0);
    expect(errorFigures(sums)).toEqual({
      values: 4,
      sqnrDb: 10 * Math.log10(14 / 0.5),
      exact: false,
      rmse: Math.sqrt(0.5 / 4),
      maxAbs: 0.5,
      cosine: (1.5 + 4 + 9) / Math.sqrt(14 * (2.25 + 4 + 9 + 0.25)),
      meanError: 1 / 4,
    });
  });

  it('are exact only when no value differs', () => {
    const sums = emptyErrors();
    addErrors(sums, Float32Array.of(1, -2), Float32Array.of(1, -2), 1, 0);
    expect(errorFigures(sums)).toMatchObject({ exact: true, sqnrDb: null, rmse: 0 });
    addErrors(sums, Float32Array.of(1), Float32Array.of(1.0000001), 1, 0);
    expect(errorFigures(sums)).toMatchObject({ exact: false, values: 3 });
  });

  it('dequantize as the runtimes do, in float32, so that data given as codes has no error', () => {
    const scale = Math.fround(0.0293964);
    const codes = Int8Array.from({ length: 256 }, (_, i) => i - 128);
    const floats = Float32Array.from(codes, (q) => scale * (q + 11));
    const sums = emptyErrors();
    addErrors(sums, floats, codes, scale, -11);
    expect(sums.differing).toBe(0);
  });

  it('leave out pairs that are not finite, and only these', () => {
    const sums = emptyErrors();
    addErrors(sums, Float32Array.of(1, NaN, 2, Infinity), Float32Array.of(1.5, 1, NaN, 3), 1, 0);
    expect(errorFigures(sums)).toMatchObject({ values: 1, maxAbs: 0.5, rmse: 0.5 });
  });

  it('say nothing where nothing was compared', () => {
    expect(errorFigures(emptyErrors())).toBeNull();
  });
});

describe('rails and flat zones', () => {
  it('count the ends of the type only', () => {
    const codes = Int8Array.of(-128, -127, 127, 127, 126, 0);
    const rails = emptyRails([-128, 127]);
    addRails(rails, codes, rangeOf(codes));
    expect(rails).toMatchObject({ low: 1, high: 2 });
  });

  it('count sigmoid at 0 and 32,767 and tanh at both ends, reals by the same limits', () => {
    const codes = Int16Array.of(0, 1, 32767, 32766, -32767, -32768);
    const sigmoid = emptyFlat('sigmoid');
    addFlat(sigmoid, codes.subarray(0, 4), 2 ** -15, rangeOf(codes.subarray(0, 4)));
    expect(sigmoid).toMatchObject({ low: 1, high: 1 });
    const tanh = emptyFlat('tanh');
    addFlat(tanh, codes, 2 ** -15, rangeOf(codes));
    expect(tanh).toMatchObject({ low: 2, high: 1 });
    const reals = Float32Array.from(codes, (q) => q / 32768);
    const real = emptyFlat('tanh');
    addFlat(real, reals, 1, rangeOf(reals));
    expect(real).toEqual(tanh);
  });
});

describe('signal sums', () => {
  it.each([
    ['before activation', q312],
    ['activated', q015],
  ])('of two halves merge to those of the whole, %s', (_, format) => {
    const samples = int16Codes.chain((codes) =>
      fc.record({
        codes: fc.constant(codes),
        local: fc.constant(codes.map((q) => Math.max(-32768, q - 1))),
        noise: fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: codes.length, maxLength: codes.length }),
      }),
    );
    fc.assert(
      fc.property(samples, fractions, ({ codes, local, noise }, at) => {
        const scale = format.quantization?.scales[0] ?? 1;
        const floats = Float32Array.from(codes, (q, i) => q * scale + noise[i]!);
        const whole = emptySignal(format, true);
        addSignal(whole, floats, codes, local);
        const sum = emptySignal(format, true);
        const [f, q, l] = [cut(floats, at), cut(codes, at), cut(local, at)];
        f.forEach((part, i) => {
          const half = emptySignal(format, true);
          addSignal(half, part, q[i]!, l[i]!);
          mergeSignal(sum, half);
        });
        const { accumulated, local: localSums, ...counted } = sum;
        const { accumulated: wholeAccumulated, local: wholeLocal, ...wholeCounted } = whole;
        expect(counted).toEqual(wholeCounted);
        for (const [a, b] of [
          [accumulated, wholeAccumulated],
          [localSums, wholeLocal],
        ] as const) {
          expect([a.values, a.differing, a.maxAbs]).toEqual([b.values, b.differing, b.maxAbs]);
          for (const key of ['floatSquared', 'quantizedSquared', 'product', 'error', 'errorSquared'] as const) {
            expect(Math.abs(a[key] - b[key])).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(b[key])));
          }
        }
      }),
    );
  });

  it('add nothing to themselves from an empty half', () => {
    const whole = emptySignal(q312, true);
    addSignal(whole, Float32Array.of(0.5), Int16Array.of(2048), null);
    const before = structuredClone(whole);
    mergeSignal(whole, emptySignal(q312, true));
    expect(whole).toEqual(before);
    mergeErrors(whole.local, emptyErrors());
    expect(errorFigures(whole.local)).toBeNull();
  });
});
