import { BLOCK_ROWS, type KernelArena, type Kernels } from './kernels';

/** A row-major int8 matrix of several sections of `sectionRows` rows, such as the gates' matrices one after the other. */
export interface SectionedMatrix {
  readonly values: Int8Array;
  readonly sections: number;
  readonly sectionRows: number;
  readonly columns: number;
}

/** Bytes that are packed between two pauses: some milliseconds. */
const BETWEEN_PAUSES = 2 ** 21;

/**
 * Packs a matrix for the int8 kernels; every section is padded to `paddedRows` rows and every row to `paddedColumns` columns
 * with zeros. Pauses on the way.
 * @param scratch address of BLOCK_ROWS * paddedColumns bytes
 */
export function* packingMatrix(
  arena: KernelArena,
  kernels: Kernels,
  matrix: SectionedMatrix,
  paddedRows: number,
  paddedColumns: number,
  scratch: number,
  target: number,
): Generator<void, void> {
  const { values, sections, sectionRows, columns } = matrix;
  const block = arena.int8(scratch, BLOCK_ROWS * paddedColumns);
  let packed = 0;
  for (let section = 0; section < sections; section++) {
    for (let row = 0; row < paddedRows; row += BLOCK_ROWS) {
      block.fill(0);
      for (let k = 0; k < BLOCK_ROWS && row + k < sectionRows; k++) {
        const from = (section * sectionRows + row + k) * columns;
        block.set(values.subarray(from, from + columns), k * paddedColumns);
      }
      kernels.packInt8(scratch, target + (section * paddedRows + row) * paddedColumns, paddedColumns);
      packed += block.length;
      if (packed < BETWEEN_PAUSES) continue;
      packed = 0;
      yield;
    }
  }
}
