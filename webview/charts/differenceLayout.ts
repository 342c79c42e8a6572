import { scaleLinear } from 'd3';
import { textWidth } from './textWidth';

export interface DifferenceRow {
  /** Start of the name, bold: `f`. */
  readonly name: string;
  /** The rest of it, dim: `after peephole`. */
  readonly stage: string;
  /** Share of values that differ per entry along time, 0..1. */
  readonly shares: readonly number[];
  /** dB against float of both sides; null: not compared. */
  readonly a: number | null;
  readonly b: number | null;
  /** Starts a group: some room above. */
  readonly apart: boolean;
}

export interface DifferenceLayout {
  readonly height: number;
  /** Right end of the names. */
  readonly nameEnd: number;
  readonly cellWidth: number;
  /** Shares are written in the cells; else they are shades only. */
  readonly written: boolean;
  /** Top of each row. */
  readonly tops: readonly number[];
  /** Entries whose number is written above. */
  readonly labelled: readonly number[];
  /** Pixels of a dB value; null where there is no room or nothing to show. */
  readonly db: { readonly x: (value: number) => number; readonly ticks: readonly number[]; readonly left: number } | null;
}

export const ROW = 26;
const TOP = 32;
const APART = 9;
const MOST_CELL = 54;
const WRITTEN_CELL = 38;
const LEAST_DOTS = 170;
const MOST_NAME = 168;

/** Names left, cells along time, dots right; the dots leave first when it gets narrow. */
export function layoutDifferences(rows: readonly DifferenceRow[], width: number): DifferenceLayout {
  const entries = Math.max(1, ...rows.map(({ shares }) => shares.length));
  const widest = Math.max(40, ...rows.map(({ name, stage }) => textWidth(`${name} ${stage}`, 11.5, { bold: true })));
  const nameEnd = Math.min(MOST_NAME, widest, width / 3) + 8;
  const values = rows.flatMap(({ a, b }) => [a, b]).filter((value) => value !== null);
  const room = width - nameEnd;
  const dots =
    values.length > 0 && room >= LEAST_DOTS + Math.min(entries * WRITTEN_CELL, 260) ? Math.max(LEAST_DOTS, room * 0.34) : 0;
  const cellWidth = Math.min(MOST_CELL, (room - dots) / entries);
  let y = TOP;
  const tops = rows.map(({ apart }, at) => {
    if (apart && at > 0) y += APART;
    y += ROW;
    return y - ROW;
  });
  return {
    height: y + 8,
    nameEnd,
    cellWidth,
    written: cellWidth >= WRITTEN_CELL,
    tops,
    labelled: labelledEntries(entries, cellWidth),
    db: dots > 0 ? dbAxis(values, nameEnd + entries * cellWidth + 26, width - 16) : null,
  };
}

/** Every entry where its number fits, else every second, fifth, tenth ... */
function labelledEntries(entries: number, cellWidth: number): readonly number[] {
  const needs = textWidth(String(entries), 10.5, { mono: true }) + 8;
  let every = 1;
  for (const step of [1, 2, 5, 10, 20, 50, 100, 200]) {
    every = step;
    if (step * cellWidth >= needs) break;
  }
  return Array.from({ length: Math.ceil(entries / every) }, (_, k) => k * every);
}

function dbAxis(values: readonly number[], left: number, right: number): DifferenceLayout['db'] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(2, (6 - (high - low)) / 2, (high - low) * 0.06);
  // A lone outlier must not press the rest together, but nothing is cut off either: the axis simply holds all.
  const x = scaleLinear([low - room, high + room], [left, right]);
  return { x, ticks: x.ticks(Math.max(2, Math.floor((right - left) / 60))), left };
}
