import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lostAtRails, sumLost } from '../../../worker/core/report/lostAtRails';

/** An int8 signal with 30 values at its low and 20 at its high rail, of a float path from `min` to `max`. */
const lost = (scale: number, zeroPoint: number, min: number, max: number, flat: object | null = null) =>
  lostAtRails({
    axis: { scale, zeroPoint },
    floatRange: { min, max },
    rails: { lowCode: -128, highCode: 127, low: 30, high: 20 },
    flat,
  });

describe('what is lost at the rails', () => {
  it('is what lies at a rail that float goes beyond', () => {
    expect(lost(0.1, 0, -20, 20)).toEqual({ low: 30, high: 20 });
    expect(lost(0.1, 0, -20, 12)).toEqual({ low: 30, high: 0 });
    expect(lost(0.1, 0, -3, 20)).toEqual({ low: 0, high: 20 });
    expect(sumLost(lost(0.1, 0, -20, 20))).toBe(50);
  });

  it('is nothing where float ends at the rail as well', () => {
    // Zeros of a ReLU; black and white of an image; a softmax, whose 1 is one code past the rail; a tanh.
    expect(lost(6 / 255, -128, 0, 6)).toEqual({ low: 0, high: 0 });
    expect(lost(1 / 127.5, -1, -1, 1)).toEqual({ low: 0, high: 0 });
    expect(lost(1 / 256, -128, 0, 1)).toEqual({ low: 0, high: 0 });
    expect(lost(1 / 128, 0, -1, 1)).toEqual({ low: 0, high: 0 });
  });

  it('is nothing at the ends of an activation, nor without rails or values', () => {
    expect(lost(2 ** -15, 0, -9, 9, {})).toEqual({ low: 0, high: 0 });
    expect(lost(0.1, 0, Infinity, -Infinity)).toEqual({ low: 0, high: 0 });
    const floats = { axis: { scale: 1, zeroPoint: 0 }, floatRange: { min: -9, max: 9 }, rails: null, flat: null };
    expect(lostAtRails(floats)).toBeNull();
    expect(sumLost(null)).toBe(0);
  });

  it('begins past one code, whatever scale and zero point', () => {
    const scales = fc.double({ min: 1e-6, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(scales, fc.integer({ min: -128, max: 127 }), (scale, zeroPoint) => {
        const high = scale * (127 - zeroPoint);
        expect(lost(scale, zeroPoint, 0, high + 0.99 * scale)?.high).toBe(0);
        expect(lost(scale, zeroPoint, 0, high + 1.01 * scale)?.high).toBe(20);
      }),
    );
  });
});
