import { SCALAR_BYTES } from '../../../worker/core/formats/tflite/flatBuffer';
import type { Field, TableSchema } from '../../../worker/core/formats/tflite/flatTable';
import { BUFFER, CUSTOM_QUANTIZATION, OPERATOR } from '../../../worker/core/formats/tflite/schema';

interface Range {
  readonly start: number;
  readonly end: number;
  readonly what: string;
}

/** Lists that the schema wants aligned further than their elements are. */
const FORCED_ALIGNMENTS: ReadonlyMap<Field, number> = new Map<Field, number>([
  [BUFFER.data, 16],
  [CUSTOM_QUANTIZATION.custom, 16],
]);
const OUTSIDE_ALIGNMENT = 16;
const MAX_DEPTH = 64;

/**
 * Checks a FlatBuffers file by rules that are stricter than those of FlatBuffers' own verifier: every number, list and field
 * list aligned, everything inside the file, nothing on top of anything else, texts UTF-8 and terminated, no field that `schema`
 * does not have, and nothing but zeros in between.
 * @throws Error that says where a rule is broken
 */
export function verifyFlat(bytes: Uint8Array, schema: TableSchema, identifier: string): void {
  new Verifier(bytes).verify(schema, identifier);
}

class Verifier {
  private readonly view: DataView;
  private readonly ranges = new Map<string, Range>();
  private readonly outside = new Map<string, Range>();

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  verify(schema: TableSchema, identifier: string): void {
    const found = String.fromCharCode(...this.bytes.subarray(4, 8));
    this.must(found === identifier, `the identifier is ${found}`);
    this.cover(0, 8, 'header');
    this.table(this.follow(0, 'root'), schema, 'root', 0);
    this.verifyGaps();
  }

  private table(start: number, schema: TableSchema, path: string, depth: number): void {
    this.must(depth < MAX_DEPTH, `${path} is too deep`);
    this.must(start % 4 === 0, `${path} is at ${start}`);
    const vtable = start - this.view.getInt32(start, true);
    this.must(vtable % 2 === 0 && vtable >= 8, `${path}: its field list is at ${vtable}`);
    const [size, inlineSize] = [this.view.getUint16(vtable, true), this.view.getUint16(vtable + 2, true)];
    this.must(size >= 4 && size % 2 === 0, `${path}: its field list has ${size} bytes`);
    this.cover(vtable, vtable + size, 'field list');
    const isNew = this.cover(start, start + inlineSize, 'table');
    if (!isNew) return;
    const fields = new Map<number, { field: Field; name: string; part: 'value' | 'code' }>();
    for (const [name, field] of Object.entries(schema)) {
      fields.set(field.id, { field, name, part: field.kind === 'union' ? 'code' : 'value' });
      if (field.kind === 'union') fields.set(field.id + 1, { field, name, part: 'value' });
    }
    const taken = new Uint8Array(inlineSize).fill(1, 0, 4);
    for (let id = 0; id < (size - 4) / 2; id++) {
      const offset = this.view.getUint16(vtable + 4 + 2 * id, true);
      if (offset === 0) continue;
      const known = fields.get(id);
      if (known === undefined) throw new Error(`${path} has a field ${id}`);
      const { field, name, part } = known;
      const width = part === 'code' ? 1 : 'type' in field && field.kind !== 'vector' ? SCALAR_BYTES[field.type] : 4;
      const where = `${path}.${name}`;
      this.must(offset >= 4 && offset + width <= inlineSize, `${where} is outside its table`);
      this.must((start + offset) % width === 0, `${where} is at ${start + offset}`);
      this.must(!taken.subarray(offset, offset + width).includes(1), `${where} is on top of another field`);
      taken.fill(1, offset, offset + width);
      if (part === 'value') this.value(start + offset, field, where, depth, this.unionCode(start, vtable, size, field));
    }
    // Bytes of a table between its fields.
    for (let i = 0; i < inlineSize; i++)
      this.must(taken[i] === 1 || this.bytes[start + i] === 0, `${path} has a gap of other bytes`);
    this.verifyOutside(start, vtable, size, schema, path);
  }

  private value(place: number, field: Field, path: string, depth: number, code: number): void {
    switch (field.kind) {
      case 'vector': {
        const alignment = Math.max(SCALAR_BYTES[field.type], FORCED_ALIGNMENTS.get(field) ?? 1);
        this.list(this.follow(place, path), SCALAR_BYTES[field.type], alignment, path);
        break;
      }
      case 'string':
        this.text(this.follow(place, path), path);
        break;
      case 'table':
        this.table(this.follow(place, path), field.of, path, depth + 1);
        break;
      case 'tables': {
        const { start, count } = this.list(this.follow(place, path), 4, 4, path);
        for (let i = 0; i < count; i++) {
          const element = `${path}[${i}]`;
          this.table(this.follow(start + 4 * i, element), field.of, element, depth + 1);
        }
        break;
      }
      case 'union': {
        const schema = field.of[code - 1];
        if (schema === undefined) throw new Error(`${path} has a value of the unknown type ${code}`);
        this.table(this.follow(place, path), schema, path, depth + 1);
        break;
      }
      default:
    }
  }

  private unionCode(table: number, vtable: number, size: number, field: Field): number {
    if (field.kind !== 'union') return 0;
    const place = this.fieldPlace(table, vtable, size, field.id);
    return place === null ? 0 : this.view.getUint8(place);
  }

  private fieldPlace(table: number, vtable: number, size: number, id: number): number | null {
    const offset = 4 + 2 * id < size ? this.view.getUint16(vtable + 4 + 2 * id, true) : 0;
    return offset === 0 ? null : table + offset;
  }

  private list(head: number, size: number, alignment: number, path: string): { readonly start: number; readonly count: number } {
    this.must(head % 4 === 0, `${path} is at ${head}`);
    const count = this.view.getUint32(head, true);
    this.must((head + 4) % alignment === 0, `${path}: its elements are at ${head + 4}`);
    this.cover(head, head + 4 + count * size, `list of ${size}`);
    return { start: head + 4, count };
  }

  private text(head: number, path: string): void {
    this.must(head % 4 === 0, `${path} is at ${head}`);
    const end = head + 4 + this.view.getUint32(head, true);
    this.cover(head, end + 1, 'text');
    this.must(this.bytes[end] === 0, `${path} does not end with 0`);
    new TextDecoder('utf-8', { fatal: true }).decode(this.bytes.subarray(head + 4, end));
  }

  private verifyOutside(table: number, vtable: number, size: number, schema: TableSchema, path: string): void {
    const [offsetId, sizeId] =
      schema['large_custom_options_offset'] === undefined
        ? [BUFFER.offset.id, BUFFER.size.id]
        : [OPERATOR.large_custom_options_offset.id, OPERATOR.large_custom_options_size.id];
    if (schema['large_custom_options_offset'] === undefined && schema['offset'] !== BUFFER.offset) return;
    const [offset, length] = [offsetId, sizeId].map((id) => this.fieldPlace(table, vtable, size, id));
    if (offset === null || offset === undefined || length === null || length === undefined) return;
    const start = Number(this.view.getBigUint64(offset, true));
    if (start <= 1) return;
    this.must(start % OUTSIDE_ALIGNMENT === 0, `${path}: its data is at ${start}`);
    const end = start + Number(this.view.getBigUint64(length, true));
    this.must(end <= this.bytes.length, `${path}: its data ends at ${end}`);
    this.outside.set(`${start}-${end}`, { start, end, what: 'data outside' });
  }

  private follow(place: number, path: string): number {
    const offset = this.view.getUint32(place, true);
    this.must(offset >= 4 && place + offset + 4 <= this.bytes.length, `${path} leads to ${place + offset}`);
    return place + offset;
  }

  /** Whether it is met for the first time. */
  private cover(start: number, end: number, what: string): boolean {
    this.must(start >= 0 && end <= this.bytes.length, `a ${what} reaches from ${start} to ${end}`);
    const key = `${what} ${start} ${end}`;
    const isNew = !this.ranges.has(key);
    this.ranges.set(key, { start, end, what });
    return isNew;
  }

  private verifyGaps(): void {
    const tables = [...this.ranges.values()];
    const all = [...tables, ...this.outside.values()].sort((a, b) => a.start - b.start || a.end - b.end);
    const tablesEnd = Math.max(...tables.map(({ end }) => end));
    for (const { start } of this.outside.values()) this.must(start >= tablesEnd, `data outside is at ${start}, in the tables`);
    let end = 0;
    for (const range of all) {
      this.must(range.start >= end || range.start === range.end, `a ${range.what} at ${range.start} is on top of another thing`);
      this.must(!this.bytes.subarray(end, range.start).some((byte) => byte !== 0), `other bytes from ${end} to ${range.start}`);
      end = Math.max(end, range.end);
    }
  }

  private must(isSo: boolean, problem: string): void {
    if (!isSo) throw new Error(`not a sound file: ${problem}`);
  }
}
