import { ModelFormatError } from '../modelFormatError';
import { grouped } from './wording';

/**
 * A bounds-checked reader for any FlatBuffers file, driven by tables described as data (FlatBuffers' own "Internals" document
 * is the format). Nothing is read before its range is checked, vectors of bytes are views into the file, and two budgets bound
 * what a small file with shared (aliased) tables and vectors can make a reader do.
 */
export type Scalar = 'bool' | 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'float32';

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

const BYTES: Readonly<Record<Scalar, number>> = {
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

/** The limit of FlatBuffers' own verifier, which TensorFlow Lite uses. */
const MAX_TABLES = 1_000_000;
/** Numbers and characters copied out of the file: far above what models hold, and below what hurts. */
const MAX_COPIED = 32 * 1024 * 1024;

export class FlatBuffer {
  readonly view: DataView;
  private tables = 0;
  private copied = 0;

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  root<S extends TableSchema>(schema: S, name: string): FlatTable<S> {
    this.check(0, 4, name);
    return this.table(schema, this.follow(0, name), name);
  }

  table<S extends TableSchema>(schema: S, position: number, path: string): FlatTable<S> {
    this.tables++;
    if (this.tables > MAX_TABLES) {
      const limit = `at most ${grouped(MAX_TABLES)} tables`;
      throw new ModelFormatError(
        'TOO_MANY_TABLES',
        `The file describes too many parts; the last one is ${path}.`,
        position,
        limit,
      );
    }
    return new FlatTable(this, schema, position, path);
  }

  /** Throws unless `size` bytes from `position` on are inside the file. */
  check(position: number, size: number, path: string): void {
    if (position < 0 || position + size > this.bytes.length) {
      throw new ModelFormatError(
        'FILE_TRUNCATED',
        `The file is damaged or cut off: ${path} would take ${grouped(size)} bytes from byte ${grouped(position)} on.`,
        position < 0 || position > this.bytes.length ? null : position,
        `end of file at ${grouped(this.bytes.length)}`,
      );
    }
  }

  /** Position that the unsigned offset at `position` refers to. The offset itself has been checked to be inside. */
  follow(position: number, path: string): number {
    const offset = this.view.getUint32(position, true);
    const target = position + offset;
    if (offset === 0 || target + 4 > this.bytes.length) {
      throw new ModelFormatError(
        'OFFSET_OUT_OF_RANGE',
        `The file is damaged or cut off: ${path} points to byte ${grouped(target)}${offset === 0 ? ', its own place' : ''}.`,
        position,
        `offset from 1 to ${grouped(Math.max(0, this.bytes.length - 4 - position))}`,
      );
    }
    return target;
  }

  spend(elements: number, position: number, path: string): void {
    this.copied += elements;
    if (this.copied > MAX_COPIED) {
      const limit = `at most ${grouped(MAX_COPIED)} elements in lists`;
      throw new ModelFormatError(
        'LISTS_TOO_LONG',
        `The file's lists are too long altogether; the last one is ${path}.`,
        position,
        limit,
      );
    }
  }

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
        return Number(this.view.getBigInt64(position, true));
      case 'uint64':
        return Number(this.view.getBigUint64(position, true));
      case 'float32':
        return this.view.getFloat32(position, true);
    }
  }
}

interface VectorPlace {
  readonly start: number;
  readonly length: number;
}

/** One table of the file. Absent fields give their default, an empty list, `null` (tables, unions) or '' (strings). */
export class FlatTable<S extends TableSchema> {
  private readonly vtable: number;
  private readonly vtableSize: number;

  constructor(
    private readonly buffer: FlatBuffer,
    private readonly schema: S,
    readonly position: number,
    /** Where this table is, in the schema's names: `subgraphs[0].tensors[5]`. */
    readonly path: string,
  ) {
    buffer.check(position, 4, path);
    this.vtable = position - buffer.view.getInt32(position, true);
    if (this.vtable < 0 || this.vtable + 4 > buffer.bytes.length) {
      throw new ModelFormatError(
        'OFFSET_OUT_OF_RANGE',
        `The file is damaged or cut off: the field list of ${path} would be at byte ${grouped(this.vtable)}.`,
        position,
        `from 0 to ${grouped(buffer.bytes.length - 4)}`,
      );
    }
    this.vtableSize = buffer.view.getUint16(this.vtable, true);
    if (this.vtableSize < 4 || this.vtableSize % 2 !== 0) {
      const message = `The file is damaged: the field list of ${path} says that it has ${this.vtableSize} bytes.`;
      throw new ModelFormatError('FIELD_LIST_MALFORMED', message, this.vtable, 'an even size from 4 on');
    }
    buffer.check(this.vtable, this.vtableSize, `the field list of ${path}`);
  }

  /** Byte at which a field's value starts (for lists: at which the offset to the list is); the table's own when it is absent. */
  offsetOf(name: keyof S & string): number {
    return this.place(this.field(name).id) ?? this.position;
  }

  /** Byte at which an element of a list starts. */
  elementOffset(name: NamesOf<S, 'vector' | 'tables'>, index: number): number {
    const field = this.field(name);
    const size = field.kind === 'vector' ? BYTES[field.type] : 4;
    const vector = this.vectorPlace(name, size);
    return vector === null ? this.position : vector.start + index * size;
  }

  /** Names of the fields that the file gives a value for. */
  names(): (keyof S & string)[] {
    return Object.keys(this.schema).filter((name) => this.place(this.field(name).id) !== null);
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
    this.buffer.spend(vector.length, vector.start, `${this.path}.${name}`);
    return new TextDecoder().decode(this.buffer.bytes.subarray(vector.start, vector.start + vector.length));
  }

  /** A view into the file for lists of bytes; null when absent. */
  bytes(name: NamesOf<S, 'vector'>): Uint8Array | null {
    const vector = this.vectorPlace(name, 1);
    return vector === null ? null : this.buffer.bytes.subarray(vector.start, vector.start + vector.length);
  }

  numbers(name: NamesOf<S, 'vector'>): number[] {
    const field = this.field(name);
    if (field.kind !== 'vector') throw new TypeError(`${name} is no list`);
    const size = BYTES[field.type];
    const vector = this.vectorPlace(name, size);
    if (vector === null) return [];
    this.buffer.spend(vector.length, vector.start, `${this.path}.${name}`);
    const values = new Array<number>(vector.length);
    for (let i = 0; i < vector.length; i++) values[i] = this.buffer.scalar(field.type, vector.start + i * size);
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
    if (!aligned) this.buffer.spend(vector.length, vector.start, `${this.path}.${name}`);
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
    const field = this.field(name);
    return this.vectorPlace(name, field.kind === 'vector' ? BYTES[field.type] : 4)?.length ?? 0;
  }

  table<N extends NamesOf<S, 'table'>>(name: N): FlatTable<TargetOf<S[N]>> | null {
    const field = this.field(name);
    if (field.kind !== 'table') throw new TypeError(`${name} is no table`);
    const place = this.reference(field.id, name);
    const path = `${this.path}.${name}`;
    return place === null ? null : this.buffer.table(field.of as TargetOf<S[N]>, this.buffer.follow(place, path), path);
  }

  tables<N extends NamesOf<S, 'tables'>>(name: N): FlatTable<TargetOf<S[N]>>[] {
    const field = this.field(name);
    if (field.kind !== 'tables') throw new TypeError(`${name} is no list of tables`);
    const vector = this.vectorPlace(name, 4);
    const tables: FlatTable<TargetOf<S[N]>>[] = [];
    for (let i = 0; i < (vector?.length ?? 0); i++) {
      const path = `${this.path}.${name}[${i}]`;
      const position = this.buffer.follow((vector?.start ?? 0) + i * 4, path);
      tables.push(this.buffer.table(field.of as TargetOf<S[N]>, position, path));
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
    if (schema === undefined || place === null) return { code, table: null };
    const path = `${this.path}.${name}`;
    return { code, table: this.buffer.table(schema, this.buffer.follow(place, path), path) };
  }

  private field(name: keyof S & string): Field {
    const field = this.schema[name];
    if (field === undefined) throw new TypeError(`no field ${name}`);
    return field;
  }

  private place(id: number): number | null {
    const entry = 4 + 2 * id;
    if (entry + 2 > this.vtableSize) return null;
    const offset = this.buffer.view.getUint16(this.vtable + entry, true);
    return offset === 0 ? null : this.position + offset;
  }

  private readScalar(id: number, type: Scalar, name: string): number | null {
    const place = this.place(id);
    if (place === null) return null;
    this.buffer.check(place, BYTES[type], `${this.path}.${name}`);
    return this.buffer.scalar(type, place);
  }

  private reference(id: number, name: string): number | null {
    const place = this.place(id);
    if (place !== null) this.buffer.check(place, 4, `${this.path}.${name}`);
    return place;
  }

  private vectorPlace(name: keyof S & string, size: number): VectorPlace | null {
    const place = this.reference(this.field(name).id, name);
    if (place === null) return null;
    const path = `${this.path}.${name}`;
    const head = this.buffer.follow(place, path);
    const length = this.buffer.view.getUint32(head, true);
    const fits = Math.floor((this.buffer.bytes.length - head - 4) / size);
    if (length > fits) {
      const message = `The file is damaged or cut off: ${path} says that it has ${grouped(length)} elements.`;
      throw new ModelFormatError('LIST_TOO_LONG', message, head, `at most ${grouped(fits)} elements up to the end of the file`);
    }
    return { start: head + 4, length };
  }
}
