import { checkEntries } from './logText';
import type { LogEntry, LogFact } from './targetLog';

export interface Profile {
  /** Operators that the interpreter ran itself. */
  readonly entries: readonly LogEntry[];
  /** Nodes that stand for what a delegate took. */
  readonly delegateNodes: readonly LogFact[];
  /** Different delegates among them. */
  readonly kinds: number;
}

const SECTION = /Operator-wise Profiling Info for Regular Benchmark Runs/;
const TABLE = /=+ Run Order =+/;
const END = /=+ (?!Run Order)\w|^Number of nodes executed|^Timings \(microseconds\)/;
/** Kind of node, figures, `[name of its outputs]:index`; tabs or blanks between, or commas. */
const ROW = /^\s*(\S.*?)[\s,]+((?:-?[\d.]+%?[\s,]+){5,8})\[(.*)\]:(\d+),?\s*$/;
const DELEGATE = /delegate|LITERT_/i;

/**
 * The first table "Run Order" of the regular runs of benchmark_model; null where there is none. Later ones are of what happens
 * inside of delegates, earlier ones of the set-up.
 */
export function readProfile(lines: readonly string[]): Profile | null {
  const section = lines.findIndex((line) => SECTION.test(line));
  const table = section < 0 ? -1 : lines.findIndex((line, at) => at > section && TABLE.test(line));
  if (table < 0) return null;
  const average = columnOfAverage(lines[table + 1] ?? '');
  const entries: LogEntry[] = [];
  const delegateNodes: LogFact[] = [];
  const kinds = new Set<string>();
  for (let at = table + 1; at < lines.length && !END.test(lines[at] ?? ''); at++) {
    const row = ROW.exec(lines[at] ?? '');
    if (row === null) continue;
    const [, op = '', figures = '', , index = ''] = row;
    const milliseconds = Number(figures.trim().split(/[\s,]+/)[average] ?? 'NaN');
    if (DELEGATE.test(op)) {
      kinds.add(op);
      delegateNodes.push({ name: op, value: `node ${index}, ${milliseconds} ms` });
    } else {
      entries.push({
        line: at + 1,
        op,
        which: { by: 'index', subgraph: 0, index: Number(index) },
        ran: 'cpu',
        status: 'run by the interpreter',
        figures: Number.isFinite(milliseconds) ? { milliseconds } : {},
      });
      checkEntries(entries.length, at + 1);
    }
  }
  return { entries, delegateNodes, kinds: kinds.size };
}

/** Among the figures after the kind: older tables have a start time first. */
function columnOfAverage(header: string): number {
  const columns = header.includes('[') ? [...header.matchAll(/\[([^\]]*)\]/g)].map((found) => found[1] ?? '') : header.split(',');
  const at = columns.findIndex((column) => /avg/.test(column));
  return at <= 0 ? 1 : at - 1;
}
