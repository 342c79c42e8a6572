import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gemmMatrix } from '../../../worker/core/ops/gemmMatrix';

const f = Math.fround;
const real = fc.float({ min: -8, max: 8, noNaN: true });
const reals = (count: number) => fc.array(real, { minLength: count, maxLength: count });

/** Products of the columns `first`, `first + step` .. below `end`, added one after the other. */
function every(terms: readonly number[], first: number, step: number, end: number): number {
  let sum = 0;
  for (let k = first; k < end; k += step) sum = f(sum + terms[k]!);
  return sum;
}

describe('the matrix of float FULLY_CONNECTED', () => {
  const cases = fc
    .record({
      rows: fc.integer({ min: 1, max: 61 }),
      columns: fc.integer({ min: 1, max: 40 }),
      count: fc.integer({ min: 1, max: 37 }),
    })
    .chain(({ rows, columns, count }) =>
      fc.record({ weights: reals(rows * columns), x: reals(count * columns), bias: reals(rows) }).map((values) => ({
        ...values,
        ...{ rows, columns, count },
      })),
    );

  it('is the exact product within its rounding, whatever the sizes', () => {
    fc.assert(
      fc.property(cases, ({ rows, columns, count, weights, x, bias }) => {
        const y = new Float32Array(count * rows);
        gemmMatrix(Float32Array.from(weights), columns).multiply(
          Float32Array.from(x),
          0,
          columns,
          count,
          Float32Array.from(bias),
          y,
        );
        for (let v = 0; v < count; v++) {
          for (let r = 0; r < rows; r++) {
            let exact = bias[r]!;
            let size = Math.abs(exact);
            for (let k = 0; k < columns; k++) {
              const term = weights[r * columns + k]! * x[v * columns + k]!;
              exact += term;
              size += Math.abs(term);
            }
            expect(Math.abs(y[v * rows + r]! - exact)).toBeLessThanOrEqual(size * 2 ** -24 * (columns + 2) + columns * 2 ** -149);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  // 24 + 8 + 3 rows, two groups of four vectors and one more.
  it('splits sums by row and vector as Eigen does', () => {
    const [rows, columns, count] = [35, 24, 9];
    fc.assert(
      fc.property(reals(rows * columns), reals(count * columns), reals(rows), (weights, x, bias) => {
        const y = new Float32Array(count * rows);
        gemmMatrix(Float32Array.from(weights), columns).multiply(
          Float32Array.from(x),
          0,
          columns,
          count,
          Float32Array.from(bias),
          y,
        );
        for (let v = 0; v < count; v++) {
          for (let r = 0; r < rows; r++) {
            const terms = Array.from({ length: columns }, (_, k) => f(weights[r * columns + k]! * x[v * columns + k]!));
            const eights = Array.from({ length: 8 }, (_, k) => every(terms, k, 8, columns));
            const four = (k: number) => f(f(eights[k]! + eights[k + 2]!) + f(eights[k + 4]! + eights[k + 6]!));
            const inPairs = f(every(terms, 0, 2, columns) + every(terms, 1, 2, columns));
            const sum = v === 8 || r < 24 ? every(terms, 0, 1, columns) : r < 32 ? inPairs : f(four(0) + four(1));
            expect(y[v * rows + r]! + 0).toBe(f(bias[r]! + sum) + 0);
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});
