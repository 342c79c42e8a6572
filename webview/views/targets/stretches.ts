import type { OperatorInfo } from '../../../worker/core/report/overview';

/** Neighbouring operators that belong together: a layer of the network, or what stands between two. */
export interface Stretch {
  readonly id: string;
  readonly title: string;
  /** Positions in the list of operators, the end not included. */
  readonly start: number;
  readonly end: number;
}

/** Fewer operators need no stretches. */
const LEAST_OPS = 12;
/** Shorter runs of one scope are no stretch of their own. */
const LEAST_RUN = 3;
/** A stretch that fills several screens helps nobody to find the way. */
const MOST_RUN = 256;

type Named = Pick<OperatorInfo, 'subgraph' | 'index' | 'name'>;

/**
 * Splits operators into stretches by the scopes in their outputs' names (`model/lstm_4/mul` belongs to `lstm_4`), as frameworks
 * write them. A few operators of another scope do not end a stretch. Without scopes, pieces of equal length.
 */
export function stretchesOf(ops: readonly Named[]): readonly Stretch[] {
  if (ops.length < LEAST_OPS) return [];
  const scopes = scopesOf(ops);
  const runs = joinShort(bridged(runsOf(ops, scopes)));
  return runs.flatMap((run) => pieces(ops, run));
}

interface Run {
  readonly scope: string;
  readonly subgraph: number;
  readonly start: number;
  readonly end: number;
}

function scopesOf(ops: readonly Named[]): readonly string[] {
  const paths = ops.map(({ name }) => pathOf(name));
  const firsts = new Map<string, number>();
  for (const [first, second] of paths)
    if (first !== undefined && second !== undefined) firsts.set(first, (firsts.get(first) ?? 0) + 1);
  // What half of the operators begin with is the network itself.
  const root = [...firsts].find(([, found]) => found * 2 >= ops.length)?.[0];
  return paths.map((path) => {
    const [first = '', ...rest] = path[0] === root ? path.slice(1) : path;
    return rest.length === 0 ? '' : first;
  });
}

/** The longest of several joined names, split at slashes; the last part names the operation itself. */
function pathOf(name: string): readonly string[] {
  const longest = name.split(';').reduce((best, one) => (one.length > best.length ? one : best), '');
  return longest.split('/').filter((part) => part !== '');
}

function runsOf(ops: readonly Named[], scopes: readonly string[]): readonly Run[] {
  const runs: Run[] = [];
  ops.forEach(({ subgraph }, position) => {
    const scope = scopes[position] ?? '';
    const last = runs.at(-1);
    if (last !== undefined && last.scope === scope && last.subgraph === subgraph)
      runs[runs.length - 1] = { ...last, end: position + 1 };
    else runs.push({ scope, subgraph, start: position, end: position + 1 });
  });
  return runs;
}

const isShort = ({ start, end }: Run): boolean => end - start < LEAST_RUN;

/** Short interruptions of a scope become part of it. */
function bridged(runs: readonly Run[]): readonly Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    const before = joined.at(-2);
    const bridges = last !== undefined && before !== undefined && isShort(last) && before.scope === run.scope && run.scope !== '';
    if (bridges && before.subgraph === run.subgraph && last.subgraph === run.subgraph) {
      joined.splice(-2, 2, { ...before, end: run.end });
    } else joined.push(run);
  }
  return joined;
}

/** Short runs side by side become one without a scope. */
function joinShort(runs: readonly Run[]): readonly Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (last !== undefined && last.subgraph === run.subgraph && isShort(run) && (last.scope === '' || isShort(last))) {
      joined[joined.length - 1] = { ...last, scope: '', end: run.end };
    } else joined.push(run);
  }
  return joined;
}

function pieces(ops: readonly Named[], { scope, subgraph, start, end }: Run): readonly Stretch[] {
  const parts = Math.ceil((end - start) / MOST_RUN);
  const length = Math.ceil((end - start) / parts);
  return Array.from({ length: parts }, (_, part): Stretch => {
    const [from, to] = [start + part * length, Math.min(end, start + (part + 1) * length)];
    const [first, last] = [ops[from]?.index ?? 0, ops[to - 1]?.index ?? 0];
    const range = first === last ? `op ${first}` : `ops ${first} to ${last}`;
    const words = [
      ...(subgraph === 0 ? [] : [`subgraph ${subgraph}`]),
      ...(scope === '' ? [] : [scope]),
      ...(scope === '' || parts > 1 ? [range] : []),
    ];
    return { id: `${subgraph}-${first}`, title: titled(words, scope), start: from, end: to };
  });
}

/** Scopes keep their letters. */
function titled(words: readonly string[], scope: string): string {
  const text = words.join(', ');
  return words[0] === scope ? text : text.charAt(0).toUpperCase() + text.slice(1);
}
