import type { Coverage, Range } from './coverage';
import { startsArchive, trailingStart } from './trailingBytes';

const decoder = new TextDecoder('utf-8', { fatal: true });
const MAX_FIELDS = 128;
/** No list is aligned further, so no gap between two is longer. */
const MAX_GAP = 15;

/** A table as its bytes tell; the types of its fields are not known. */
export interface FoundTable extends Range {
  readonly vtable: Range;
  readonly fields: readonly (Range & { readonly id: number })[];
}

/**
 * The bytes of a file that nothing known takes, which are those of unknown fields, and gaps. What is found in them is taken out
 * of them, so that nothing is found twice; a failed attempt gives back what it took.
 */
export class FreeBytes {
  private readonly known: readonly Range[];
  private readonly marks: Uint8Array;
  private readonly view: DataView;
  private readonly vtables: Set<number>;
  private taken: (Range & { readonly isVtable: boolean })[] = [];

  constructor(
    readonly bytes: Uint8Array,
    coverage: Coverage,
  ) {
    this.known = coverage.merged();
    this.marks = new Uint8Array(bytes.length);
    for (const { start, end } of this.known) this.marks.fill(1, start, end);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.vtables = new Set(coverage.vtables);
  }

  /** Where the 32-bit offset at `place` leads to; null where it cannot be an offset to a list or table. */
  target(place: number): number | null {
    if (place % 4 !== 0 || place + 4 > this.bytes.length) return null;
    const offset = this.view.getUint32(place, true);
    const target = place + offset;
    return offset < 4 || offset % 4 !== 0 || target + 4 > this.bytes.length ? null : target;
  }

  /** Whether a table or list could be at `start`, whatever has been taken: whether its length is one that has room. */
  hasRoom(start: number): boolean {
    const end = this.endOfRun(start);
    return start + 4 <= end && (start + 4 + this.count(start) <= end || this.tableAt(start, end) !== null);
  }

  isFree(start: number, end: number): boolean {
    return start >= 0 && end <= this.bytes.length && !this.marks.subarray(start, end).includes(1);
  }

  count(start: number): number {
    return this.view.getUint32(start, true);
  }

  /** Behind the last byte that is accounted for. */
  get end(): number {
    return this.marks.lastIndexOf(1) + 1;
  }

  /** The first byte that nothing has taken and that is not zero, in front of a zip archive; null where there is none. */
  firstLeft(): number | null {
    const { end } = this;
    let from = 0;
    for (const { start, end: next } of [...this.known, { start: end, end }]) {
      for (let at = from; at < start; at++) if (this.marks[at] === 0 && this.bytes[at] !== 0) return at;
      from = next;
    }
    const rest = trailingStart(this.bytes, end);
    return rest === null || startsArchive(this.bytes, rest) ? null : rest;
  }

  /** Behind `end`, or where zeros that follow it end before `limit`. */
  withZeros(end: number, limit: number): number {
    let last = end;
    while (last < limit && last < this.bytes.length && this.bytes[last] === 0) last++;
    return last;
  }

  /** Runs `attempt`; when it fails, all that it took is free again. */
  orGiveBack(attempt: () => boolean): boolean {
    this.taken = [];
    if (attempt()) return true;
    for (const { start, end, isVtable } of this.taken) {
      this.marks.fill(0, start, end);
      if (isVtable) this.vtables.delete(start);
    }
    return false;
  }

  /** Takes the table at `start`; null where there is none. Its field list may be another table's as well. */
  takeTable(start: number): FoundTable | null {
    const table = this.tableAt(start, this.bytes.length);
    if (table === null || !this.isFree(table.start, table.end)) return null;
    const { vtable } = table;
    const isShared = this.vtables.has(vtable.start);
    if (!isShared && !this.isFree(vtable.start, vtable.end)) return null;
    this.take(start, table.end);
    if (!isShared) {
      this.take(vtable.start, vtable.end, true);
      this.vtables.add(vtable.start);
    }
    return table;
  }

  /** The table at `start` that ends before `limit`, as far as its own bytes tell. */
  private tableAt(start: number, limit: number): FoundTable | null {
    const vtable = start - this.view.getInt32(start, true);
    if (vtable % 2 !== 0 || vtable < 8 || vtable + 4 > this.bytes.length) return null;
    const size = this.view.getUint16(vtable, true);
    const end = start + this.view.getUint16(vtable + 2, true);
    if (size < 4 || size % 2 !== 0 || size > 4 + 2 * MAX_FIELDS || vtable + size > this.bytes.length) return null;
    if (end < start + 4 || end > limit) return null;
    const starts: { id: number; start: number }[] = [];
    for (let entry = 4; entry < size; entry += 2) {
      const offset = this.view.getUint16(vtable + entry, true);
      if (offset === 0) continue;
      if (offset < 4 || start + offset >= end) return null;
      starts.push({ id: (entry - 4) / 2, start: start + offset });
    }
    starts.sort((a, b) => a.start - b.start);
    if (starts.some((field, i) => field.start === starts[i + 1]?.start)) return null;
    const fields = starts.map((field, i) => ({ ...field, end: starts[i + 1]?.start ?? end }));
    return { start, end, vtable: { start: vtable, end: vtable + size }, fields };
  }

  /** Takes the text at `start` with its terminating zero byte, and gives its end; null where there is none, or an empty one. */
  takeText(start: number): number | null {
    const length = this.count(start);
    const end = start + 4 + length;
    // It ends with at least one zero byte, and with as many as keep what follows aligned.
    const filled = 4 * Math.floor(end / 4) + 4;
    if (length === 0 || end >= this.bytes.length || !this.isFree(start, end + 1)) return null;
    if (this.bytes.subarray(end, filled).some((byte) => byte !== 0)) return null;
    const text = this.bytes.subarray(start + 4, end);
    if (text.some((byte) => byte === 0x7f || (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13))) return null;
    try {
      decoder.decode(text);
    } catch {
      return null;
    }
    this.take(start, end + 1);
    return end + 1;
  }

  /**
   * Takes the list at `start` and gives its end; null where there is none, or an empty one. Its elements have 1, 2, 4 or 8
   * bytes: a size with which the list reaches up to what follows (`next`, or what is taken), but for a gap of zeros.
   */
  takeList(start: number, next: number): number | null {
    const count = this.count(start);
    const room = this.marks.subarray(start, next).indexOf(1);
    const limit = room === -1 ? next : start + room;
    const fits = [1, 2, 4, 8].some((size) => {
      const end = start + 4 + count * size;
      return end <= limit && limit - end <= MAX_GAP && !this.bytes.subarray(end, limit).some((byte) => byte !== 0);
    });
    if (count === 0 || !fits) return null;
    this.take(start, limit);
    return limit;
  }

  /** Where the next thing that is known starts; `position` itself where it is in one. */
  private endOfRun(position: number): number {
    let [low, high] = [0, this.known.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.known[middle]?.end ?? 0) > position) high = middle;
      else low = middle + 1;
    }
    return Math.max(position, this.known[low]?.start ?? this.bytes.length);
  }

  take(start: number, end: number, isVtable = false): void {
    this.marks.fill(1, start, end);
    this.taken.push({ start, end, isVtable });
  }
}
