import type { KernelArena, Kernels } from './kernels';

/** A row-major int8 matrix of several sections of `sectionRows` rows, such as the gates' matrices one after the other. */
export interface SectionedMatrix {
  readonly values: Int8Array;
  readonly sections: number;
  readonly sectionRows: number;
  readonly columns: number;
}

/**
 * Packs a matrix for the int8 kernels; every section is padded to `paddedRows` rows and every row to `paddedColumns` columns
 * with zeros.
 * @param scratch address of 4 * paddedColumns bytes
 */
export function packMatrix(
  arena: KernelArena,
  kernels: Kernels,
  matrix: SectionedMatrix,
  paddedRows: number,
  paddedColumns: number,
  scratch: number,
  target: number,
): void {
  const { values, sections, sectionRows, columns } = matrix;
  const block = arena.int8(scratch, 4 * paddedColumns);
  for (let section = 0; section < sections; section++) {
    for (let row = 0; row < paddedRows; row += 4) {
      block.fill(0);
      for (let k = 0; k < 4 && row + k < sectionRows; k++) {
        const from = (section * sectionRows + row + k) * columns;
        block.set(values.subarray(from, from + columns), k * paddedColumns);
      }
      kernels.packInt8(scratch, target + (section * paddedRows + row) * paddedColumns, 4, paddedColumns, paddedColumns);
    }
  }
}
