import { readTable, type LogTable } from './logText';
import type { LogEntry, LogFact, Ran, LogContent } from './targetLog';
import { TargetLogError } from './targetLogError';

const TABLE = /<table name=["'](\w+)["']>\s*<!\[CDATA\[/g;

/** Vela's debug database (`--enable-debug-db`): original operators, what became of each, and which of that got commands. */
export function isVelaDatabase(text: string): boolean {
  return /^\s*(<\?xml[^>]*>\s*)?<debug\b/.test(text) && text.includes('<table');
}

/**
 * Two generations: the C++ core marks operators that stay on the CPU as Passthrough and keeps figures in a table `perf`; the
 * Python core knows only which operators got commands.
 */
export function readVelaDatabase(text: string): LogContent {
  const source = tableOf(text, 'source', ['id', 'operator']);
  const optimised = tableOf(text, 'optimised', ['id', 'source_id', 'operator']);
  const queue = tableOf(text, 'queue', ['optimised_id']);
  const perf = text.includes('name="perf"') ? tableOf(text, 'perf', ['source_id', 'op_cycles', 'mac_count']) : null;
  const commanded = new Set(queue.rows.map((row) => row.number('optimised_id')));
  const known = new Set(source.rows.map((row) => row.number('id')));
  const became = new Map<number, { passes: boolean; commands: boolean }>();
  for (const row of optimised.rows) {
    const of = row.number('source_id');
    // -1: made by the compiler itself.
    if (of < 0) continue;
    if (!known.has(of)) throw new TargetLogError('LOG_REFERENCE', `The row refers to source ${of}.`, row.line, 'an id of the table source'); // prettier-ignore
    const own = became.get(of) ?? { passes: false, commands: false };
    own.passes ||= row.text('operator') === 'Passthrough';
    own.commands ||= commanded.has(row.number('id'));
    became.set(of, own);
  }
  const figures = perf === null ? new Map<number, { cycles: number; macs: number }>() : sumFigures(perf);
  const isCpp = perf !== null;
  const entries: LogEntry[] = [];
  let [subgraph, before] = [0, -1];
  for (const [position, row] of source.rows.entries()) {
    const key = row.text('ext_key') === '' ? position : row.number('ext_key');
    // Operators are listed subgraph after subgraph, each from 0 on.
    if (key <= before) subgraph++;
    before = key;
    const id = row.number('id');
    const { ran, status } = fate(became.get(id), isCpp);
    const which = { by: 'index', subgraph, index: key } as const;
    entries.push({ line: row.line, op: row.text('operator'), which, ran, status, figures: figures.get(id) ?? {} });
  }
  return {
    kind: 'vela-database',
    tool: `Vela debug database (${isCpp ? 'C++' : 'Python'} core)`,
    targets: ['ethos-u55', 'ethos-u65', 'ethos-u85'],
    entries,
    others: null,
    taken: null,
    refused: null,
    facts: factsOf(text),
  };
}

function fate(own: { passes: boolean; commands: boolean } | undefined, isCpp: boolean): { ran: Ran | null; status: string } {
  if (own === undefined) return { ran: 'removed', status: 'removed by the compiler' };
  if (own.commands) return { ran: 'accelerator', status: 'has commands' };
  if (own.passes) return { ran: 'cpu', status: 'passed through' };
  return isCpp
    ? { ran: 'accelerator', status: 'without a command of its own: fused or only moved' }
    : { ran: null, status: 'no commands: on the CPU, or fused' };
}

function sumFigures(perf: LogTable): Map<number, { cycles: number; macs: number }> {
  const sums = new Map<number, { cycles: number; macs: number }>();
  for (const row of perf.rows) {
    const id = row.number('source_id');
    const own = sums.get(id) ?? { cycles: 0, macs: 0 };
    sums.set(id, { cycles: own.cycles + row.number('op_cycles'), macs: own.macs + row.number('mac_count') });
  }
  return sums;
}

function tableOf(text: string, name: string, columns: readonly string[]): LogTable {
  for (const found of text.matchAll(TABLE)) {
    if (found[1] !== name) continue;
    const start = found.index + found[0].length;
    const end = text.indexOf(']]>', start);
    const line = lineAt(text, start);
    if (end < 0) throw new TargetLogError('LOG_TRUNCATED', `The table "${name}" has no end.`, line, 'a complete file');
    const body = text.slice(start, end);
    const blank = /^\r?\n/.exec(body)?.[0] ?? '';
    return readTable(body.slice(blank.length), blank === '' ? line : line + 1, columns);
  }
  throw new TargetLogError('LOG_TABLE_MISSING', `The database has no table "${name}".`, null, 'tables source, optimised, queue');
}

function lineAt(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < position; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

function factsOf(text: string): LogFact[] {
  const source = /<debug[^>]*\bsource=["']([^"']*)["']/.exec(text)?.[1];
  return source === undefined ? [] : [{ name: 'source', value: source }];
}
