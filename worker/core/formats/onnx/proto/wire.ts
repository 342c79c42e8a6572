import { Reader } from 'protobufjs/minimal';
import { grouped } from '../../../wording';
import { ModelFormatError } from '../../modelFormatError';

/** A 64-bit integer takes 10 bytes of 7 bits. */
const MAX_VARINT_BYTES = 10;
/** Of varints that a float64 holds exactly whatever their bits are. */
const EXACT_VARINT_BYTES = 7;
/** Fields cost far more memory than the two bytes they can be stored in. */
const MAX_FIELDS = 16_000_000;
const MAX_MESSAGES = 2_000_000;

const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;
type WireType = (typeof WIRE)[keyof typeof WIRE];
const WIRE_NAMES: Readonly<Record<number, string>> = { 0: 'a varint', 1: '8 bytes', 2: 'a length and bytes', 5: '4 bytes' };

/** One stored field, by offsets in the file: of its tag, of what follows it (a length, where there is one), of its value's bytes. */
export interface WireField {
  readonly number: number;
  readonly type: WireType;
  readonly offset: number;
  readonly afterTag: number;
  readonly start: number;
  readonly end: number;
}

/** What all messages of one file share: the bytes, the decoder over them, and how much has been read. */
interface WireFile {
  readonly bytes: Uint8Array;
  readonly reader: Reader;
  fields: number;
  messages: number;
}

/**
 * A protocol buffer message in a file. Lengths are checked against the enclosing message before anything is read or allocated;
 * nested messages and bytes are views.
 * @throws ModelFormatError from everything that reads, with the offset in the file
 */
export class WireMessage {
  private constructor(
    private readonly file: WireFile,
    readonly start: number,
    readonly end: number,
    /** For messages to people: `the model`, `node 3`. */
    readonly what: string,
  ) {}

  static ofFile(bytes: Uint8Array, what: string): WireMessage {
    return new WireMessage({ bytes, reader: new Reader(bytes), fields: 0, messages: 0 }, 0, bytes.length, what);
  }

  /** The message's own bytes, a view. */
  get bytes(): Uint8Array {
    return this.file.bytes.subarray(this.start, this.end);
  }

  /** Fields in stored order; those of unknown numbers too. */
  *fields(): Generator<WireField> {
    for (let offset = this.start; offset < this.end;) {
      if (++this.file.fields > MAX_FIELDS) {
        throw new ModelFormatError('TOO_MANY_FIELDS', 'The file has too many fields.', offset, `${grouped(MAX_FIELDS)} fields`);
      }
      const field = this.fieldAt(offset);
      yield field;
      offset = field.end;
    }
  }

  /** An int64 or enum; beyond 2^53 rounded to the nearest number. */
  integer(field: WireField): number {
    this.expect(field, WIRE.varint);
    return Number(decodeVarint(this.file.bytes, field.start, field.end));
  }

  text(field: WireField): string {
    this.expect(field, WIRE.bytes);
    return this.decoderAt(field.afterTag, field.end).string();
  }

  float(field: WireField): number {
    this.expect(field, WIRE.fixed32);
    return this.decoderAt(field.start, field.end).float();
  }

  view(field: WireField): Uint8Array {
    this.expect(field, WIRE.bytes);
    return this.file.bytes.subarray(field.start, field.end);
  }

  message(field: WireField, what: string): WireMessage {
    this.expect(field, WIRE.bytes);
    if (++this.file.messages > MAX_MESSAGES) {
      const limit = `${grouped(MAX_MESSAGES)} messages`;
      throw new ModelFormatError('TOO_MANY_MESSAGES', 'The file has too many nodes, values or attributes.', field.offset, limit);
    }
    return new WireMessage(this.file, field.start, field.end, what);
  }

  /** Appends the integers of a repeated field, stored one by one or packed; beyond 2^53 rounded. */
  integers(field: WireField, into: number[]): void {
    this.eachVarint(field, (value) => into.push(Number(value)));
  }

  /** Calls with each integer of a repeated field, stored one by one or packed. */
  eachVarint(field: WireField, take: (value: number | bigint) => void): void {
    if (field.type === WIRE.varint) {
      take(decodeVarint(this.file.bytes, field.start, field.end));
      return;
    }
    this.expect(field, WIRE.bytes);
    for (let at = field.start; at < field.end;) {
      const end = this.varintEnd(at, field.end);
      take(decodeVarint(this.file.bytes, at, end));
      at = end;
    }
  }

  /** Bytes of a repeated field of 4- or 8-byte values, stored one by one or packed: little-endian, a view. */
  fixedBytes(field: WireField, size: 4 | 8): Uint8Array {
    if (field.type !== (size === 4 ? WIRE.fixed32 : WIRE.fixed64)) {
      this.expect(field, WIRE.bytes);
      if ((field.end - field.start) % size !== 0) {
        const message = `A list in ${this.what} has ${grouped(field.end - field.start)} bytes of ${size}-byte values.`;
        throw new ModelFormatError('LIST_LENGTH', message, field.offset, `a multiple of ${size} bytes`);
      }
    }
    return this.file.bytes.subarray(field.start, field.end);
  }

  private decoderAt(start: number, end: number): Reader {
    const { reader } = this.file;
    reader.pos = start;
    reader.len = end;
    return reader;
  }

  private fieldAt(offset: number): WireField {
    const tagEnd = this.varintEnd(offset, this.end);
    const tag = Number(decodeVarint(this.file.bytes, offset, tagEnd));
    const number = Math.floor(tag / 8);
    const type = tag % 8;
    if (number < 1 || number > 0x1fffffff) {
      const message = `In ${this.what} stands field number ${grouped(number)}.`;
      throw new ModelFormatError('FIELD_NUMBER', message, offset, 'field numbers from 1 to 536,870,911');
    }
    switch (type) {
      case WIRE.varint:
        return { number, type, offset, afterTag: tagEnd, start: tagEnd, end: this.varintEnd(tagEnd, this.end) };
      case WIRE.fixed64:
      case WIRE.fixed32: {
        const size = type === WIRE.fixed64 ? 8 : 4;
        this.checkFits(tagEnd, size, offset);
        return { number, type, offset, afterTag: tagEnd, start: tagEnd, end: tagEnd + size };
      }
      case WIRE.bytes: {
        const start = this.varintEnd(tagEnd, this.end);
        const length = Number(decodeVarint(this.file.bytes, tagEnd, start));
        this.checkFits(start, length, offset);
        return { number, type, offset, afterTag: tagEnd, start, end: start + length };
      }
      default: {
        const message = `Field ${grouped(number)} of ${this.what} is stored in a way that ONNX does not use (wire type ${type}).`;
        throw new ModelFormatError('WIRE_TYPE', message, offset, 'wire type 0, 1, 2 or 5');
      }
    }
  }

  private checkFits(start: number, length: number, offset: number): void {
    if (length >= 0 && length <= this.end - start) return;
    const message = `A field of ${this.what} says that ${length < 0 ? 'a negative number of' : grouped(length)} bytes follow.`;
    throw new ModelFormatError('FIELD_TOO_LONG', message, offset, `at most ${grouped(this.end - start)} bytes`);
  }

  private varintEnd(start: number, end: number): number {
    const { bytes } = this.file;
    const last = Math.min(end, start + MAX_VARINT_BYTES);
    for (let at = start; at < last; at++) if ((bytes[at] ?? 0) < 0x80) return at + 1;
    if (last === end) {
      throw new ModelFormatError(
        'FILE_TRUNCATED',
        `In ${this.what} a number is cut off.`,
        start,
        `the end is at byte ${grouped(end)}`,
      );
    }
    const limit = `at most ${MAX_VARINT_BYTES} bytes`;
    throw new ModelFormatError(
      'VARINT_TOO_LONG',
      `In ${this.what} a number has more than ${MAX_VARINT_BYTES} bytes.`,
      start,
      limit,
    );
  }

  private expect(field: WireField, type: WireType): void {
    if (field.type === type) return;
    const message = `Field ${field.number} of ${this.what} is stored as ${WIRE_NAMES[field.type]}.`;
    throw new ModelFormatError('WIRE_TYPE', message, field.offset, `stored as ${WIRE_NAMES[type]}`);
  }
}

/** A number where it is exact as one, else a bigint; negative ones are stored as 10 bytes of two's complement. */
function decodeVarint(bytes: Uint8Array, start: number, end: number): number | bigint {
  if (end - start <= EXACT_VARINT_BYTES) {
    let value = 0;
    for (let at = end - 1; at >= start; at--) value = value * 128 + ((bytes[at] ?? 0) & 0x7f);
    return value;
  }
  let value = 0n;
  for (let at = end - 1; at >= start; at--) value = (value << 7n) | BigInt((bytes[at] ?? 0) & 0x7f);
  return BigInt.asIntN(64, value);
}
