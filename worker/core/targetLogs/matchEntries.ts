import type { Model, Operator } from '../model/model';
import type { LogEntry, Ran, TargetLog } from './targetLog';

/** An operator of the model, with the graph that it is in. */
export interface Place {
  readonly subgraph: number;
  readonly operator: Operator;
}

/** Statements about a kind of operator that leave open which one is meant. */
export interface CountedKind {
  readonly op: string;
  readonly places: readonly Place[];
  readonly entries: readonly LogEntry[];
  /** Operators of the kind that the log speaks of. */
  readonly inLog: number;
}

export interface Matches {
  readonly entryOf: ReadonlyMap<Operator, LogEntry>;
  readonly kinds: readonly CountedKind[];
  /** Entries that fit no operator of the model. */
  readonly unmatched: readonly LogEntry[];
}

const BUILTIN_NAME = /^[A-Z][A-Z0-9_]*$/;

/** Finds the operators that the entries of a log are about: by index, by what they write, or by kind and count. */
export function matchEntries(model: Model, { entries }: TargetLog): Matches {
  const index = indexOf(model);
  const entryOf = new Map<Operator, LogEntry>();
  const unmatched: LogEntry[] = [];
  const counted = new Map<readonly Place[], LogEntry[]>();
  const parts = new Map<readonly Place[], LogEntry[]>();
  for (const entry of entries) {
    const { which } = entry;
    const alike = index.byKind.get(plain(entry.op));
    const place =
      which.by === 'index'
        ? index.byIndex.get(`${which.subgraph}/${which.index}`)
        : which.by === 'output'
          ? index.byOutput.get(which.name)
          : undefined;
    // Compilers have names of their own for some kinds; then the place decides.
    const fits = alike === undefined ? !BUILTIN_NAME.test(entry.op) : place !== undefined && alike.includes(place);
    if (place !== undefined && fits) entryOf.set(place.operator, joined(entryOf.get(place.operator), entry));
    else if (alike === undefined || which.by === 'index') unmatched.push(entry);
    // A tensor that the model does not have: of an operator that the tool took apart, such as the gates of an LSTM.
    else push(which.by === 'kind' ? counted : parts, alike, entry);
  }
  for (const [places, own] of parts) addParts(entryOf, places, own);
  return { entryOf, kinds: [...counted].flatMap(([places, own]) => countKind(entryOf, places, own)), unmatched };
}

/** Gives a counted kind's entry to each of its operators where all are alike; else they stay counted. */
function countKind(entryOf: Map<Operator, LogEntry>, places: readonly Place[], entries: readonly LogEntry[]): CountedKind[] {
  const inLog = entries.reduce((sum, { which }) => sum + (which.by === 'kind' ? (which.count ?? 0) : 0), 0);
  const isUncounted = entries.every(({ which }) => which.by === 'kind' && which.count === null);
  const [first] = entries;
  const alike = new Set(entries.map(({ ran }) => ran)).size === 1;
  if (first === undefined) return [];
  if (alike && (isUncounted || inLog === places.length)) {
    const status = [...new Set(entries.map((entry) => entry.status))].join('; ');
    for (const { operator } of places) if (!entryOf.has(operator)) entryOf.set(operator, { ...first, status });
    return [];
  }
  return [{ op: first.op, places, entries, inLog }];
}

/** Parts tell where their operators ran; which figures are whose only where there is one operator of the kind. */
function addParts(entryOf: Map<Operator, LogEntry>, places: readonly Place[], parts: readonly LogEntry[]): void {
  const [first, ...others] = parts;
  if (first === undefined || parts.some(({ ran }) => ran !== first.ran)) return;
  const whole = others.reduce(joined, first);
  for (const { operator } of places) {
    const own = joined(entryOf.get(operator), whole);
    entryOf.set(operator, places.length === 1 ? own : { ...own, figures: {} });
  }
}

function joined(before: LogEntry | undefined, entry: LogEntry): LogEntry {
  if (before === undefined) return entry;
  const ran: Ran | null = before.ran === 'cpu' || entry.ran === 'cpu' ? 'cpu' : (before.ran ?? entry.ran);
  const sum = (name: 'cycles' | 'macs' | 'milliseconds') => {
    const [a, b] = [before.figures[name], entry.figures[name]];
    return a === undefined && b === undefined ? {} : { [name]: (a ?? 0) + (b ?? 0) };
  };
  return { ...before, ran, figures: { ...sum('cycles'), ...sum('macs'), ...sum('milliseconds') } };
}

function indexOf(model: Model) {
  const byIndex = new Map<string, Place>();
  const byOutput = new Map<string, Place>();
  const byKind = new Map<string, Place[]>();
  for (const graph of model.graphs) {
    for (const operator of graph.operators) {
      const place: Place = { subgraph: graph.index, operator };
      byIndex.set(`${graph.index}/${operator.index}`, place);
      for (const output of operator.outputs) byOutput.set(graph.tensors[output]?.name ?? '', place);
      const kind = plain(operator.customCode ?? operator.name);
      push(byKind, kind, place);
    }
  }
  // `MaxPool` is MAX_POOL_2D.
  for (const [kind, places] of [...byKind]) {
    const short = kind.replace(/2d$/, '');
    if (!byKind.has(short)) byKind.set(short, places);
  }
  byOutput.delete('');
  return { byIndex, byOutput, byKind };
}

function push<K, T>(lists: Map<K, T[]>, key: K, item: T): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [item]);
  else known.push(item);
}

/** `UnidirectionalSequenceLstm` and `UNIDIRECTIONAL_SEQUENCE_LSTM` are one kind. */
function plain(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, '').toLowerCase();
}
