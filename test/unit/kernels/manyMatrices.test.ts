import { describe, expect, it } from 'vitest';
import { Float32Matrix } from '../../../worker/core/kernels/float32Matrix';
import { Int8Matrix, VECTORS } from '../../../worker/core/kernels/int8Matrix';
import { KernelArena } from '../../../worker/core/kernels/kernels';
import { atOnce } from '../../../worker/core/run/atOnce';

const MATRICES = 6000;
const rowsOf = (k: number) => 1 + (k % 23);
const columnsOf = (k: number) => 1 + ((k * 7) % 41);
const weightOf = (k: number, at: number) => ((k * 31 + at * 17) % 256) - 128;
const xOf = (k: number, at: number) => ((k * 13 + at * 29) % 256) - 128;

function expectedDots(k: number): number[] {
  const columns = columnsOf(k);
  return Array.from({ length: rowsOf(k) }, (_, row) => {
    let sum = 0;
    for (let c = 0; c < columns; c++) sum += weightOf(k, row * columns + c) * xOf(k, c);
    return sum;
  });
}

/** A memory each is refused by V8 from some thousands on. */
describe('thousands of matrices', () => {
  it('keep their weights and results apart', () => {
    const int8: Int8Matrix[] = [];
    const float32: Float32Matrix[] = [];
    for (let k = 0; k < MATRICES; k++) {
      const [rows, columns] = [rowsOf(k), columnsOf(k)];
      const weights = Int8Array.from({ length: rows * columns }, (_, at) => weightOf(k, at));
      int8.push(atOnce(Int8Matrix.preparing(weights, rows, columns)));
      const real = new Float32Matrix(rows, columns, k % 2 === 0 ? 'columns' : 'fours');
      real.setRows(0, Float32Array.from(weights));
      float32.push(real);
    }
    for (let k = 0; k < MATRICES; k++) {
      const x = Array.from({ length: columnsOf(k) }, (_, at) => xOf(k, at));
      // Every vector, up to the last byte that a product may touch.
      for (let v = 0; v < VECTORS; v++) {
        int8[k]!.codes(v).set(x);
        float32[k]!.vector(v).set(x);
      }
      int8[k]!.multiply(VECTORS);
      float32[k]!.multiply(VECTORS);
    }
    for (let k = 0; k < MATRICES; k++) {
      const expected = expectedDots(k);
      for (const v of [0, VECTORS - 1]) {
        expect([...int8[k]!.dots(v)]).toEqual(expected);
        expect([...float32[k]!.sums(v)]).toEqual(expected);
      }
    }
  });

  it('have no arena that is opened after another one was begun in its place', () => {
    const early = new KernelArena();
    const late = new KernelArena();
    const [a, b] = [early.reserve(64), late.reserve(64)];
    late.open();
    early.open();
    early.int8(a, 64).fill(1);
    expect([...late.int8(b, 64)]).toEqual(new Array(64).fill(0));
  });
});
