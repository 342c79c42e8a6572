import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accumulatorHeadroom } from '../../../worker/core/formula/accumulatorHeadroom';
import { readModel } from '../../../worker/core/formats/readModel';
import { buildOperator, type OperatorSpec } from '../../lstmBuilder';
import { describeShared } from '../../shared';
import { readFileSync } from 'node:fs';

function headroomOf(spec: OperatorSpec) {
  const { graph, operator } = buildOperator(spec);
  return accumulatorHeadroom(graph, operator);
}

describe('accumulatorHeadroom', () => {
  const layer = fc.record({
    depth: fc.integer({ min: 1, max: 5 }),
    channels: fc.integer({ min: 1, max: 4 }),
    zeroPoint: fc.integer({ min: -128, max: 127 }),
    seed: fc.array(fc.integer({ min: -128, max: 127 }), { minLength: 20, maxLength: 20 }),
    bias: fc.array(fc.integer({ min: -100_000, max: 100_000 }), { minLength: 4, maxLength: 4 }),
  });

  it.each([
    [
      'FULLY_CONNECTED',
      (depth: number, channels: number) => [channels, depth],
      (c: number, k: number, depth: number) => c * depth + k,
    ],
    [
      'CONV_2D',
      (depth: number, channels: number) => [channels, 1, 1, depth],
      (c: number, k: number, depth: number) => c * depth + k,
    ],
    [
      'DEPTHWISE_CONV_2D',
      (depth: number, channels: number) => [1, 1, depth, channels],
      (c: number, k: number, _: number, channels: number) => k * channels + c,
    ],
  ] as const)('of %s is the largest sum of any channel, and is reached at the ends of the input', (name, shapeOf, place) => {
    const property = fc.property(layer, ({ depth, channels, zeroPoint, seed, bias }) => {
      const values = Int8Array.from(seed.slice(0, depth * channels));
      const found = headroomOf({
        name,
        operands: [
          { shape: [1, depth], dtype: 'int8', scale: 0.1, zeroPoint },
          { shape: shapeOf(depth, channels), dtype: 'int8', scale: 0.1, zeroPoint: 0, values },
          { shape: [channels], dtype: 'int32', values: Int32Array.from(bias.slice(0, channels)) },
        ],
        outputs: [{ shape: [1, channels], dtype: 'int8', scale: 0.1, zeroPoint: 0 }],
        options: {},
      });
      let [bound, low, high] = [0, Infinity, -Infinity];
      for (let c = 0; c < channels; c++) {
        let [most, top, bottom] = [Math.abs(bias[c]!), bias[c]!, bias[c]!];
        for (let k = 0; k < depth; k++) {
          const ends = [-128, 127].map((x) => (x - zeroPoint) * values[place(c, k, depth, channels)]!);
          most += Math.max(...[-128, 127].map((x) => Math.abs(x - zeroPoint))) * Math.abs(values[place(c, k, depth, channels)]!);
          top += Math.max(...ends);
          bottom += Math.min(...ends);
        }
        [bound, low, high] = [Math.max(bound, most), Math.min(low, bottom), Math.max(high, top)];
      }
      expect(found).toMatchObject({ depth, channels, bound, accumulator: 'int32', limit: 2147483647 });
      expect(found?.reach).toEqual([low + 0, high + 0]);
      expect(Math.max(-low, high)).toBeLessThanOrEqual(bound);
    });
    fc.assert(property, { numRuns: 100 });
  });

  it('is negative where a sum can wrap around', () => {
    const depth = 70_000;
    const found = headroomOf({
      name: 'FULLY_CONNECTED',
      operands: [
        { shape: [1, depth], dtype: 'int8', scale: 0.1, zeroPoint: -128 },
        { shape: [1, depth], dtype: 'int8', scale: 0.1, zeroPoint: 0, values: new Int8Array(depth).fill(127) },
        null,
      ],
      outputs: [{ shape: [1, 1], dtype: 'int8', scale: 0.1, zeroPoint: 0 }],
      options: {},
    });
    expect(found).toMatchObject({
      largestInput: 255,
      bound: 70_000 * 127 * 255,
      worst: { channel: 0, sumOfWeights: 70_000 * 127, bias: 0 },
    });
    expect(found?.freeBits).toBeCloseTo(Math.log2(2147483647 / (70_000 * 127 * 255)), 9);
    expect(found?.freeBits).toBeLessThan(0);
  });

  it('is not told where weights are computed, or values are reals', () => {
    const dense = (weights: OperatorSpec['operands'][number], dtype: 'int8' | 'float32') =>
      headroomOf({
        name: 'FULLY_CONNECTED',
        operands: [{ shape: [1, 2], dtype, scale: 0.1, zeroPoint: 0 }, weights],
        outputs: [{ shape: [1, 1], dtype, scale: 0.1, zeroPoint: 0 }],
        options: {},
      });
    expect(dense({ shape: [1, 2], dtype: 'int8', scale: 0.1, zeroPoint: 0 }, 'int8')).toBe(null);
    expect(dense({ shape: [1, 2], dtype: 'int8', scale: 0.1, values: Int8Array.of(1, 2) }, 'float32')).toBe(null);
  });
});

describeShared('headroom of a real model', (shared) => {
  it('leaves bits free in every layer of a MobileNet', () => {
    const path = `${shared}/data/tflite/mobilenet_v1_0.25_224_quant.tflite`;
    const model = readModel({ name: 'mobilenet', bytes: new Uint8Array(readFileSync(path)) });
    const graph = model.graphs[0]!;
    const found = graph.operators.flatMap((operator) => accumulatorHeadroom(graph, operator) ?? []);
    expect(found.length).toBeGreaterThan(25);
    for (const { freeBits, channels } of found) {
      expect(freeBits).toBeGreaterThan(3);
      expect(channels).toBeGreaterThan(1);
    }
  });
});
