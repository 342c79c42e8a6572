import { ModelFormatError } from '../modelFormatError';
import { FlatBuffer, type Reader, type Scalar, SCALAR_BYTES } from './flatBuffer';
import { grouped } from '../../wording';

/** Field ids are positions in the table's declaration; a union takes two, its type and its value. */
export type Field =
  | { readonly kind: 'scalar'; readonly id: number; readonly type: Scalar; readonly default: number }
  /** `names` by code; a code without a name is kept as a number. */
  | {
      readonly kind: 'enum';
      readonly id: number;
      readonly type: Scalar;
      readonly names: readonly string[];
      readonly default: number;
    }
  | { readonly kind: 'deprecated'; readonly id: number; readonly type: Scalar }
  | { readonly kind: 'vector'; readonly id: number; readonly type: Scalar }
  | { readonly kind: 'string'; readonly id: number }
  | { readonly kind: 'table'; readonly id: number; readonly of: TableSchema }
  | { readonly kind: 'tables'; readonly id: number; readonly of: TableSchema }
  | { readonly kind: 'union'; readonly id: number; readonly of: readonly TableSchema[] };

export type TableSchema = Readonly<Record<string, Field>>;

type NamesOf<S extends TableSchema, K extends Field['kind']> = {
  [N in keyof S & string]: S[N]['kind'] extends K ? N : never;
}[keyof S & string];
type TargetOf<F> = F extends { of: infer T extends TableSchema } ? T : never;

const NO_FLOATS = new Float32Array(0);

/** Where the elements of a list start, and how many there are. */
export interface VectorPlace {
  readonly start: number;
  readonly length: number;
}

/** Where a field's bytes are in its table, up to the next field or the table's end. */
export interface FieldPlace {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

/** Far above what the schema has: bounds what one short field list, shared by many tables, can ask for. */
const MAX_FIELDS = 128;

/** The root table of a FlatBuffers file; `name` stands for it in messages. */
export function rootTable<S extends TableSchema>(bytes: Uint8Array, schema: S, name: string): FlatTable<S> {
  const buffer = new FlatBuffer(bytes);
  const reader: Reader = { pathOf: () => name };
  buffer.check(0, 4, reader, '');
  return new FlatTable(buffer, schema, buffer.follow(0, reader, ''), reader, '', -1);
}

/**
 * One table, read by a schema that is data. Absent fields give their default, an empty list, `null` (tables, unions) or ''
 * (strings). Nothing is read before its range is checked; lists of bytes are views into the file.
 */
export class FlatTable<S extends TableSchema> implements Reader {
  readonly vtable: number;
  readonly vtableSize: number;

  constructor(
    private readonly buffer: FlatBuffer,
    readonly schema: S,
    readonly position: number,
    private readonly parent: Reader,
    private readonly ownField: string,
    private readonly ownIndex: number,
  ) {
    buffer.countTable(position, this);
    buffer.check(position, 4, this, '');
    this.vtable = position - buffer.view.getInt32(position, true);
    if (this.vtable < 0 || this.vtable + 4 > buffer.bytes.length) {
      throw new ModelFormatError(
        'OFFSET_OUT_OF_RANGE',
        `The file is damaged or cut off: the field list of ${this.pathOf('', -1)} would be at byte ${grouped(this.vtable)}.`,
        position,
        `from 0 to ${grouped(buffer.bytes.length - 4)}`,
      );
    }
    this.vtableSize = buffer.view.getUint16(this.vtable, true);
    if (this.vtableSize < 4 || this.vtableSize % 2 !== 0) {
      const message = `The file is damaged: the field list of ${this.pathOf('', -1)} says that it has ${this.vtableSize} bytes.`;
      throw new ModelFormatError('FIELD_LIST_MALFORMED', message, this.vtable, 'an even size from 4 on');
    }
    buffer.check(this.vtable, this.vtableSize, this, '');
  }

  pathOf(field: string, index: number): string {
    const own = this.parent.pathOf(this.ownField, this.ownIndex);
    return `${own}${field === '' ? '' : `.${field}`}${index === -1 ? '' : `[${index}]`}`;
  }

  get path(): string {
    return this.pathOf('', -1);
  }

  /** Byte at which a field's value starts (for lists: at which the offset to the list is); the table's own when it is absent. */
  offsetOf(name: keyof S & string): number {
    return this.place(this.field(name).id) ?? this.position;
  }

  /** Byte at which an element of a list starts. */
  elementOffset(name: NamesOf<S, 'vector' | 'tables'>, index: number): number {
    const field = this.field(name);
    const vector = this.listPlace(name);
    return vector === null ? this.position : vector.start + index * (field.kind === 'vector' ? SCALAR_BYTES[field.type] : 4);
  }

  /** Names of the fields that the file gives a value for, without deprecated ones. */
  names(): (keyof S & string)[] {
    return Object.keys(this.schema).filter((name) => {
      const field = this.field(name);
      return field.kind !== 'deprecated' && this.place(field.id) !== null;
    });
  }

  /** Bytes that the table takes without what it refers to. */
  get inlineSize(): number {
    const size = this.buffer.view.getUint16(this.vtable + 2, true);
    this.buffer.check(this.position, size, this, '');
    return size;
  }

  /** Ids that the field list has room for, of fields that are in the schema or not. */
  get idCount(): number {
    const count = (this.vtableSize - 4) / 2;
    if (count <= MAX_FIELDS) return count;
    const message = `The file has a table of ${grouped(count)} fields, ${this.path}.`;
    throw new ModelFormatError('TOO_MANY_FIELDS', message, this.vtable, `at most ${MAX_FIELDS} fields`);
  }

  /** Byte at which a field's value starts, in the schema or not; null where the file gives none. */
  place(id: number): number | null {
    const entry = 4 + 2 * id;
    if (entry + 2 > this.vtableSize) return null;
    const offset = this.buffer.view.getUint16(this.vtable + entry, true);
    return offset === 0 ? null : this.position + offset;
  }

  /** Every field that the file gives a value for, in the schema or not, in the order of their bytes. */
  places(): FieldPlace[] {
    const starts: { id: number; start: number }[] = [];
    for (let id = 0; id < this.idCount; id++) {
      const start = this.place(id);
      if (start !== null) starts.push({ id, start });
    }
    starts.sort((a, b) => a.start - b.start);
    const end = this.position + this.inlineSize;
    return starts.map(({ id, start }, i) => ({ id, start, end: starts[i + 1]?.start ?? end }));
  }

  /** Where a list or text is; null when absent. Text ends before its terminating zero byte. */
  listPlace(name: keyof S & string): VectorPlace | null {
    const field = this.field(name);
    return this.vectorPlace(name, field.kind === 'vector' ? SCALAR_BYTES[field.type] : field.kind === 'tables' ? 4 : 1);
  }

  number(name: NamesOf<S, 'scalar'>): number {
    const field = this.field(name);
    if (field.kind !== 'scalar') throw new TypeError(`${name} is no scalar`);
    return this.readScalar(field.id, field.type, name) ?? field.default;
  }

  boolean(name: NamesOf<S, 'scalar'>): boolean {
    return this.number(name) !== 0;
  }

  /** The code's name, or the code itself as text where it has none. */
  enum(name: NamesOf<S, 'enum'>): string {
    const field = this.field(name);
    if (field.kind !== 'enum') throw new TypeError(`${name} is no enum`);
    const code = this.readScalar(field.id, field.type, name) ?? field.default;
    return field.names[code] ?? String(code);
  }

  text(name: NamesOf<S, 'string'>): string {
    const vector = this.vectorPlace(name, 1);
    if (vector === null) return '';
    this.buffer.countCopied(vector.length, vector.start, this, name);
    return this.buffer.text(vector.start, vector.length);
  }

  /** A view into the file for lists of bytes; null when absent. */
  bytes(name: NamesOf<S, 'vector'>): Uint8Array | null {
    const vector = this.vectorPlace(name, 1);
    return vector === null ? null : this.buffer.bytes.subarray(vector.start, vector.start + vector.length);
  }

  numbers(name: NamesOf<S, 'vector'>): number[] {
    const field = this.field(name);
    if (field.kind !== 'vector') throw new TypeError(`${name} is no list`);
    const size = SCALAR_BYTES[field.type];
    const vector = this.vectorPlace(name, size);
    if (vector === null) return [];
    this.buffer.countCopied(vector.length, vector.start, this, name);
    const values = new Array<number>(vector.length);
    for (let i = 0; i < vector.length; i++) values[i] = this.buffer.scalar(field.type, vector.start + i * size);
    return values;
  }

  /** As `numbers`, for lists of float32. */
  floats(name: NamesOf<S, 'vector'>): Float32Array {
    const vector = this.vectorPlace(name, SCALAR_BYTES.float32);
    if (vector === null) return NO_FLOATS;
    this.buffer.countCopied(vector.length, vector.start, this, name);
    const values = new Float32Array(vector.length);
    for (let i = 0; i < vector.length; i++) values[i] = this.buffer.view.getFloat32(vector.start + i * 4, true);
    return values;
  }

  /** As `numbers`, without an array of doubles: a view where the list is aligned in memory, else a copy. */
  integers(name: NamesOf<S, 'vector'>): Int32Array | Uint16Array | Uint8Array {
    const field = this.field(name);
    const type = field.kind === 'vector' ? field.type : 'uint8';
    const vector = this.vectorPlace(name, type === 'int32' ? 4 : type === 'uint16' ? 2 : 1);
    if (vector === null) return new Int32Array(0);
    const { bytes } = this.buffer;
    if (type !== 'int32' && type !== 'uint16') return bytes.subarray(vector.start, vector.start + vector.length);
    const { BYTES_PER_ELEMENT } = type === 'int32' ? Int32Array : Uint16Array;
    const start = bytes.byteOffset + vector.start;
    const aligned = start % BYTES_PER_ELEMENT === 0;
    if (!aligned) this.buffer.countCopied(vector.length, vector.start, this, name);
    const end = vector.start + vector.length * BYTES_PER_ELEMENT;
    const memory = aligned ? bytes.buffer : bytes.slice(vector.start, end).buffer;
    return type === 'int32'
      ? new Int32Array(memory, aligned ? start : 0, vector.length)
      : new Uint16Array(memory, aligned ? start : 0, vector.length);
  }

  /** Any field but tables by its own kind: what a table of plain options is read with. */
  value(name: keyof S & string): number | boolean | string | number[] {
    const field = this.field(name);
    switch (field.kind) {
      case 'scalar':
        return field.type === 'bool' ? this.boolean(name as never) : this.number(name as never);
      case 'enum':
        return this.enum(name as never);
      case 'vector':
        return this.numbers(name as never);
      case 'string':
        return this.text(name as never);
      default:
        throw new TypeError(`${name} is no plain value`);
    }
  }

  lengthOf(name: NamesOf<S, 'vector' | 'tables'>): number {
    return this.listPlace(name)?.length ?? 0;
  }

  table<N extends NamesOf<S, 'table'>>(name: N): FlatTable<TargetOf<S[N]>> | null {
    const field = this.field(name);
    if (field.kind !== 'table') throw new TypeError(`${name} is no table`);
    const place = this.reference(field.id, name);
    return place === null ? null : this.open(field.of as TargetOf<S[N]>, place, name, -1);
  }

  tables<N extends NamesOf<S, 'tables'>>(name: N): FlatTable<TargetOf<S[N]>>[] {
    const field = this.field(name);
    if (field.kind !== 'tables') throw new TypeError(`${name} is no list of tables`);
    const vector = this.vectorPlace(name, 4);
    const tables: FlatTable<TargetOf<S[N]>>[] = [];
    for (let i = 0; i < (vector?.length ?? 0); i++) {
      tables.push(this.open(field.of as TargetOf<S[N]>, (vector?.start ?? 0) + i * 4, name, i));
    }
    return tables;
  }

  /**
   * A union's code and table; `table` is null where the code is 0 or unknown, or where the value is absent.
   * `T` names what the caller makes of the table after looking at the code.
   */
  union<T extends TableSchema>(name: NamesOf<S, 'union'>): { readonly code: number; readonly table: FlatTable<T> | null } {
    const field = this.field(name);
    if (field.kind !== 'union') throw new TypeError(`${name} is no union`);
    const code = this.readScalar(field.id, 'uint8', name) ?? 0;
    const schema = code === 0 ? undefined : (field.of[code - 1] as T | undefined);
    const place = schema === undefined ? null : this.reference(field.id + 1, name);
    return { code, table: schema === undefined || place === null ? null : this.open(schema, place, name, -1) };
  }

  private open<T extends TableSchema>(schema: T, reference: number, name: string, index: number): FlatTable<T> {
    return new FlatTable(this.buffer, schema, this.buffer.follow(reference, this, name, index), this, name, index);
  }

  private field(name: keyof S & string): Field {
    const field = this.schema[name];
    if (field === undefined) throw new TypeError(`no field ${name}`);
    return field;
  }

  private readScalar(id: number, type: Scalar, name: string): number | null {
    const place = this.place(id);
    if (place === null) return null;
    this.buffer.check(place, SCALAR_BYTES[type], this, name);
    return this.buffer.scalar(type, place);
  }

  private reference(id: number, name: string): number | null {
    const place = this.place(id);
    if (place !== null) this.buffer.check(place, 4, this, name);
    return place;
  }

  private vectorPlace(name: keyof S & string, size: number): VectorPlace | null {
    const place = this.reference(this.field(name).id, name);
    if (place === null) return null;
    const head = this.buffer.follow(place, this, name);
    const length = this.buffer.view.getUint32(head, true);
    const fits = Math.floor((this.buffer.bytes.length - head - 4) / size);
    if (length > fits) {
      const message = `The file is damaged or cut off: ${this.pathOf(name, -1)} says that it has ${grouped(length)} elements.`;
      throw new ModelFormatError('LIST_TOO_LONG', message, head, `at most ${grouped(fits)} elements up to the end of the file`);
    }
    return { start: head + 4, length };
  }
}
