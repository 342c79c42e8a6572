/**
 * A small FlatBuffers writer for tests, independent of the reader under test: values are described by field id, laid out in
 * the order parent, then children, so that all offsets point forward. `place` names a value so that a test can find its byte.
 * The same table object listed twice is written once and shared.
 */
export type FlatValue =
  | { readonly kind: 'scalar'; readonly bytes: Uint8Array; readonly place?: string }
  | { readonly kind: 'list'; readonly count: number; readonly bytes: Uint8Array; readonly align: number; readonly place?: string }
  | { readonly kind: 'tables'; readonly tables: readonly FlatTableSpec[]; readonly place?: string }
  | { readonly kind: 'table'; readonly table: FlatTableSpec; readonly place?: string };

export type FlatTableSpec = Readonly<Record<number, FlatValue>>;

const raw = (...arrays: ArrayLike<number>[]): Uint8Array => Uint8Array.from(arrays.flatMap((array) => Array.from(array)));
const bytesOf = (array: Int32Array | Float32Array | BigInt64Array | Int16Array | Uint16Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

export const int8 = (value: number, place?: string): FlatValue => named({ kind: 'scalar', bytes: raw([value & 0xff]) }, place);
export const int32 = (value: number, place?: string): FlatValue =>
  named({ kind: 'scalar', bytes: bytesOf(Int32Array.of(value)) }, place);
export const int64 = (value: bigint, place?: string): FlatValue =>
  named({ kind: 'scalar', bytes: bytesOf(BigInt64Array.of(value)) }, place);
export const float32 = (value: number): FlatValue => ({ kind: 'scalar', bytes: bytesOf(Float32Array.of(value)) });
export const int32s = (values: readonly number[], place?: string): FlatValue =>
  named({ kind: 'list', count: values.length, bytes: bytesOf(Int32Array.from(values)), align: 4 }, place);
export const uint16s = (values: readonly number[]): FlatValue => ({
  kind: 'list',
  count: values.length,
  bytes: bytesOf(Uint16Array.from(values)),
  align: 4,
});
export const float32s = (values: readonly number[]): FlatValue => ({
  kind: 'list',
  count: values.length,
  bytes: bytesOf(Float32Array.from(values)),
  align: 4,
});
export const int64s = (values: readonly number[]): FlatValue => ({
  kind: 'list',
  count: values.length,
  bytes: bytesOf(BigInt64Array.from(values, BigInt)),
  align: 8,
});
export const bytes = (values: ArrayLike<number>): FlatValue => ({
  kind: 'list',
  count: values.length,
  bytes: Uint8Array.from(values),
  align: 16,
});
export const text = (value: string): FlatValue => {
  const encoded = new TextEncoder().encode(value);
  return { kind: 'list', count: encoded.length, bytes: raw(encoded, [0]), align: 4 };
};
export const tables = (list: readonly FlatTableSpec[]): FlatValue => ({ kind: 'tables', tables: list });
export const table = (spec: FlatTableSpec): FlatValue => ({ kind: 'table', table: spec });

function named(value: FlatValue, place: string | undefined): FlatValue {
  return place === undefined ? value : { ...value, place };
}

export interface FlatFile {
  readonly bytes: Uint8Array;
  /** Byte of every named value: scalars where the value is, lists where their first element is. */
  readonly places: ReadonlyMap<string, number>;
}

export function writeFlat(root: FlatTableSpec, identifier = 'TFL3'): FlatFile {
  const out = new GrowingBytes();
  const places = new Map<string, number>();
  const written = new Map<FlatTableSpec, number>();
  const pending: (() => void)[] = [];

  const writeValue = (at: number, value: Exclude<FlatValue, { kind: 'scalar' }>) => {
    if (value.kind === 'table') {
      writeTable(at, value.table);
      return;
    }
    out.pad(value.kind === 'list' ? value.align : 4, 4);
    out.put32(at, out.length - at);
    out.put32(out.reserve(4), value.kind === 'list' ? value.count : value.tables.length);
    if (value.place !== undefined) places.set(value.place, out.length);
    if (value.kind === 'list') {
      out.append(value.bytes);
    } else {
      for (const spec of value.tables) {
        const entry = out.reserve(4);
        pending.push(() => writeTable(entry, spec));
      }
    }
  };

  const writeTable = (at: number, spec: FlatTableSpec) => {
    const shared = written.get(spec);
    if (shared !== undefined) {
      out.put32(at, shared - at);
      return;
    }
    const ids = Object.keys(spec).map(Number);
    const size = 4 + 2 * (ids.length === 0 ? 0 : Math.max(...ids) + 1);
    out.pad(8, size);
    const vtable = out.reserve(size);
    out.put16(vtable, size);
    out.put32(at, out.length - at);
    const start = out.reserve(4);
    written.set(spec, start);
    out.put32(start, start - vtable);
    for (const id of ids) {
      const value = spec[id];
      if (value === undefined) continue;
      out.pad(value.kind === 'scalar' ? value.bytes.length : 4);
      out.put16(vtable + 4 + 2 * id, out.length - start);
      if (value.kind === 'scalar') {
        if (value.place !== undefined) places.set(value.place, out.length);
        out.append(value.bytes);
      } else {
        const reference = out.reserve(4);
        pending.push(() => writeValue(reference, value));
      }
    }
    out.put16(vtable + 2, out.length - start);
  };

  const rootReference = out.reserve(4);
  out.append(new TextEncoder().encode(identifier));
  writeTable(rootReference, root);
  // Grows while it is walked.
  for (const work of pending) work();
  return { bytes: out.finished(), places };
}

/** Bytes that are appended to, and patched where an offset becomes known later. */
class GrowingBytes {
  length = 0;
  private bytes = new Uint8Array(1024);

  reserve(count: number): number {
    const start = this.length;
    this.length += count;
    if (this.length > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.length, 2 * this.bytes.length));
      larger.set(this.bytes);
      this.bytes = larger;
    }
    return start;
  }

  append(data: Uint8Array): void {
    const start = this.reserve(data.length);
    this.bytes.set(data, start);
  }

  /** Zeroes up to where `ahead` bytes more end on a multiple of `align`. */
  pad(align: number, ahead = 0): void {
    while ((this.length + ahead) % align !== 0) this.reserve(1);
  }

  put16(at: number, value: number): void {
    new DataView(this.bytes.buffer).setUint16(at, value, true);
  }

  put32(at: number, value: number): void {
    new DataView(this.bytes.buffer).setInt32(at, value, true);
  }

  finished(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}
