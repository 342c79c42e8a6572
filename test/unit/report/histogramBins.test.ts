import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addCodes, addReals, emptyHistogram, REAL_AXIS, type ValueAxis } from '../../../worker/core/analysis/valueHistogram';
import { rangeOf } from '../../../worker/core/analysis/valueRange';
import { reportHistogram } from '../../../worker/core/report/histogramBins';
import { int16Codes, reals } from '../analysis/arbitraries';

const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);

describe('bins of a report', () => {
  it('keep every value, on ascending edges, in at most the number of bins asked for', () => {
    const axis: ValueAxis = { scale: 2 ** -12, zeroPoint: 0, codes: true };
    fc.assert(
      fc.property(reals, int16Codes, fc.constantFrom(100, 10_000), (floats, codes, values) => {
        const float = emptyHistogram(axis);
        addReals(float, floats, rangeOf(floats));
        const quantized = emptyHistogram(axis);
        addCodes(quantized, codes, rangeOf(codes));
        const { edges, float: floatCounts, int8 } = reportHistogram(float, quantized, values, -32768);
        expect(sum(floatCounts)).toBe(floats.length);
        expect(sum(int8 ?? [])).toBe(codes.length);
        expect(edges.length).toBe(floatCounts.length + 1);
        expect(int8?.length).toBe(floatCounts.length);
        expect(edges.every((edge, index) => index === 0 || edge > edges[index - 1]!)).toBe(true);
        expect(floatCounts.length).toBeLessThanOrEqual(values < 5000 ? 50 : 150);
        expect(edges[0]).toBeLessThanOrEqual(Math.min(...floats));
        expect(edges.at(-1)).toBeGreaterThanOrEqual(Math.max(...floats));
      }),
    );
  });

  it('of int8 over its whole range hold two codes each and begin at the rail', () => {
    const axis: ValueAxis = { scale: 0.5, zeroPoint: 0, codes: true };
    const codes = Int8Array.from({ length: 256 }, (_, i) => i - 128);
    const quantized = emptyHistogram(axis);
    addCodes(quantized, codes, rangeOf(codes));
    const { edges, int8 } = reportHistogram(emptyHistogram(axis), quantized, 6000, -128);
    expect(int8).toEqual(new Array(128).fill(2));
    expect([edges[0], edges[1], edges.at(-1)]).toEqual([-64.25, -63.25, 63.75]);
  });

  it('go on beyond the rails where float does', () => {
    const axis: ValueAxis = { scale: 1, zeroPoint: 0, codes: true };
    const float = emptyHistogram(axis);
    const floats = Float32Array.of(-300, 0, 500);
    addReals(float, floats, rangeOf(floats));
    const quantized = emptyHistogram(axis);
    const codes = Int8Array.of(-128, 0, 127);
    addCodes(quantized, codes, rangeOf(codes));
    const { edges, int8 } = reportHistogram(float, quantized, 6000, -128);
    expect(edges[0]).toBeLessThanOrEqual(-300);
    expect(edges.at(-1)).toBeGreaterThanOrEqual(500);
    // The low rail is the first code of its bin.
    expect(edges).toContain(-128.5);
    expect(int8?.[edges.indexOf(-128.5)]).toBe(1);
  });

  it('are none where nothing was counted', () => {
    expect(reportHistogram(emptyHistogram(REAL_AXIS), null, 0, null)).toEqual({ edges: [], float: [], int8: null });
  });
});
