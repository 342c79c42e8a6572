import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KernelArena, padded } from '../../../worker/core/kernels/kernels';
import { countRailsInt8, sumInt8 } from '../../../worker/core/kernels/sumInt8';
import { clampInPlace } from '../../../worker/core/lstm/clamp';
import { updateCellByMultiplier, updateCellByShift } from '../../../worker/core/lstm/integer/integerCell';
import { normalizeLayer, rowMoments } from '../../../worker/core/lstm/integer/integerLayerNorm';
import { matrixVectorInt8 } from '../../../worker/core/lstm/matrixProducts';
import { clampToInt16, clampToInt8, MULTIPLY_BY_QUANTIZED_MULTIPLIER } from '../../../worker/core/quantization/fixedPoint';
import { compileKernels } from '../../../worker/kernels/build.mjs';

const int8 = fc.oneof(fc.constantFrom(-128, -127, -1, 0, 1, 127), fc.integer({ min: -128, max: 127 }));
const int16 = fc.oneof(fc.constantFrom(-32768, -32767, -1, 0, 1, 32767), fc.integer({ min: -32768, max: 32767 }));
const int32 = fc.oneof(
  fc.constantFrom(-2147483648, -2147483647, -65536, -1, 0, 1, 65535, 2147483647),
  fc.integer({ min: -2147483648, max: 2147483647 }),
);
const multiplier = fc.oneof(fc.constantFrom(0, 2 ** 30, 2 ** 31 - 1), fc.integer({ min: 2 ** 30, max: 2 ** 31 - 1 }));
/** Of effective scales as models have them; a left shift beyond this overflows int32 in every runtime. */
const shift = fc.integer({ min: -31, max: 8 });
const single = fc.boolean();
const rounding = (isSingle: boolean) => MULTIPLY_BY_QUANTIZED_MULTIPLIER[isSingle ? 'single' : 'double'];
const vectors = (values: fc.Arbitrary<number>, count: number) => fc.array(values, { minLength: count, maxLength: count });
const count = fc.integer({ min: 1, max: 40 });

describe('SIMD kernels equal their plain twins', () => {
  it('int8 products of up to 9 vectors', () => {
    const cases = fc
      .record({ rows: count, columns: fc.integer({ min: 1, max: 70 }), used: fc.integer({ min: 1, max: 9 }) })
      .chain(({ rows, columns, used }) =>
        fc.record({
          rows: fc.constant(rows),
          columns: fc.constant(columns),
          used: fc.constant(used),
          weights: vectors(int8, rows * columns),
          x: vectors(int8, used * columns),
          bias: vectors(fc.integer({ min: -(2 ** 24), max: 2 ** 24 }), rows),
        }),
      );
    fc.assert(
      fc.property(cases, ({ rows, columns, used, weights, x, bias }) => {
        const height = padded(rows, 8);
        const width = padded(columns, 16);
        const arena = new KernelArena();
        const source = arena.reserve(height * width);
        const packed = arena.reserve(height * width);
        const narrow = arena.reserve(used * width);
        const wide = arena.reserve(used * width * 2);
        const biasAt = arena.reserve(height * 4);
        const y = arena.reserve(used * height * 4);
        const kernels = arena.open();
        const matrix = arena.int8(source, height * width);
        for (let r = 0; r < rows; r++) matrix.set(weights.slice(r * columns, (r + 1) * columns), r * width);
        for (let k = 0; k < used; k++) arena.int8(narrow + k * width, columns).set(x.slice(k * columns, (k + 1) * columns));
        arena.int32(biasAt, rows).set(bias);
        for (let r = 0; r < height; r += 8) kernels.packInt8(source + r * width, packed + r * width, width);
        kernels.widenInt8(narrow, wide, used * width);
        kernels.multiplyInt8(packed, wide, biasAt, y, height, width, used, width * 2, height * 4);
        const product = Int32Array.from(bias);
        for (let k = 0; k < used; k++) {
          matrixVectorInt8(Int8Array.from(weights), Int8Array.from(x), k * columns, columns, Int32Array.from(bias), product);
          expect(arena.int32(y + k * height * 4, rows)).toEqual(product);
        }
      }),
    );
  });

  it('sums of int8 values', () => {
    fc.assert(
      fc.property(
        fc.array(int8, { maxLength: 70 }),
        fc.integer({ min: 0, max: 70 }),
        fc.constantFrom(1, 3000),
        (few, at, times) => {
          const values = Int8Array.from(Array.from({ length: times }, () => few).flat());
          const from = Math.min(at, values.length);
          const expected = values.subarray(from).reduce((sum, value) => sum + value, 0);
          expect(sumInt8(values, from, values.length - from)).toBe(expected);
          expect(countRailsInt8(values)).toBe(values.filter((value) => Math.abs(value) >= 127).length);
        },
      ),
    );
  });

  it('rescaling, adding, peephole', () => {
    const cases = count.chain((n) =>
      fc.record({
        acc: vectors(int32, n),
        z: vectors(int16, n),
        p: vectors(int16, n),
        c: vectors(int16, n),
        multiplier,
        shift,
        single,
      }),
    );
    fc.assert(
      fc.property(cases, ({ acc, z, p, c, multiplier: m, shift: s, single: isSingle }) => {
        const n = acc.length;
        const size = padded(n, 8);
        const arena = new KernelArena();
        const accAt = arena.reserve(size * 4);
        const zAt = arena.reserve(size * 2);
        const pAt = arena.reserve(size * 2);
        const cAt = arena.reserve(size * 2);
        const out = arena.reserve(size * 2);
        const kernels = arena.open();
        arena.int32(accAt, n).set(acc);
        arena.int16(zAt, n).set(z);
        arena.int16(pAt, n).set(p);
        arena.int16(cAt, n).set(c);
        const rescale = rounding(isSingle);
        const values = (): number[] => [...arena.int16(out, n)];

        kernels.rescaleToInt16(accAt, m, s, isSingle, out, size);
        expect(values()).toEqual(acc.map((a) => clampToInt16(rescale(a, m, s))));
        kernels.rescaleAddInt16(accAt, m, s, isSingle, zAt, out, size);
        expect(values()).toEqual(acc.map((a, k) => clampToInt16(rescale(a, m, s) + z[k]!)));
        kernels.rescaleAddSaturatedInt16(accAt, m, s, isSingle, zAt, out, size);
        expect(values()).toEqual(acc.map((a, k) => clampToInt16(clampToInt16(rescale(a, m, s)) + z[k]!)));
        kernels.peepholeAddInt16(pAt, cAt, m, s, isSingle, zAt, out, size);
        expect(values()).toEqual(p.map((a, k) => clampToInt16(rescale(a * c[k]!, m, s) + z[k]!)));
      }),
    );
  });

  it('cell update with clip in both forms, coupled input gate, table', () => {
    const cases = count.chain((n) =>
      fc.record({
        f: vectors(fc.integer({ min: 0, max: 32767 }), n),
        i: vectors(fc.integer({ min: 0, max: 32767 }), n),
        g: vectors(int16, n),
        c: vectors(int16, n),
        right: fc.integer({ min: 15, max: 21 }),
        clip: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 32767 })),
        forget: fc.record({ multiplier, shift }),
        input: fc.record({ multiplier, shift }),
        single,
      }),
    );
    fc.assert(
      fc.property(cases, ({ f, i, g, c, right, clip, forget, input, single: isSingle }) => {
        const n = f.length;
        const size = padded(n, 8);
        const arena = new KernelArena();
        const [fAt, iAt, gAt, cAt] = [0, 1, 2, 3].map(() => arena.reserve(size * 2)) as [number, number, number, number];
        const table = arena.reserve(131072);
        const kernels = arena.open();
        arena.int16(fAt, n).set(f);
        arena.int16(iAt, n).set(i);
        arena.int16(gAt, n).set(g);
        const low = clip === null ? -32768 : -clip;
        const high = clip ?? 32767;
        const check = (update: (c: Int16Array) => void, run: () => number): void => {
          const plain = Int16Array.from(c);
          update(plain);
          const changed = clampInPlace(plain, low, high);
          arena.int16(cAt, n).set(c);
          expect(run()).toBe(changed);
          expect(arena.int16(cAt, n)).toEqual(plain);
        };
        const gates = [Int16Array.from(f), Int16Array.from(i), Int16Array.from(g)] as const;
        check(
          (cell) => updateCellByShift(...gates, 15, right, cell),
          () => kernels.updateCellByShift(fAt, iAt, gAt, right, low, high, cAt, size, n),
        );
        check(
          (cell) => updateCellByMultiplier(...gates, forget, input, rounding(isSingle), cell),
          () =>
            kernels.updateCellByMultiplier(
              fAt,
              iAt,
              gAt,
              forget.multiplier,
              forget.shift,
              input.multiplier,
              input.shift,
              isSingle,
              low,
              high,
              cAt,
              size,
              n,
            ),
        );

        kernels.coupleInputGate(fAt, iAt, size);
        expect([...arena.int16(iAt, n)]).toEqual(f.map((v) => 32767 - v));

        arena.int16(table, 65536).forEach((_, k, values) => (values[k] = (k * 31) & 0x7fff));
        kernels.lookUpInt16(table, gAt, fAt, size);
        expect([...arena.int16(fAt, n)]).toEqual(g.map((v) => ((v + 32768) * 31) & 0x7fff));
      }),
    );
  });

  it('layer norm and its sums, with int32 wraps counted', () => {
    const cases = count.chain((n) =>
      fc.record({
        z: vectors(int16, n),
        coefficients: vectors(int16, n),
        bias: vectors(int32, n),
        multiplier: fc.record({ multiplier, shift: fc.integer({ min: -31, max: 0 }) }),
        varianceGuard: fc.integer({ min: 0, max: 5000 }),
        single,
      }),
    );
    fc.assert(
      fc.property(cases, ({ z, coefficients, bias, multiplier: scale, varianceGuard, single: isSingle }) => {
        const n = z.length;
        const size = padded(n, 8);
        const arena = new KernelArena();
        const zAt = arena.reserve(size * 2);
        const coefficientsAt = arena.reserve(size * 2);
        const biasAt = arena.reserve(size * 4);
        const out = arena.reserve(size * 2);
        const kernels = arena.open();
        arena.int16(zAt, n).set(z);
        arena.int16(coefficientsAt, n).set(coefficients);
        arena.int32(biasAt, n).set(bias);
        const plain = new Int16Array(n);
        const constants = {
          coefficients: Int16Array.from(coefficients),
          bias: Int32Array.from(bias),
          multiplier: scale,
          varianceGuard,
        };
        const wraps = normalizeLayer(constants, rounding(isSingle), Int16Array.from(z), plain);

        const sum = kernels.sumInt16(zAt, size);
        const squares = kernels.sumOfSquaresInt16(zAt, size);
        expect(sum).toBe(z.reduce((total, v) => total + v, 0));
        expect(squares).toBe(z.reduce((total, v) => total + v * v, 0));
        const { mean, inverse } = rowMoments(sum, squares, n, varianceGuard);
        const counted = kernels.normalizeInt16(
          zAt,
          mean,
          inverse.multiplier,
          inverse.shift,
          coefficientsAt,
          biasAt,
          scale.multiplier,
          scale.shift,
          isSingle,
          out,
          size,
        );
        expect(arena.int16(out, n)).toEqual(plain);
        expect(counted).toBe(wraps);
      }),
    );
  });

  it('hidden value, projection with clip', () => {
    const zeroPoint = fc.integer({ min: -128, max: 128 });
    const cases = count.chain((n) =>
      fc.record({
        o: vectors(int16, n),
        t: vectors(int16, n),
        acc: vectors(int32, n),
        multiplier,
        shift: fc.integer({ min: -31, max: 0 }),
        single,
        zeroPoint,
        clip: fc.integer({ min: 0, max: 127 }),
      }),
    );
    fc.assert(
      fc.property(cases, ({ o, t, acc, multiplier: m, shift: s, single: isSingle, zeroPoint: zero, clip }) => {
        const n = o.length;
        const size = padded(n, 8);
        const arena = new KernelArena();
        const oAt = arena.reserve(size * 2);
        const tAt = arena.reserve(size * 2);
        const accAt = arena.reserve(size * 4);
        const out = arena.reserve(size);
        const kernels = arena.open();
        arena.int16(oAt, n).set(o);
        arena.int16(tAt, n).set(t);
        arena.int32(accAt, n).set(acc);
        const rescale = rounding(isSingle);
        kernels.hiddenInt8(oAt, tAt, m, s, isSingle, zero, out, size);
        expect([...arena.int8(out, n)]).toEqual(o.map((v, k) => clampToInt8(rescale(v * t[k]!, m, s) + zero)));

        const plain = acc.map((a) => clampToInt8(rescale(a, m, s) + zero));
        const limited = plain.map((v) => Math.max(-clip, Math.min(clip, v)) + 0);
        const clipped = kernels.projectInt8(accAt, m, s, isSingle, zero, -clip, clip, out, size, n);
        expect([...arena.int8(out, n)]).toEqual(limited);
        expect(clipped).toBe(limited.filter((v, k) => v !== plain[k]).length);
      }),
    );
  });
});

it('the compiled kernels are those of the sources', async () => {
  const generated = join(import.meta.dirname, '../../../worker/core/kernels/kernelsWasm.generated.ts');
  expect(readFileSync(generated, 'utf8')).toBe(await compileKernels());
});
