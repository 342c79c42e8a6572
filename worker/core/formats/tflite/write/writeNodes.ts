import { Builder } from 'flatbuffers';
import { grouped } from '../../../wording';
import { ModelFormatError } from '../../modelFormatError';
import type { FlatNode, FlatObject, FlatReference, FlatValue, OutsideBytes } from './flatNode';

/** Offsets in a FlatBuffers file are signed where tables refer to their field lists. */
const MAX_FILE_BYTES = 2 ** 31 - 1;
/** Data after the tables is aligned as data inside them, for readers that map the file into memory. */
const DATA_ALIGN = 16;
/** Ways to combine fields; models have a few dozen. The builder compares each table's with all that there are. */
const MAX_LAYOUTS = 2000;

/**
 * Lays tables out as a FlatBuffers file: [header][tables][data outside the tables][trailing].
 * @param trailing what follows all else, made for the byte that it starts at; null for nothing
 * @throws ModelFormatError when the file would be 2 GiB or more
 */
export function writeNodes(root: FlatNode, identifier: string, trailing: ((start: number) => Uint8Array) | null): Uint8Array {
  const writer = new NodeWriter(measure(root));
  const tables = writer.finish(root, identifier);
  const regions = placeOutside(tables.length, writer.outside);
  const end = regions.at(-1)?.end ?? tables.length;
  const trailingStart = aligned(end);
  const tail = trailing?.(trailingStart) ?? new Uint8Array(0);
  const size = tail.length === 0 ? end : trailingStart + tail.length;
  if (size > MAX_FILE_BYTES) throw tooLarge(size);
  const file = new Uint8Array(size);
  file.set(tables);
  file.set(tail, size - tail.length);
  const view = new DataView(file.buffer);
  for (const { start, bytes, users } of regions) {
    file.set(bytes, start);
    for (const { fromEnd, offsetId } of users) {
      view.setBigUint64(fieldPlace(view, tables.length - fromEnd, offsetId), BigInt(start), true);
    }
  }
  return file;
}

interface OutsideUser {
  /** The table, counted from the end of all tables. */
  readonly fromEnd: number;
  readonly offsetId: number;
}

interface Region {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
  readonly users: OutsideUser[];
}

/** One place for each run of bytes, also where several tables keep the same one. */
function placeOutside(start: number, outside: readonly (OutsideUser & OutsideBytes)[]): Region[] {
  const regions: Region[] = [];
  const known = new Map<string, Region>();
  let next = start;
  for (const { bytes, ...user } of outside) {
    const key = `${bytes.byteOffset}+${bytes.length}`;
    let region = known.get(key);
    if (region?.bytes.buffer !== bytes.buffer) {
      const from = aligned(next);
      region = { start: from, end: from + bytes.length, bytes, users: [] };
      next = region.end;
      regions.push(region);
      known.set(key, region);
    }
    region.users.push(user);
  }
  return regions;
}

function aligned(position: number): number {
  return Math.ceil(position / DATA_ALIGN) * DATA_ALIGN;
}

function fieldPlace(view: DataView, table: number, id: number): number {
  const vtable = table - view.getInt32(table, true);
  return table + view.getUint16(vtable + 4 + 2 * id, true);
}

/** Bytes that the tables take at most, so that the builder never has to grow. */
function measure(root: FlatNode): number {
  const seen = new Set<object>();
  let bytes = 64;
  let outside = 0;
  const pending: FlatNode[] = [root];
  const meet = (value: FlatValue): void => {
    if (value.kind === 'inline') bytes += value.bytes.length + 8;
    else if (value.kind === 'table') {
      bytes += 4;
      pending.push(value.node);
    } else if (!seen.has(value)) {
      seen.add(value);
      bytes += 40;
      if (value.kind === 'references') {
        bytes += 4 * value.items.length;
        value.items.forEach(meet);
      } else bytes += value.bytes.length;
    }
  };
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    bytes += 32 + 2 * Math.max(0, ...node.values.keys()) + (node.outside === undefined ? 0 : 40);
    outside += node.outside?.bytes.length ?? 0;
    node.values.forEach(meet);
    if (bytes + outside > MAX_FILE_BYTES) throw tooLarge(bytes + outside);
  }
  return bytes;
}

function tooLarge(bytes: number): ModelFormatError {
  const message = `The model cannot be written: its file would have ${grouped(bytes)} bytes or more.`;
  return new ModelFormatError('FILE_TOO_LARGE', message, null, `at most ${grouped(MAX_FILE_BYTES)} bytes (2 GiB)`);
}

class NodeWriter {
  readonly outside: (OutsideUser & OutsideBytes)[] = [];
  private readonly builder: Builder;
  /** Where each node and list was written, counted from the end. */
  private readonly written = new Map<object, number>();
  private readonly layouts = new Set<string>();

  constructor(size: number) {
    this.builder = new Builder(size);
  }

  finish(root: FlatNode, identifier: string): Uint8Array {
    this.builder.finish(this.table(root), identifier);
    return this.builder.asUint8Array();
  }

  private table(node: FlatNode): number {
    const known = this.written.get(node);
    if (known !== undefined) return known;
    // The builder works from the end of the file to its start: what is written first lies last, so lists of data, which the
    // root names after the graphs, lie behind all tables.
    const ids = [...node.values.keys()].sort((a, b) => b - a);
    const references = new Map<number, number>();
    for (const id of ids) {
      const value = node.values.get(id);
      if (value !== undefined && value.kind !== 'inline') references.set(id, this.referenced(value));
    }
    const position = this.fields(node, ids, references);
    this.written.set(node, position);
    if (node.outside !== undefined) this.outside.push({ ...node.outside, fromEnd: position });
    return position;
  }

  private fields(node: FlatNode, ids: readonly number[], references: ReadonlyMap<number, number>): number {
    const { builder } = this;
    const { offsetId = -1, sizeId = -1, bytes = null } = node.outside ?? {};
    this.countLayout(`${ids.join()} ${offsetId}`);
    builder.startObject(Math.max(-1, ...ids, offsetId, sizeId) + 1);
    if (bytes !== null) {
      builder.addFieldInt64(sizeId, BigInt(bytes.length), null);
      // Patched when it is known.
      builder.addFieldInt64(offsetId, 0n, null);
    }
    // Large ones first: no gaps between them.
    for (const align of [8, 4, 2, 1]) {
      for (const id of ids) {
        const value = node.values.get(id);
        if (value?.kind === 'inline' && value.align === align) this.inline(id, value.bytes, align);
      }
      if (align === 4) for (const [id, position] of references) builder.addFieldOffset(id, position, 0);
    }
    return builder.endObject();
  }

  private countLayout(layout: string): void {
    this.layouts.add(layout);
    if (this.layouts.size <= MAX_LAYOUTS) return;
    const message = 'The model cannot be written: its tables combine fields in too many ways.';
    throw new ModelFormatError('TOO_MANY_LAYOUTS', message, null, `at most ${grouped(MAX_LAYOUTS)} ways`);
  }

  private inline(id: number, bytes: Uint8Array, align: number): void {
    const { builder } = this;
    builder.prep(align, bytes.length - align);
    for (let i = bytes.length - 1; i >= 0; i--) builder.writeInt8(bytes[i] ?? 0);
    builder.slot(id);
  }

  private referenced(value: FlatObject): number {
    if (value.kind === 'table') return this.table(value.node);
    const known = this.written.get(value);
    if (known !== undefined) return known;
    const position = this.list(value);
    this.written.set(value, position);
    return position;
  }

  private list(value: Exclude<FlatObject, { kind: 'table' }>): number {
    const { builder } = this;
    switch (value.kind) {
      case 'text':
        return builder.createString(value.bytes);
      case 'list': {
        builder.prep(4, value.bytes.length);
        builder.prep(value.align, value.bytes.length);
        const position = builder.createByteVector(value.bytes);
        // The list's own count, where its elements are larger than bytes.
        const file = builder.dataBuffer();
        file.writeInt32(file.capacity() - position, value.count);
        return position;
      }
      case 'references': {
        const positions = value.items.map((item: FlatReference) => this.referenced(item));
        builder.startVector(4, positions.length, 4);
        for (const position of positions.reverse()) builder.addOffset(position);
        return builder.endVector();
      }
    }
  }
}
