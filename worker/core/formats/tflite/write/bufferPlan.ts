import type { Tensor } from '../../../model/model';
import { bytesValue } from './flatValues';
import { EMPTY_NODE, type FlatNode, withValues } from './flatNode';
import { BUFFER } from '../schema';
import { sameBytes } from './sameValues';

/**
 * The file's list of buffers. Buffers keep their numbers, because metadata and things unknown may refer to them: a buffer whose
 * constants are all gone gets empty, or takes new data. Buffer 0 is never given data.
 */
export class BufferPlan {
  private readonly nodes: FlatNode[];
  /** Numbers that must stay what they are. */
  private readonly kept = new Set<number>([0]);
  /** Numbers that tensors and metadata refer to in the source. */
  private readonly before = new Set<number>();
  private readonly added: { readonly data: Uint8Array; number: number }[] = [];
  private readonly byPlace = new Map<ArrayBufferLike, Map<string, () => number>>();

  constructor(source: readonly FlatNode[]) {
    this.nodes = source.length === 0 ? [EMPTY_NODE] : [...source];
  }

  /** Remembers what the source uses a buffer for. */
  useBefore(number: number, data: Uint8Array | null): void {
    this.before.add(number);
    if (data !== null) this.remember(data, () => (this.kept.add(number), number));
  }

  keep(number: number): void {
    this.kept.add(number);
  }

  /** The buffer of a tensor, known after `place`. Tensors that show the same bytes of one memory share one. */
  of(origin: Tensor | null, { data }: Tensor): () => number {
    const isSame =
      origin !== null && (data === null || origin.data === null ? data === origin.data : sameBytes(data, origin.data));
    if (isSame) {
      this.kept.add(origin.buffer);
      return () => origin.buffer;
    }
    return data === null ? () => 0 : this.add(data);
  }

  add(data: Uint8Array): () => number {
    const shared = this.byPlace.get(data.buffer)?.get(placeOf(data));
    if (shared !== undefined) {
      // Keeps a buffer of the source from being taken.
      shared();
      return shared;
    }
    const entry = { data, number: -1 };
    this.added.push(entry);
    const number = () => entry.number;
    this.remember(data, number);
    return number;
  }

  /** Gives new data its numbers: first those that have become free. */
  place(): readonly FlatNode[] {
    const free = [...this.before].filter((number) => !this.kept.has(number) && number < this.nodes.length).sort((a, b) => a - b);
    for (const number of free) this.nodes[number] = EMPTY_NODE;
    for (const entry of this.added) {
      entry.number = free.shift() ?? this.nodes.length;
      this.nodes[entry.number] = withValues(EMPTY_NODE, [[BUFFER.data.id, bytesValue(entry.data)]]);
    }
    return this.nodes;
  }

  private remember(data: Uint8Array, number: () => number): void {
    const places = this.byPlace.get(data.buffer) ?? new Map<string, () => number>();
    this.byPlace.set(data.buffer, places);
    if (!places.has(placeOf(data))) places.set(placeOf(data), number);
  }
}

function placeOf({ byteOffset, byteLength }: Uint8Array): string {
  return `${byteOffset}+${byteLength}`;
}
