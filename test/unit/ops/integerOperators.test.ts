import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantizeMultiplier } from '../../../worker/core/quantization/quantizeMultiplier';
import { elementCount } from '../../../worker/core/run/arrays';
import type { GraphOptions } from '../../../worker/core/run/graphRunner';
import { run, TFLITE, TFLM, int8, float32 } from './oneOperator';

/** The plain references: exact integers of any size, written from the formulas. */
const floorDivide = (a: bigint, b: bigint) => a / b - (a % b !== 0n && a < 0n !== b < 0n ? 1n : 0n);

/** Rounded once, ties towards +infinity. */
function rescaleOnce(x: bigint, factor: number): bigint {
  const { multiplier, shift } = quantizeMultiplier(factor);
  const right = BigInt(31 - shift);
  return floorDivide(x * BigInt(multiplier) + (1n << (right - 1n)), 1n << right);
}

/** Rounded at 2^31 (ties towards +infinity), then at the shift (ties away from zero). */
function rescaleTwice(x: bigint, factor: number): bigint {
  const { multiplier, shift } = quantizeMultiplier(factor);
  const left = BigInt.asIntN(32, x << BigInt(Math.max(shift, 0)));
  const high = floorDivide(left * BigInt(multiplier) + (1n << 30n), 1n << 31n);
  const divisor = 1n << BigInt(Math.max(-shift, 0));
  const half = divisor / 2n;
  return (high < 0n ? -1n : 1n) * (((high < 0n ? -high : high) + half) / divisor);
}

const clamp = (x: bigint, low = -128n, high = 127n) => Number(x < low ? low : x > high ? high : x);

const code = fc.integer({ min: -128, max: 127 });
const scale = fc.double({ min: 1e-3, max: 0.5, noNaN: true }).map(Math.fround);
const codes = (length: number) => fc.array(code, { minLength: length, maxLength: length });

describe('FULLY_CONNECTED int8', () => {
  const layer = fc
    .record({
      rows: fc.integer({ min: 1, max: 20 }),
      units: fc.integer({ min: 1, max: 9 }),
      depth: fc.integer({ min: 1, max: 40 }),
    })
    .chain(({ rows, units, depth }) =>
      fc.record({
        rows: fc.constant(rows),
        units: fc.constant(units),
        depth: fc.constant(depth),
        x: codes(rows * depth),
        w: codes(units * depth),
        bias: fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: units, maxLength: units }),
        scales: fc.tuple(scale, scale, scale),
        zeroPoints: fc.tuple(code, code),
      }),
    );

  it.each<[string, GraphOptions, (x: bigint, factor: number) => bigint]>([
    ['rounds once as TensorFlow Lite', TFLITE, rescaleOnce],
    ['rounds twice as TFLM', TFLM, rescaleTwice],
  ])('by SIMD kernels %s, like plain big integers', (_, options, rescale) => {
    fc.assert(
      fc.property(layer, ({ rows, units, depth, x, w, bias, scales: [sx, sw, sy], zeroPoints: [zx, zy] }) => {
        const [y] = run(
          {
            name: 'FULLY_CONNECTED',
            operands: [
              { shape: [rows, depth], dtype: 'int8', scale: sx, zeroPoint: zx },
              { shape: [units, depth], dtype: 'int8', scale: sw, values: Int8Array.from(w) },
              { shape: [units], dtype: 'int32', values: Int32Array.from(bias) },
            ],
            outputs: [{ shape: [rows, units], dtype: 'int8', scale: sy, zeroPoint: zy }],
            options: { fused_activation_function: 'NONE', keep_num_dims: false },
          },
          [int8([rows, depth], x)],
          options,
        );
        const factor = Math.fround(sx * sw) / sy;
        const expected = Array.from({ length: rows * units }, (_unused, index) => {
          const row = Math.floor(index / units);
          const unit = index % units;
          let sum = BigInt(bias[unit]!);
          for (let k = 0; k < depth; k++) sum += BigInt(x[row * depth + k]! - zx) * BigInt(w[unit * depth + k]!);
          return clamp(rescale(sum, factor) + BigInt(zy));
        });
        expect(Array.from(y?.data as Int8Array)).toEqual(expected);
      }),
    );
  });
});

describe('ADD, SUB and MUL int8', () => {
  const pair = fc.record({
    a: codes(12),
    b: codes(12),
    scales: fc.tuple(scale, scale, scale),
    zeroPoints: fc.tuple(code, code, code),
  });

  it.each(['ADD', 'SUB', 'MUL'])('%s like plain big integers', (name) => {
    fc.assert(
      fc.property(pair, ({ a, b, scales: [sa, sb, sy], zeroPoints: [za, zb, zy] }) => {
        const [y] = run(
          {
            name,
            operands: [
              { shape: [3, 4], dtype: 'int8', scale: sa, zeroPoint: za },
              { shape: [3, 4], dtype: 'int8', scale: sb, zeroPoint: zb },
            ],
            outputs: [{ shape: [3, 4], dtype: 'int8', scale: sy, zeroPoint: zy }],
            options: { fused_activation_function: 'NONE' },
          },
          [int8([3, 4], a), int8([3, 4], b)],
        );
        const common = 2 * Math.max(sa, sb);
        const expected = a.map((_, i) => {
          const p = BigInt(a[i]! - za);
          const q = BigInt(b[i]! - zb);
          if (name === 'MUL') return clamp(rescaleTwice(p * q, Math.fround(Math.fround(sa * sb) / sy)) + BigInt(zy));
          const left = rescaleTwice(p << 20n, sa / common);
          const right = rescaleTwice(q << 20n, sb / common);
          const sum = name === 'ADD' ? left + right : left - right;
          return clamp(rescaleTwice(sum, common / (2 ** 20 * sy)) + BigInt(zy));
        });
        expect(Array.from(y?.data as Int8Array)).toEqual(expected);
      }),
    );
  });
});

describe('QUANTIZE and DEQUANTIZE', () => {
  it('stay within half a code inside the range', () => {
    fc.assert(
      fc.property(
        scale,
        code,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (s, z, at) => {
          const [low, high] = [s * (-128 - z), s * (127 - z)];
          const x = float32([at.length], at.map((share) => low + share * (high - low))); // prettier-ignore
          const codeTensor = { shape: x.shape, dtype: 'int8' as const, scale: s, zeroPoint: z };
          const realTensor = { shape: x.shape, dtype: 'float32' as const };
          const [q] = run({ name: 'QUANTIZE', operands: [realTensor], outputs: [codeTensor], options: {} }, [x]);
          const [y] = run({ name: 'DEQUANTIZE', operands: [codeTensor], outputs: [realTensor], options: {} }, [q!]);
          // float32 division and multiplication may each be off by a unit in the last place of values up to 255 scales.
          for (let i = 0; i < at.length; i++) {
            expect(Math.abs(Number(y?.data[i]) - Number(x.data[i]))).toBeLessThanOrEqual(s * (0.5 + 1e-4));
          }
        },
      ),
    );
  });
});

describe('SOFTMAX int8', () => {
  it.each([
    ['TFLite', TFLITE],
    ['TFLM', TFLM],
  ] as const)('as %s: within a code and a half of the real one', (_, options) => {
    // prettier-ignore
    fc.assert(
      fc.property(codes(10), fc.double({ min: 0.01, max: 0.2, noNaN: true }).map(Math.fround), (x, s) => {
        const [y] = run(
          {
            name: 'SOFTMAX',
            operands: [{ shape: [1, 10], dtype: 'int8', scale: s, zeroPoint: 3 }],
            outputs: [{ shape: [1, 10], dtype: 'int8', scale: 1 / 256, zeroPoint: -128 }],
            options: { beta: 1 },
          },
          [int8([1, 10], x)],
          options,
        );
        const powers = x.map((value) => Math.exp(s * (value - 3)));
        const sum = powers.reduce((total, power) => total + power, 0);
        powers.forEach((power, i) => {
          const real = Math.min((256 * power) / sum - 128, 127);
          expect(Math.abs(Number(y?.data[i]) - real)).toBeLessThanOrEqual(1.5);
        });
        expect(elementCount(y?.shape ?? [])).toBe(10);
      }),
    );
  });
});
