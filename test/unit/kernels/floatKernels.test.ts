import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Float32Matrix } from '../../../worker/core/kernels/float32Matrix';
import { MatrixInFours } from '../../../worker/core/kernels/matrixInFours';
import { KernelArena, padded } from '../../../worker/core/kernels/kernels';
import { sigmoid, tanh } from '../../../worker/core/lstm/float/activations';
import * as floatStages from '../../../worker/core/lstm/float/floatStages';

const vectors = (values: fc.Arbitrary<number>, count: number) => fc.array(values, { minLength: count, maxLength: count });
const count = fc.integer({ min: 1, max: 40 });

describe('SIMD kernels in float32 equal their plain twins', () => {
  it('float32 products, each sum in the order of the columns, for up to 16 vectors', () => {
    const real = fc.float({ min: -8, max: 8, noNaN: true });
    const cases = fc
      .record({ rows: count, columns: count, used: fc.integer({ min: 1, max: 16 }) })
      .chain(({ rows, columns, used }) =>
        fc.record({
          rows: fc.constant(rows),
          columns: fc.constant(columns),
          weights: vectors(real, rows * columns),
          x: fc.array(vectors(real, columns), { minLength: used, maxLength: used }),
        }),
      );
    fc.assert(
      fc.property(cases, ({ rows, columns, weights, x }) => {
        const matrix = new Float32Matrix(Float32Array.from(weights), rows, columns);
        x.forEach((vector, v) => matrix.vector(v).set(vector));
        matrix.multiply(x.length);
        const f = Math.fround;
        const ordered = (v: number, r: number): number =>
          x[v]!.reduce((sum, value, c) => f(sum + f(weights[r * columns + c]! * value)), 0);
        for (let v = 0; v < x.length; v++) for (let r = 0; r < rows; r++) expect(matrix.sums(v)[r]! + 0).toBe(ordered(v, r) + 0);
      }),
    );
  });

  it('float32 products added in fours, for up to 16 vectors', () => {
    const real = fc.float({ min: -8, max: 8, noNaN: true });
    const f = Math.fround;
    const cases = fc
      .record({ rows: count, columns: count, used: fc.integer({ min: 1, max: 16 }) })
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
        const matrix = new MatrixInFours(rows, columns);
        const upper = Math.floor(rows / 2);
        matrix.setRows(upper, Float32Array.from(weights.slice(upper * columns)));
        matrix.setRows(0, Float32Array.from(weights.slice(0, upper * columns)));
        x.forEach((vector, v) => matrix.vector(v).set(vector));
        base.forEach((start, v) => matrix.sums(v).set(start));
        matrix.add(x.length);
        const inFours = columns - (columns % 4);
        const sum = (v: number, r: number): number => {
          const term = (c: number): number => f(weights[r * columns + c]! * x[v]![c]!);
          const parts = [0, 0, 0, 0];
          for (let c = 0; c < inFours; c++) parts[c % 4] = f(parts[c % 4]! + term(c));
          let total = f(base[v]![r]! + parts.reduce((a, b) => f(a + b)));
          for (let c = inFours; c < columns; c++) total = f(total + term(c));
          return total;
        };
        for (let v = 0; v < x.length; v++) for (let r = 0; r < rows; r++) expect(matrix.sums(v)[r]! + 0).toBe(sum(v, r) + 0);
      }),
    );
  });

  it('float32 products of a matrix that is passed to and fro are the same both ways', () => {
    const [rows, columns] = [250, 2102];
    const value = (k: number): number => Math.fround(((k * 7919) % 1001) / 500 - 1);
    const weights = Float32Array.from({ length: rows * columns }, (_, k) => value(k));
    const matrix = new MatrixInFours(rows, columns);
    matrix.setRows(0, weights);
    matrix.vector(0).set(Float32Array.from({ length: columns }, (_, k) => value(k * k)));
    matrix.add(1);
    const forth = matrix.sums(0).slice();
    matrix.sums(0).fill(0);
    matrix.add(1);
    expect(matrix.sums(0)).toEqual(forth);
    const alone = new MatrixInFours(1, columns);
    for (const row of [0, 61, 62, 249]) {
      alone.setRows(0, weights.subarray(row * columns, (row + 1) * columns));
      alone.vector(0).set(matrix.vector(0));
      alone.sums(0).fill(0);
      alone.add(1);
      expect(forth[row]).toBe(alone.sums(0)[0]);
    }
  });

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
