import { ModelFormatError } from '../modelFormatError';
import { grouped } from '../../wording';

/** Types of single values, as FlatBuffers names them. */
export type Scalar = 'bool' | 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'float32';

export const SCALAR_BYTES: Readonly<Record<Scalar, number>> = {
  bool: 1,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float32: 4,
};

/** Who reads, for messages: composed only when something is wrong. */
export interface Reader {
  /** Where a field is, in the schema's names: `subgraphs[0].tensors[5].shape`. An index of -1 is none. */
  pathOf(field: string, index: number): string;
}

/** The limit of FlatBuffers' own verifier, which TensorFlow Lite uses. */
const MAX_TABLES = 1_000_000;
/** Numbers and characters copied out of the file: far above what models hold, and below what hurts. */
const MAX_COPIED = 32 * 1024 * 1024;

/**
 * The bytes of a FlatBuffers file and the checks that every read goes through (FlatBuffers' "Internals" document is the format).
 * Two budgets bound what a small file with shared (aliased) tables and lists can make a reader do.
 */
export class FlatBuffer {
  readonly view: DataView;
  private tables = 0;
  private copied = 0;

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Counts one more table that is opened. */
  countTable(position: number, reader: Reader): void {
    this.tables++;
    if (this.tables <= MAX_TABLES) return;
    const message = `The file describes too many parts; the last one is ${reader.pathOf('', -1)}.`;
    throw new ModelFormatError('TOO_MANY_TABLES', message, position, `at most ${grouped(MAX_TABLES)} tables`);
  }

  /** Counts elements of a list that is copied. */
  countCopied(elements: number, position: number, reader: Reader, field: string): void {
    this.copied += elements;
    if (this.copied <= MAX_COPIED) return;
    const message = `The file's lists are too long altogether; the last one is ${reader.pathOf(field, -1)}.`;
    throw new ModelFormatError('LISTS_TOO_LONG', message, position, `at most ${grouped(MAX_COPIED)} elements in lists`);
  }

  /** Throws unless `size` bytes from `position` on are inside the file. */
  check(position: number, size: number, reader: Reader, field: string): void {
    if (position >= 0 && position + size <= this.bytes.length) return;
    throw new ModelFormatError(
      'FILE_TRUNCATED',
      `The file is damaged or cut off: ${reader.pathOf(field, -1)} would take ${grouped(size)} bytes from byte ${grouped(position)} on.`,
      position < 0 || position > this.bytes.length ? null : position,
      `end of file at ${grouped(this.bytes.length)}`,
    );
  }

  /** Position that the unsigned offset at `position` refers to. The offset itself has been checked to be inside. */
  follow(position: number, reader: Reader, field: string, index = -1): number {
    const offset = this.view.getUint32(position, true);
    const target = position + offset;
    if (offset !== 0 && target + 4 <= this.bytes.length) return target;
    const where = `${reader.pathOf(field, index)} points to byte ${grouped(target)}${offset === 0 ? ', its own place' : ''}`;
    throw new ModelFormatError(
      'OFFSET_OUT_OF_RANGE',
      `The file is damaged or cut off: ${where}.`,
      position,
      `offset from 1 to ${grouped(Math.max(0, this.bytes.length - 4 - position))}`,
    );
  }

  /** 64-bit integers are exact up to 2^53. */
  scalar(type: Scalar, position: number): number {
    switch (type) {
      case 'bool':
      case 'uint8':
        return this.view.getUint8(position);
      case 'int8':
        return this.view.getInt8(position);
      case 'int16':
        return this.view.getInt16(position, true);
      case 'uint16':
        return this.view.getUint16(position, true);
      case 'int32':
        return this.view.getInt32(position, true);
      case 'uint32':
        return this.view.getUint32(position, true);
      case 'int64':
        return this.view.getInt32(position + 4, true) * 2 ** 32 + this.view.getUint32(position, true);
      case 'uint64':
        return this.view.getUint32(position + 4, true) * 2 ** 32 + this.view.getUint32(position, true);
      case 'float32':
        return this.view.getFloat32(position, true);
    }
  }

  /** UTF-8; bytes that are none become U+FFFD. */
  text(start: number, length: number): string {
    // Names are short and plain, which is faster by hand than by a decoder.
    if (length <= SHORT_TEXT) {
      let text = '';
      let i = 0;
      for (; i < length; i++) {
        const code = this.bytes[start + i] ?? 0;
        if (code > 0x7f) break;
        text += String.fromCharCode(code);
      }
      if (i === length) return text;
    }
    return decoder.decode(this.bytes.subarray(start, start + length));
  }
}

const SHORT_TEXT = 64;
const decoder = new TextDecoder();
