import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binOf, rebin, type HistogramData } from '../../webview/charts/histogramData';
import { layoutHistogram, type HistogramOptions } from '../../webview/charts/histogramLayout';
import { overlap, placeLabels, type Box } from '../../webview/charts/placeLabels';
import { textWidth } from '../../webview/charts/textWidth';

const box = fc.record({
  x: fc.integer({ min: -50, max: 500 }),
  y: fc.integer({ min: -50, max: 100 }),
  width: fc.integer({ min: 1, max: 120 }),
  height: fc.integer({ min: 1, max: 20 }),
});

describe('placing labels', () => {
  test('what is placed is inside, meets no obstacle and no other label; what fits nowhere is left out', () => {
    const bounds: Box = { x: 0, y: 0, width: 400, height: 60 };
    fc.assert(
      fc.property(
        fc.array(fc.array(box, { maxLength: 4 }), { maxLength: 6 }),
        fc.array(box, { maxLength: 3 }),
        (labels, obstacles) => {
          const placed = placeLabels(labels, bounds, obstacles);
          const boxes = placed.flatMap((index, k) => labels[k]?.[index] ?? []);
          for (const [k, one] of boxes.entries()) {
            expect(one.x >= 0 && one.y >= 0 && one.x + one.width <= 400 && one.y + one.height <= 60).toBe(true);
            for (const other of [...obstacles, ...boxes.slice(k + 1)]) expect(overlap(one, other)).toBe(false);
          }
          placed.forEach((index, k) => {
            if (index >= 0) return;
            for (const option of labels[k] ?? []) {
              const inside = option.x >= 0 && option.y >= 0 && option.x + option.width <= 400 && option.y + option.height <= 60;
              expect(inside && ![...obstacles, ...boxes].some((other) => overlap(option, other))).toBe(false);
            }
          });
        },
      ),
    );
  });
});

/** Rails anywhere in or outside an axis of codes, with any counts: what reports can hold. */
const histogram: fc.Arbitrary<HistogramOptions> = fc
  .record({
    int8: fc.boolean(),
    scale: fc.constantFrom(2 ** -15, 2 ** -12, 0.0078, 0.11, 3),
    zeroPoint: fc.integer({ min: -128, max: 127 }),
    bins: fc.integer({ min: 1, max: 150 }),
    first: fc.integer({ min: -60000, max: 60000 }),
    codesPerBin: fc.integer({ min: 1, max: 900 }),
    low: fc.integer({ min: 0, max: 100000 }),
    high: fc.integer({ min: 0, max: 100000 }),
    beyond: fc.tuple(fc.double({ min: 0, max: 30, noNaN: true }), fc.double({ min: 0, max: 30, noNaN: true })),
    width: fc.integer({ min: 240, max: 1200 }),
    height: fc.integer({ min: 110, max: 400 }),
    counts: fc.constantFrom('linear' as const, 'log' as const),
    seed: fc.integer({ min: 0, max: 1000 }),
  })
  .map(({ int8, scale, zeroPoint, bins, first, codesPerBin, low, high, beyond, seed, ...rest }) => {
    const zero = int8 ? zeroPoint : 0;
    const start = int8 ? Math.round(first / 300) : first;
    const step = int8 ? Math.ceil(codesPerBin / 300) : codesPerBin;
    const edges = Array.from({ length: bins + 1 }, (_, k) => scale * (start + k * step - zero - 0.5));
    const counts = edges.slice(1).map((_, k) => (k * 7919 + seed) % 1013);
    const [lowCode, highCode] = int8 ? [-128, 127] : [-32768, 32767];
    const lowReal = scale * (lowCode - zero);
    const highReal = scale * (highCode - zero);
    return {
      ...rest,
      data: { edges, float: counts, int8: counts },
      values: Math.max(1, low + high) * 3,
      rails: { lowCode, highCode, lowReal, highReal, low, high },
      codes: { scale, zeroPoint: zero },
      floatRange: [lowReal - beyond[0], highReal + beyond[1]] as const,
    };
  });

describe('large histogram', () => {
  test('labels at the rails meet neither each other nor a rail, and stay in the picture', () => {
    fc.assert(
      fc.property(histogram, (options) => {
        const layout = layoutHistogram(options);
        for (const [k, label] of layout.labels.entries()) {
          expect(label.box.x + layout.left).toBeGreaterThanOrEqual(0);
          expect(label.box.x + label.box.width + layout.left).toBeLessThanOrEqual(options.width);
          expect(label.box.y + layout.top).toBeGreaterThanOrEqual(0);
          for (const other of layout.labels.slice(k + 1)) expect(overlap(label.box, other.box)).toBe(false);
          for (const rail of layout.rails) {
            expect(label.box.x >= rail.x || label.box.x + label.box.width <= rail.x).toBe(true);
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  test('labels of an axis do not meet', () => {
    fc.assert(
      fc.property(histogram, (options) => {
        const layout = layoutHistogram(options);
        for (const axis of [layout.realTicks, layout.codeAxis?.labels ?? []]) {
          const spans = axis
            .map(({ x, text }) => ({
              from: x - textWidth(text, 10.5, { mono: true }) / 2,
              to: x + textWidth(text, 10.5, { mono: true }) / 2,
            }))
            .sort((a, b) => a.from - b.from);
          spans.slice(1).forEach((span, k) => expect(span.from).toBeGreaterThan(spans[k]?.to ?? 0));
        }
        const ticks = layout.countTicks.map(({ y }) => y);
        ticks.slice(1).forEach((y, k) => expect((ticks[k] ?? 0) - y).toBeGreaterThanOrEqual(11));
      }),
      { numRuns: 400 },
    );
  });

  test('both rails are named where there is room: shares, counts and how far float goes', () => {
    const edges = Array.from({ length: 151 }, (_, k) => -12 + (k * 30) / 150);
    const data = { edges, float: edges.slice(1).map(() => 40), int8: edges.slice(1).map(() => 40) };
    const rails = { lowCode: -32768, highCode: 32767, lowReal: -8, highReal: 7.99975, low: 620, high: 58980 };
    const { labels } = layoutHistogram({
      width: 534,
      height: 198,
      data,
      values: 217056,
      rails,
      codes: { scale: 2 ** -12, zeroPoint: 0 },
      floatRange: [-12, 17.53],
    });
    expect(labels.map(({ text }) => text.replaceAll('\u00a0', ' '))).toEqual([
      '27.2 %',
      '58,980 at the rail',
      '0.29 %',
      '620 at the rail',
      'float goes on to 17.5',
      'to −12.0',
    ]);
  });

  test('no rail is drawn where nothing is lost', () => {
    const data = { edges: [0, 1, 2], float: [5, 5], int8: [5, 5] };
    const rails = { lowCode: -128, highCode: 127, lowReal: 0.5, highReal: 1.5, low: 5, high: 5 };
    const base = { width: 500, height: 200, data, values: 10, rails, codes: null, floatRange: null };
    expect(layoutHistogram(base).rails.map(({ side }) => side)).toEqual(['low', 'high']);
    expect(layoutHistogram({ ...base, lossless: { low: true, high: false } }).rails.map(({ side }) => side)).toEqual(['high']);
  });
});

describe('bins', () => {
  const data: fc.Arbitrary<HistogramData> = fc.array(fc.nat(1000), { minLength: 1, maxLength: 200 }).map((counts) => ({
    edges: [0, ...counts.map((_, k) => k + 1)],
    float: counts,
    int8: counts.map((count) => count * 2),
  }));
  const sum = (values: readonly number[] | null): number => (values ?? []).reduce((a, b) => a + b, 0);

  test('joining keeps every count and both ends', () => {
    fc.assert(
      fc.property(data, fc.integer({ min: 1, max: 60 }), (full, most) => {
        const joined = rebin(full, most);
        expect(joined.float.length).toBeLessThanOrEqual(most);
        expect(joined.edges.length).toBe(joined.float.length + 1);
        expect([sum(joined.float), sum(joined.int8)]).toEqual([sum(full.float), sum(full.int8)]);
        expect([joined.edges[0], joined.edges.at(-1)]).toEqual([full.edges[0], full.edges.at(-1)]);
      }),
    );
  });

  test('a value is found in the bin a search from the left finds', () => {
    fc.assert(
      fc.property(data, fc.double({ min: -5, max: 210, noNaN: true }), ({ edges }, value) => {
        const last = edges.length - 2;
        const plain = edges.findIndex((edge, k) => k <= last && value >= edge && value < (edges[k + 1] ?? 0));
        expect(binOf(edges, value)).toBe(value === edges[last + 1] ? last : plain);
      }),
    );
  });
});
