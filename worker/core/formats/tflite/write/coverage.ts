import { grouped } from '../../../wording';
import { ModelFormatError } from '../../modelFormatError';
import type { FlatReference } from './flatNode';

/** Lists that overlap could ask for any amount of memory when each is written on its own. */
const MAX_TIMES_COVERED = 2;

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Which bytes of a file the tables that are known account for. */
export class Coverage {
  /** Behind the last byte that anything known takes. */
  end = 0;
  /** Texts that known fields refer to, by where they start. */
  readonly texts = new Map<number, FlatReference>();
  /** Where field lists start. */
  readonly vtables = new Set<number>();
  private readonly ranges: Range[] = [];
  private total = 0;

  constructor(private readonly fileBytes: number) {}

  add(start: number, end: number): void {
    this.ranges.push({ start, end });
    this.end = Math.max(this.end, end);
    this.total += end - start;
    if (this.total <= MAX_TIMES_COVERED * this.fileBytes) return;
    const message = 'The file cannot be written anew: its lists overlap.';
    throw new ModelFormatError('LISTS_OVERLAP', message, start, `lists of ${grouped(this.fileBytes)} bytes together`);
  }

  /** The ranges in order, those that touch or overlap as one. */
  merged(): readonly Range[] {
    const sorted = [...this.ranges].sort((a, b) => a.start - b.start);
    const merged: { start: number; end: number }[] = [];
    for (const { start, end } of sorted) {
      const last = merged.at(-1);
      if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
      else merged.push({ start, end });
    }
    return merged;
  }
}
