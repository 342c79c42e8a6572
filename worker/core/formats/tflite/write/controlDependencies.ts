import type { ModelEdit } from '../../../model/modelEdit';
import { grouped } from '../../../wording';
import { ModelFormatError } from '../../modelFormatError';
import { sameNumbers } from './sameValues';

const VERSION = 1;
const MAX_STEPS = 1_000_000;

type Edge = readonly [from: number, to: number];

/**
 * The entry "model_control_dependencies": for each graph, pairs of operators of which the first must run before the second.
 * Numbers are varints as in protocol buffers; [version][graphs]([pairs]([from][to])*)*, operators zigzag-encoded.
 * Pairs follow their operators; where an operator is gone, what had to run before it runs before what had to follow it.
 * @returns `data` itself where nothing changes, or where it is in another form
 */
export function renumberControlDependencies(data: Uint8Array, { graphs }: ModelEdit): Uint8Array {
  const before = parse(data);
  if (before === null) return data;
  const after = before.map((edges, i) => {
    const edit = graphs[i];
    return edit === undefined ? edges : renumber(edges, edit.operatorOrigins);
  });
  const bytes = serialize(after);
  return sameNumbers(bytes, data) ? data : bytes;
}

function renumber(edges: readonly Edge[], origins: readonly (number | null)[]): Edge[] {
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  origins.forEach((origin, place) => {
    if (origin === null) return;
    if (!first.has(origin)) first.set(origin, place);
    last.set(origin, place);
  });
  // Numbers below 0 stand for no operator.
  const isGone = (operator: number) => operator >= 0 && !first.has(operator);
  return withoutGone(edges, isGone).map(([from, to]): Edge => [last.get(from) ?? from, first.get(to) ?? to]);
}

/** Pairs of operators that are still there, also by way of those that are gone. */
function withoutGone(edges: readonly Edge[], isGone: (operator: number) => boolean): readonly Edge[] {
  if (!edges.some((edge) => edge.some(isGone))) return edges;
  const followers = new Map<number, number[]>();
  for (const [from, to] of edges) {
    const tos = followers.get(from);
    if (tos === undefined) followers.set(from, [to]);
    else tos.push(to);
  }
  const found: Edge[] = [];
  let steps = 0;
  for (const [from, tos] of followers) {
    if (isGone(from)) continue;
    const met = new Set(tos);
    for (const to of met) {
      if (!isGone(to)) found.push([from, to]);
      else for (const next of followers.get(to) ?? []) met.add(next);
      if (++steps > MAX_STEPS) {
        const message = 'The file says of too many operators which must run before which; they cannot be renumbered.';
        throw new ModelFormatError('TOO_MANY_DEPENDENCIES', message, null, `at most ${grouped(MAX_STEPS)} pairs`);
      }
    }
  }
  return found;
}

function parse(data: Uint8Array): Edge[][] | null {
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let factor = 1; at < data.length && factor <= 2 ** 28; factor *= 128) {
      const byte = data[at++] ?? 0;
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
    return NaN;
  };
  const signed = (value: number) => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);
  if (next() !== VERSION) return null;
  const count = next();
  const graphs: Edge[][] = [];
  while (graphs.length < count && at < data.length) {
    const edges = next();
    const list: Edge[] = [];
    while (list.length < edges && at < data.length) list.push([signed(next()), signed(next())]);
    if (list.length !== edges || list.flat().includes(NaN)) return null;
    graphs.push(list);
  }
  return graphs.length === count && at === data.length ? graphs : null;
}

function serialize(graphs: readonly (readonly Edge[])[]): Uint8Array {
  const bytes: number[] = [];
  const put = (value: number): void => {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push(128 + (rest % 128));
    bytes.push(rest);
  };
  const putSigned = (value: number) => put(value < 0 ? -2 * value - 1 : 2 * value);
  put(VERSION);
  put(graphs.length);
  for (const edges of graphs) {
    put(edges.length);
    edges.flat().forEach(putSigned);
  }
  return Uint8Array.from(bytes);
}
