import { Int8Matrix, VECTORS } from '../../kernels/int8Matrix';
import { matrixVectorInt8 } from '../../lstm/matrixProducts';
import type { IntegerProduct } from './integerGruParameters';

/** Makes a product of weights [rows, columns] and an effective bias [rows]. Pauses while it packs. */
export type ProductMaker = (weights: Int8Array, columns: number, bias: Int32Array) => Generator<void, IntegerProduct>;

/** In plain TypeScript: the reference for the other one. */
// eslint-disable-next-line require-yield -- nothing is packed
export const plainProduct: ProductMaker = function* (weights, columns, bias) {
  const rows = bias.length;
  return {
    columns,
    multiply: (x, at, count, y) => {
      for (let v = 0; v < count; v++) {
        matrixVectorInt8(weights, x, at + v * columns, columns, bias, y.subarray(v * rows, (v + 1) * rows));
      }
    },
  };
};

/** By SIMD kernels, packed once. */
export const simdProduct: ProductMaker = function* (weights, columns, bias) {
  const rows = bias.length;
  const matrix = yield* Int8Matrix.preparing(weights, rows, columns);
  return {
    columns,
    multiply: (x, at, count, y) => {
      for (let first = 0; first < count; first += VECTORS) {
        const vectors = Math.min(VECTORS, count - first);
        for (let v = 0; v < vectors; v++) {
          const from = at + (first + v) * columns;
          matrix.codes(v).set(x.subarray(from, from + columns));
        }
        matrix.multiply(vectors);
        for (let v = 0; v < vectors; v++) {
          const dots = matrix.dots(v);
          const to = (first + v) * rows;
          for (let r = 0; r < rows; r++) y[to + r] = dots[r]! + bias[r]!;
        }
      }
    },
  };
};
