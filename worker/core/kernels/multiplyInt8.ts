import type { Kernels } from './kernels';

/** A packed int8 matrix, int16 vectors and where their products go: addresses, and sizes as padded for the kernels. */
export interface Int8Product {
  readonly weights: number;
  /** int16 [vectors, columns] */
  readonly x: number;
  /** int32 [rows] */
  readonly bias: number;
  /** int32 [vectors, rows] */
  readonly y: number;
  readonly rows: number;
  readonly columns: number;
}

/** y[v] = bias + w x[v] for `vectors` vectors; four share one pass over the weights while there are four. */
export function multiplyInt8(kernels: Kernels, product: Int8Product, vectors: number): void {
  const { weights, bias, rows, columns } = product;
  const xStride = columns * 2;
  const yStride = rows * 4;
  let v = 0;
  for (; v + 4 <= vectors; v += 4) {
    kernels.matrixFourVectorsInt8(weights, product.x + v * xStride, bias, product.y + v * yStride, rows, columns, yStride);
  }
  for (; v < vectors; v++) {
    kernels.matrixVectorInt8(weights, product.x + v * xStride, bias, product.y + v * yStride, rows, columns);
  }
}
