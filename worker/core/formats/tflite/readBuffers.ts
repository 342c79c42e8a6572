import { ModelFormatError } from '../modelFormatError';
import type { FlatTable } from './flatTable';
import type { BUFFER } from './schema';
import { grouped } from '../../wording';

export interface FileBuffer {
  /** View into the file; null where the buffer has no list of bytes at all. */
  readonly data: Uint8Array | null;
}

/** A buffer's bytes, inside the tables or (models over 2 GB) at an offset after them. */
export function readBuffer(table: FlatTable<typeof BUFFER>, file: Uint8Array): FileBuffer {
  const offset = table.number('offset');
  if (offset <= 1) return { data: table.bytes('data') };
  return { data: sliceOfFile(file, offset, table.number('size'), table.offsetOf('offset'), table.path) };
}

/** Bytes at a 64-bit offset and size. A float64 holds both exactly up to 2^53; any file is shorter. */
export function sliceOfFile(file: Uint8Array, offset: number, size: number, position: number, path: string): Uint8Array {
  if (offset + size > file.length) {
    throw new ModelFormatError(
      'DATA_OUTSIDE_FILE',
      `${path} keeps ${grouped(size)} bytes from byte ${grouped(offset)} on. The file has ${grouped(file.length)} bytes.`,
      position,
      `end of file at ${grouped(file.length)}`,
    );
  }
  return file.subarray(offset, offset + size);
}
