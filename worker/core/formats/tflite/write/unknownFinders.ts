import type { FlatObject, FlatReference, FlatValue } from './flatNode';
import type { FreeBytes } from './freeBytes';
import type { UnknownField } from './readNodes';

/** Finds things of one kind among the bytes that are not accounted for. */
export interface Finder {
  /** Text is carried over as a list of bytes, with its terminating zero. */
  readonly kind: 'table' | 'references' | 'list';
  /** Fields of the tables that were found. */
  readonly opened: readonly UnknownField[];
  /** The thing of this kind at `start`, or null. `field` leads there. */
  valueAt(start: number, field: UnknownField): FlatObject | null;
  /** The empty list at `start`, or null. */
  emptyAt(start: number): FlatObject | null;
}

const EMPTY: FlatReference = { kind: 'list', count: 0, bytes: new Uint8Array(4), align: 4 };

export class TableFinder implements Finder {
  readonly kind = 'table';
  readonly opened: UnknownField[] = [];

  constructor(private readonly free: FreeBytes) {}

  emptyAt(): null {
    return null;
  }

  valueAt(start: number, { type, id, path, owner }: UnknownField): FlatReference | null {
    const table = this.free.takeTable(start);
    if (table === null) return null;
    const values = new Map<number, FlatValue>();
    for (const field of table.fields) {
      const place = { type: `${type}.${id}`, path: `${path}.field ${id}`, owner: { ...table, owner } };
      this.opened.push({ ...field, ...place, isTable: false, values });
    }
    return { kind: 'table', node: { values } };
  }
}

export class TextFinder implements Finder {
  readonly kind = 'list';
  readonly opened = [];

  constructor(private readonly free: FreeBytes) {}

  emptyAt(start: number): FlatReference | null {
    return emptyAt(this.free, start);
  }

  valueAt(start: number): FlatReference | null {
    const end = this.free.takeText(start);
    if (end === null) return null;
    // In case it is a list of larger numbers that reads like a text in front of zeros.
    return listOf(this.free, start, this.free.withZeros(end, start + 4 + 8 * this.free.count(start)));
  }
}

export class ListFinder implements Finder {
  readonly kind = 'list';
  readonly opened = [];

  /** @param starts where all lists start, in order */
  constructor(
    private readonly free: FreeBytes,
    private readonly starts: Float64Array,
  ) {}

  emptyAt(start: number): FlatReference | null {
    return emptyAt(this.free, start);
  }

  valueAt(start: number): FlatReference | null {
    const end = this.free.takeList(start, this.startAfter(start));
    return end === null ? null : listOf(this.free, start, end);
  }

  private startAfter(start: number): number {
    let [low, high] = [0, this.starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] ?? 0) > start) high = middle;
      else low = middle + 1;
    }
    return this.starts[low] ?? this.free.bytes.length;
  }
}

/** A list of tables, or of texts. */
export class ReferencesFinder implements Finder {
  readonly kind = 'references';
  private readonly tables: TableFinder;
  private readonly texts: TextFinder;

  constructor(private readonly free: FreeBytes) {
    this.tables = new TableFinder(free);
    this.texts = new TextFinder(free);
  }

  get opened(): readonly UnknownField[] {
    return this.tables.opened;
  }

  emptyAt(start: number): FlatReference | null {
    return emptyAt(this.free, start);
  }

  valueAt(start: number, field: UnknownField): FlatObject | null {
    const end = start + 4 + 4 * this.free.count(start);
    if (!this.free.isFree(start, end)) return null;
    this.free.take(start, end);
    const met = new Map<number, FlatObject>();
    const items: FlatReference[] = [];
    for (let place = start + 4; place < end; place += 4) {
      const target = this.free.target(place);
      const item = target === null ? null : (met.get(target) ?? this.itemAt(target, field));
      if (target === null || item === null || item.kind === 'references' || item.kind !== (items[0] ?? item).kind) return null;
      met.set(target, item);
      items.push(item);
    }
    // Nothing but empty texts: numbers that lead to zeros look the same.
    return items.every((item) => item === EMPTY) ? null : { kind: 'references', items };
  }

  private itemAt(target: number, field: UnknownField): FlatObject | null {
    return this.texts.emptyAt(target) ?? this.texts.valueAt(target) ?? this.tables.valueAt(target, field);
  }
}

function emptyAt(free: FreeBytes, start: number): FlatReference | null {
  // With the zero byte that ends a text.
  if (!free.isFree(start, start + 4) || free.count(start) !== 0) return null;
  free.take(start, start + 4);
  return EMPTY;
}

/** All bytes of the list, aligned as they are here. */
function listOf(free: FreeBytes, start: number, end: number): FlatReference {
  const first = start + 4;
  const align = [16, 8].find((width) => first % width === 0) ?? 4;
  return { kind: 'list', count: free.count(start), bytes: free.bytes.subarray(first, end), align };
}
