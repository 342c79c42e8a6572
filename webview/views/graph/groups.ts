import type { GraphNode } from './opGraph';

/** Nodes that are drawn as one box until it is opened. */
export interface NodeGroup {
  /** The same for the same model, whatever is open. */
  readonly id: string;
  readonly label: string;
  /** Place of the group that it is in; null: none. A group comes after the one it is in. */
  readonly inside: number | null;
  /** Operators in it, those of inner groups too. */
  readonly size: number;
}

export interface Grouping {
  readonly groups: readonly NodeGroup[];
  /** The innermost group of every node. */
  readonly groupOf: readonly (number | null)[];
}

/** A graph of so few operators is shown whole. */
const SMALL = 24;
/** Fewer operators are no group. */
const LEAST = 4;
/** A scope with a larger share of what it is in says nothing. */
const NEARLY_ALL = 0.8;
/** Boxes side by side; more are put together in runs of `RUN`. */
const MOST_SIDE_BY_SIDE = 40;
const RUN = 32;

/**
 * Groups by the scopes that tensor names carry (`lstm_4/lstm_cell_4/MatMul`), and runs of neighbours where there are no scopes, or many.
 * Every open group, and the whole, shows a number of boxes that can be looked over.
 */
export function groupNodes(nodes: readonly GraphNode[]): Grouping {
  const groups: NodeGroup[] = [];
  const groupOf = new Array<number | null>(nodes.length).fill(null);
  const members = nodes.flatMap(({ kind }, at) => (kind === 'op' ? [at] : []));
  if (members.length <= SMALL) return { groups, groupOf };
  const add = (label: string, id: string, inside: number | null, size: number): number => {
    groups.push({ id, label, inside, size });
    return groups.length - 1;
  };

  const place = (child: Child, inside: number | null): void => {
    if (typeof child === 'number') {
      groupOf[child] = inside;
      return;
    }
    const own = add(child.label, child.id, inside, child.nodes.length);
    spread(child.children, own);
  };
  const spread = (children: readonly Child[], inside: number | null): void => {
    if (children.length <= MOST_SIDE_BY_SIDE) {
      for (const child of children) place(child, inside);
      return;
    }
    spread(runsOf(children, nodes), inside);
  };
  spread(childrenOf(scopesOf(nodes, members), nodes, ''), null);
  return { groups, groupOf };
}

/** A node, or a group to be. */
type Child = number | GroupChild;

interface GroupChild {
  readonly id: string;
  readonly label: string;
  /** All operators inside, in file order. */
  readonly nodes: readonly number[];
  readonly children: readonly Child[];
}

interface Scope {
  readonly name: string;
  /** All operators inside. */
  readonly nodes: number[];
  /** Those that are in none of the inner scopes. */
  readonly own: number[];
  readonly inner: Map<string, Scope>;
}

function scopesOf(nodes: readonly GraphNode[], members: readonly number[]): Scope {
  const root: Scope = { name: '', nodes: [], own: [], inner: new Map() };
  for (const at of members) {
    let scope = root;
    scope.nodes.push(at);
    for (const part of scopeParts(nodes[at]?.tensorName ?? '')) {
      let next = scope.inner.get(part);
      if (!next) scope.inner.set(part, (next = { name: part, nodes: [], own: [], inner: new Map() }));
      scope = next;
      scope.nodes.push(at);
    }
    scope.own.push(at);
  }
  return root;
}

/** Depth to which scopes are told apart: names come from files. */
const DEEPEST = 24;

/** Fused operators carry several names: the longest says most. The last part is the operator's own. */
function scopeParts(name: string): readonly string[] {
  const longest = name.split(';').reduce((best, one) => (one.length > best.length ? one : best), '');
  return longest
    .split('/')
    .filter((part) => part !== '')
    .slice(0, -1)
    .slice(0, DEEPEST);
}

/** Scopes that hold nearly all there is, or hardly anything, are seen through. */
function childrenOf(scope: Scope, nodes: readonly GraphNode[], path: string): readonly Child[] {
  const children: Child[] = [...scope.own];
  for (const inner of scope.inner.values()) {
    const below = `${path}/${inner.name}`;
    const isAll = inner.nodes.length >= NEARLY_ALL * scope.nodes.length;
    if (isAll || inner.nodes.length < LEAST) {
      children.push(...childrenOf(inner, nodes, below));
      continue;
    }
    const label = isUnrolledLstm(inner, nodes) ? `${inner.name}, unrolled` : inner.name;
    children.push({ id: below, label, nodes: inner.nodes, children: childrenOf(inner, nodes, below) });
  }
  return children.sort((a, b) => firstOf(a) - firstOf(b));
}

const firstOf = (child: Child): number => (typeof child === 'number' ? child : (child.nodes[0] ?? 0));
const nodesOf = (child: Child): readonly number[] => (typeof child === 'number' ? [child] : child.nodes);

/** Named as one, or the innermost scope that holds what an LSTM comes apart into: a split, sigmoids, tanh, products. */
function isUnrolledLstm(scope: Scope, nodes: readonly GraphNode[]): boolean {
  if (!hasLstmParts(scope, nodes)) return false;
  return /lstm|rnn/i.test(scope.name) || ![...scope.inner.values()].some((inner) => hasLstmParts(inner, nodes));
}

function hasLstmParts({ nodes: members }: Scope, nodes: readonly GraphNode[]): boolean {
  const names = new Set(members.map((at) => nodes[at]?.name));
  return ['SPLIT', 'LOGISTIC', 'TANH', 'MUL'].every((name) => names.has(name));
}

/** Neighbours in the file put together; a run of one stays what it is. */
function runsOf(children: readonly Child[], nodes: readonly GraphNode[]): readonly Child[] {
  const runs: Child[] = [];
  for (let start = 0; start < children.length; start += RUN) {
    const run = children.slice(start, start + RUN);
    const [only] = run;
    if (run.length === 1 && only !== undefined) {
      runs.push(only);
      continue;
    }
    const members = run.flatMap(nodesOf);
    const indices = members.map((at) => nodes[at]?.index ?? 0);
    const low = indices.reduce((a, b) => Math.min(a, b), Infinity);
    const high = indices.reduce((a, b) => Math.max(a, b), -Infinity);
    runs.push({ id: `ops ${low}-${high}`, label: `ops ${low} – ${high}`, nodes: members, children: run });
  }
  return runs;
}
