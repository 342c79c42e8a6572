import { SCALAR_BYTES } from '../flatBuffer';
import { type Field, type FlatTable, rootTable, type TableSchema, type VectorPlace } from '../flatTable';
import { sliceOfFile } from '../readBuffers';
import { BUFFER, MODEL, OPERATOR } from '../schema';
import { Coverage } from './coverage';
import { type FlatNode, type FlatReference, type FlatValue, idsOf, type OutsideBytes } from './flatNode';
import { bytesValue, tablesValue } from './flatValues';

/** An unknown table, and the unknown one that it was found in. */
export interface Owner {
  readonly start: number;
  readonly end: number;
  readonly owner: Owner | null;
}

/** A field that the schema does not have, in one table. */
export interface UnknownField {
  /** The type of its table, by the way to it from the root. */
  readonly type: string;
  /** The table, for messages. */
  readonly path: string;
  readonly id: number;
  readonly start: number;
  readonly end: number;
  /** A table in any case: a union of a code that the schema does not have. */
  readonly isTable: boolean;
  /** Its table where that is unknown as well. */
  readonly owner: Owner | null;
  /** Values of its table, which lack it so far. */
  readonly values: Map<number, FlatValue>;
}

/** A file's tables, all that the schema knows of them, and what it does not know. */
export interface SourceNodes {
  readonly root: FlatNode;
  readonly unknown: readonly UnknownField[];
  readonly coverage: Coverage;
}

/** Tables that may keep bytes after all tables, and how they tell. */
const OUTSIDE_FIELDS: ReadonlyMap<TableSchema, readonly [offset: string, size: string]> = new Map<
  TableSchema,
  readonly [string, string]
>([
  [BUFFER, ['offset', 'size']],
  [OPERATOR, ['large_custom_options_offset', 'large_custom_options_size']],
]);

/**
 * Takes a TensorFlow Lite file apart. Lists stay views into it.
 * @throws ModelFormatError where the file is damaged
 */
export function readNodes(bytes: Uint8Array): SourceNodes {
  const reader = new NodeReader(bytes);
  const root = reader.read(rootTable<TableSchema>(bytes, MODEL, 'model'), 'model');
  return { root, unknown: reader.unknown, coverage: reader.coverage };
}

type Table = FlatTable<TableSchema>;
type Name = Parameters<Table['tables']>[0];

/** A table that is being read. */
interface OpenTable {
  readonly table: Table;
  readonly type: string;
  readonly values: Map<number, FlatValue>;
}

class NodeReader {
  readonly unknown: UnknownField[] = [];
  readonly coverage: Coverage;
  private readonly nodes = new Map<TableSchema, Map<number, FlatNode>>();
  private readonly tableLists = new Map<TableSchema, Map<number, FlatValue>>();
  private readonly lists = new Map<number, FlatValue>();

  constructor(private readonly bytes: Uint8Array) {
    this.coverage = new Coverage(bytes.length);
    this.coverage.add(0, 8);
  }

  read(table: Table, type: string): FlatNode {
    const { position, schema } = table;
    return shared(this.nodes, schema, position, () => this.readTable(table, type));
  }

  private readTable(table: Table, type: string): FlatNode {
    const open: OpenTable = { table, type, values: new Map() };
    const { fields, ids } = partsOf(table.schema);
    this.cover(table);
    for (const [name, field] of fields) this.readField(open, name, field);
    for (let id = 0; id < table.idCount; id++) {
      if (table.place(id) !== null && !ids.has(id)) this.meetUnknown(open, id, type, false);
    }
    const outside = this.outside(table);
    if (outside === null) return { values: open.values };
    for (const id of [outside.offsetId, outside.sizeId]) open.values.delete(id);
    return { values: open.values, outside };
  }

  private readField(open: OpenTable, name: string, field: Field): void {
    const { table, values, type } = open;
    const place = field.kind === 'vector' || field.kind === 'string' || field.kind === 'tables' ? table.listPlace(name) : null;
    switch (field.kind) {
      case 'scalar':
      case 'enum':
      case 'deprecated':
        this.readInline(open, field.id, SCALAR_BYTES[field.type]);
        break;
      case 'vector':
        if (place !== null) values.set(field.id, this.list(place, SCALAR_BYTES[field.type], field.type === 'uint8'));
        break;
      case 'string':
        if (place !== null) values.set(field.id, this.text(place));
        break;
      case 'table': {
        const child: Table | null = table.table(name as Name);
        if (child !== null) values.set(field.id, { kind: 'table', node: this.read(child, `${type}.${name}`) });
        break;
      }
      case 'tables':
        if (place !== null) values.set(field.id, this.tables(table, name, field.of, place, `${type}.${name}`));
        break;
      case 'union':
        this.readUnion(open, name, field.id);
    }
  }

  private readInline({ table, values }: OpenTable, id: number, size: number): void {
    const start = table.place(id);
    if (start === null) return;
    values.set(id, { kind: 'inline', bytes: this.bytes.subarray(start, start + size), align: size });
  }

  private readUnion(open: OpenTable, name: string, id: number): void {
    this.readInline(open, id, 1);
    const { code, table: child } = open.table.union(name as Name);
    const type = `${open.type}.${name}:${code}`;
    if (child !== null) open.values.set(id + 1, { kind: 'table', node: this.read(child, type) });
    else if (open.table.place(id + 1) !== null) this.meetUnknown(open, id + 1, type, code !== 0);
  }

  private meetUnknown({ table, values }: OpenTable, id: number, type: string, isTable: boolean): void {
    const place = table.places().find((entry) => entry.id === id);
    if (place !== undefined) this.unknown.push({ ...place, type, path: table.path, isTable, owner: null, values });
  }

  private outside(table: Table): OutsideBytes | null {
    const [offsetName, sizeName] = OUTSIDE_FIELDS.get(table.schema) ?? [];
    if (offsetName === undefined || sizeName === undefined) return null;
    const offset = table.number(offsetName as Name);
    if (offset <= 1) return null;
    const size = table.number(sizeName as Name);
    const bytes = sliceOfFile(this.bytes, offset, size, table.offsetOf(offsetName), table.path);
    this.coverage.add(offset, offset + size);
    const idOf = (name: string) => table.schema[name]?.id ?? 0;
    return { bytes, offsetId: idOf(offsetName), sizeId: idOf(sizeName) };
  }

  private cover({ position, inlineSize, vtable, vtableSize }: Table): void {
    this.coverage.add(position, position + inlineSize);
    if (this.coverage.vtables.has(vtable)) return;
    this.coverage.vtables.add(vtable);
    this.coverage.add(vtable, vtable + vtableSize);
  }

  private tables(table: Table, name: string, of: TableSchema, { start, length }: VectorPlace, type: string): FlatValue {
    return shared(this.tableLists, of, start, () => {
      this.coverage.add(start - 4, start + 4 * length);
      const items = (table.tables(name as Name) as Table[]).map((child) => this.read(child, type));
      return tablesValue(items);
    });
  }

  private list({ start, length }: VectorPlace, size: number, isBytes: boolean): FlatValue {
    const end = start + length * size;
    return sharedIn(this.lists, start * 16 + size, () => {
      this.coverage.add(start - 4, end);
      const bytes = this.bytes.subarray(start, end);
      return isBytes ? bytesValue(bytes) : { kind: 'list', count: length, bytes, align: size };
    });
  }

  private text({ start, length }: VectorPlace): FlatValue {
    return sharedIn(this.lists, start * 16, () => {
      this.coverage.add(start - 4, Math.min(start + length + 1, this.bytes.length));
      const text: FlatReference = { kind: 'text', bytes: this.bytes.subarray(start, start + length) };
      this.coverage.texts.set(start - 4, text);
      return text;
    });
  }
}

/** What is at one place is made once, for each schema that it is read by. */
function shared<T>(all: Map<TableSchema, Map<number, T>>, schema: TableSchema, position: number, make: () => T): T {
  const known = all.get(schema) ?? new Map<number, T>();
  all.set(schema, known);
  return sharedIn(known, position, make);
}

function sharedIn<T>(known: Map<number, T>, key: number, make: () => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}

interface SchemaParts {
  readonly fields: readonly (readonly [name: string, field: Field])[];
  readonly ids: ReadonlySet<number>;
}

const schemaParts = new WeakMap<TableSchema, SchemaParts>();

/** A schema's fields and their ids, looked up once for all tables of it. */
function partsOf(schema: TableSchema): SchemaParts {
  const known = schemaParts.get(schema);
  if (known !== undefined) return known;
  const parts = { fields: Object.entries(schema), ids: new Set(Object.values(schema).flatMap(idsOf)) };
  schemaParts.set(schema, parts);
  return parts;
}
