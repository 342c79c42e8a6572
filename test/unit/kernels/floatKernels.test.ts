import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Float32Matrix, type SumOrder } from '../../../worker/core/kernels/float32Matrix';
import { KernelArena, padded } from '../../../worker/core/kernels/kernels';
import { sigmoid, tanh } from '../../../worker/core/lstm/float/activations';
import * as floatStages from '../../../worker/core/lstm/float/floatStages';

const vectors = (values: fc.Arbitrary<number>, count: number) => fc.array(values, { minLength: count, maxLength: count });
const count = fc.integer({ min: 1, max: 40 });

describe('SIMD kernels in float32 equal their plain twins', () => {
  const f = Math.fround;
  /** The plain twins: one sum from its base on. */
  const SUMS: Record<SumOrder, (base: number, terms: readonly number[]) => number> = {
    columns: (base, terms) => terms.reduce((sum, term) => f(sum + term), base),
    fours: (base, terms) => {
      const inFours = terms.length - (terms.length % 4);
      const parts = [0, 0, 0, 0];
      for (let c = 0; c < inFours; c++) parts[c % 4] = f(parts[c % 4]! + terms[c]!);
      const added = f(base + parts.reduce((a, b) => f(a + b)));
      return terms.slice(inFours).reduce((sum, term) => f(sum + term), added);
    },
  };
  const ORDERS = ['columns', 'fours'] as const;

  it.each(ORDERS)('float32 products added in the order of %s, for up to 16 vectors', (order) => {
    const real = fc.float({ min: -8, max: 8, noNaN: true });
    // Rows and columns beyond a block and a panel.
    const cases = fc
      .record({ rows: fc.integer({ min: 1, max: 90 }), columns: count, used: fc.integer({ min: 1, max: 16 }) })
      .chain(({ rows, columns, used }) =>
        fc.record({
          rows: fc.constant(rows),
          columns: fc.constant(columns),
          weights: vectors(real, rows * columns),
          x: fc.array(vectors(real, columns), { minLength: used, maxLength: used }),
          base: fc.array(vectors(real, rows), { minLength: used, maxLength: used }),
        }),
      );
    fc.assert(
      fc.property(cases, ({ rows, columns, weights, x, base }) => {
        const matrix = new Float32Matrix(rows, columns, order);
        const upper = Math.floor(rows / 2);
        matrix.setRows(upper, Float32Array.from(weights.slice(upper * columns)));
        matrix.setRows(0, Float32Array.from(weights.slice(0, upper * columns)));
        x.forEach((vector, v) => matrix.vector(v).set(vector));
        base.forEach((start, v) => matrix.sums(v).set(start));
        matrix.add(x.length);
        const expected = (v: number, start: readonly number[]): number[] =>
          start.map(
            (value, r) =>
              SUMS[order](
                value,
                x[v]!.map((one, c) => f(weights[r * columns + c]! * one)),
              ) + 0,
          );
        const found = (v: number): number[] => Array.from(matrix.sums(v), (sum) => sum + 0);
        x.forEach((_, v) => expect(found(v)).toEqual(expected(v, base[v]!)));
        matrix.multiply(x.length);
        x.forEach((_, v) => expect(found(v)).toEqual(expected(v, new Array<number>(rows).fill(0))));
      }),
      { numRuns: 60 },
    );
  });

  it.each(ORDERS)(
    'float32 products of a matrix that is passed to and fro are the same both ways, in the order of %s',
    (order) => {
      const [rows, columns] = [250, 2102];
      const value = (k: number): number => f(((k * 7919) % 1001) / 500 - 1);
      const weights = Float32Array.from({ length: rows * columns }, (_, k) => value(k));
      const matrix = new Float32Matrix(rows, columns, order);
      matrix.setRows(0, weights);
      matrix.vector(0).set(Float32Array.from({ length: columns }, (_, k) => value(k * k)));
      matrix.multiply(1);
      const forth = matrix.sums(0).slice();
      matrix.multiply(1);
      expect(matrix.sums(0)).toEqual(forth);
      const alone = new Float32Matrix(1, columns, order);
      for (const row of [0, 61, 62, 249]) {
        alone.setRows(0, weights.subarray(row * columns, (row + 1) * columns));
        alone.vector(0).set(matrix.vector(0));
        alone.multiply(1);
        expect(forth[row]).toBe(alone.sums(0)[0]);
      }
    },
  );

  it('element-wise stages in float32', () => {
    const real = fc.float({ min: -100, max: 100, noNaN: true });
    const cases = count.chain((n) => fc.tuple(vectors(real, n), vectors(real, n), vectors(real, n), vectors(real, n)));
    fc.assert(
      fc.property(cases, (arrays) => {
        const n = arrays[0].length;
        const size = padded(n, 4);
        const arena = new KernelArena();
        const places = arrays.map(() => arena.reserve(size * 4)) as [number, number, number, number];
        const kernels = arena.open();
        const [fAt, iAt, gAt, cAt] = places;
        /** Runs both on the same values, and compares what the third or the fourth array holds then. */
        const check = (result: 2 | 3, kernel: () => void, twin: (...plain: Float32Array[]) => void): void => {
          places.forEach((place, k) => arena.float32(place, n).set(arrays[k]!));
          const plain = arrays.map((values) => Float32Array.from(values));
          kernel();
          twin(...plain);
          expect(arena.float32(places[result], n)).toEqual(plain[result]);
        };
        check(
          3,
          () => kernels.updateCellFloat32(fAt, iAt, gAt, cAt, size),
          (f, i, g, c) => floatStages.updateCell(f, i, g, c),
        );
        check(
          3,
          () => kernels.peepholeAddFloat32(fAt, iAt, gAt, cAt, size),
          (p, c, z, sum) => floatStages.addPeephole(p, c, z, sum),
        );
        check(
          2,
          () => kernels.multiplyFloat32(fAt, iAt, gAt, size),
          (o, t, m) => floatStages.multiplyInto(o, t, m),
        );
        check(
          2,
          () => kernels.coupleInputGateFloat32(fAt, gAt, size),
          (f, _, i) => floatStages.coupleInputGate(f, i),
        );
      }),
    );
  });

  it('sigmoid and tanh, in every bit', () => {
    const edges = [0, -0, 1e-40, 7.9073896, 7.90739, -7.90739, 16.635531, 16.635533, -103.9999, -104, -104.00001, 1e30, -1e30];
    const real = fc.oneof(fc.float(), fc.float({ min: -20, max: 20, noNaN: true }), fc.constantFrom(...edges.map(Math.fround)));
    const bits = (values: Float32Array): number[] => [...new Int32Array(values.buffer)];
    fc.assert(
      fc.property(fc.array(real, { minLength: 1, maxLength: 4100 }), (values) => {
        const size = padded(values.length, 4);
        const arena = new KernelArena();
        const at = arena.reserve(size * 4);
        const out = arena.reserve(size * 4);
        const kernels = arena.open();
        const x = arena.float32(at, values.length);
        x.set(values);
        kernels.sigmoidFloat32(at, out, size);
        expect(bits(arena.float32(out, values.length).slice())).toEqual(bits(x.slice().map(sigmoid)));
        kernels.tanhFloat32(at, out, size);
        expect(bits(arena.float32(out, values.length).slice())).toEqual(bits(x.slice().map(tanh)));
      }),
    );
  });
});
