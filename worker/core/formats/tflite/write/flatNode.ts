import type { TableSchema } from '../flatTable';

/**
 * One table of a FlatBuffers file, taken apart: what is kept of every field, by field id. Nodes and values are never changed
 * once read or made; where a file shares a table or a list, it is one object here, and is written once.
 */
export interface FlatNode {
  readonly values: ReadonlyMap<number, FlatValue>;
  /** Bytes that the table keeps after all tables, and the two fields that say where. */
  readonly outside?: OutsideBytes;
}

export type FlatValue =
  /** A number, or a field whose type is unknown: its bytes in the table. */
  | { readonly kind: 'inline'; readonly bytes: Uint8Array; readonly align: number }
  /** A list of numbers, or one whose element size is unknown: `bytes` holds at least the `count` elements. */
  | { readonly kind: 'list'; readonly count: number; readonly bytes: Uint8Array; readonly align: number }
  /** UTF-8 as stored, without its terminating zero byte. */
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  | { readonly kind: 'table'; readonly node: FlatNode }
  /** A list of tables or texts. */
  | { readonly kind: 'references'; readonly items: readonly FlatReference[] };

/** What an offset in a table leads to. */
export type FlatObject = Exclude<FlatValue, { kind: 'inline' }>;

export type FlatReference = Extract<FlatValue, { kind: 'list' | 'text' | 'table' }>;

export interface OutsideBytes {
  readonly bytes: Uint8Array;
  readonly offsetId: number;
  readonly sizeId: number;
}

export const EMPTY_NODE: FlatNode = { values: new Map() };

/** Ids that a field's values have: a union has its code and its table. */
export function idsOf(field: TableSchema[string]): readonly number[] {
  return field.kind === 'union' ? [field.id, field.id + 1] : [field.id];
}

/** The node with some values set, or taken away where they are null. */
export function withValues(node: FlatNode, changes: Iterable<readonly [id: number, value: FlatValue | null]>): FlatNode {
  const values = new Map(node.values);
  for (const [id, value] of changes) {
    if (value === null) values.delete(id);
    else values.set(id, value);
  }
  return { ...node, values };
}

/** Tables of a list; none where it is absent. */
export function nodesOf(node: FlatNode, { id }: { readonly id: number }): readonly FlatNode[] {
  const value = node.values.get(id);
  return value?.kind === 'references' ? value.items.flatMap((item) => (item.kind === 'table' ? [item.node] : [])) : [];
}

/** The table of a field; null where it is absent. */
export function nodeOf(node: FlatNode, id: number): FlatNode | null {
  const value = node.values.get(id);
  return value?.kind === 'table' ? value.node : null;
}
