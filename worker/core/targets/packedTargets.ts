import type { OperatorPlacement, Reason, TargetMap, TargetPlacement, Verdict } from './verdict';

/**
 * A target map in few bytes, for the way from thread to thread and to the page: ten thousand operators on sixteen targets say the
 * same few things again and again.
 */
export interface PackedTargets {
  /** Operators in file order, as every target judges them; names are indices into `names`. */
  readonly ops: readonly (readonly [subgraph: number, index: number, name: number])[];
  readonly names: readonly string[];
  readonly kinds: readonly Omit<Reason, 'seen'>[];
  /** Index into `kinds`, and what was seen. */
  readonly reasons: readonly (readonly [kind: number, seen: string])[];
  readonly targets: readonly PackedTarget[];
}

export interface PackedTarget extends Omit<TargetPlacement, 'ops'> {
  readonly name: string;
  /** One letter of CODES for each operator. */
  readonly verdicts: string;
  /** Operators that have reasons, as runs with the same ones: first, number of operators, indices into `reasons`. */
  readonly runs: readonly (readonly [first: number, count: number, reasons: readonly number[]])[];
}

/** `b`: rejected without being reached. */
const CODES: Readonly<Record<string, Pick<OperatorPlacement, 'verdict' | 'reached'>>> = {
  n: { verdict: 'native', reached: true },
  c: { verdict: 'conditional', reached: true },
  f: { verdict: 'fallback', reached: true },
  r: { verdict: 'rejected', reached: true },
  u: { verdict: 'unverified', reached: true },
  b: { verdict: 'rejected', reached: false },
};

const LETTERS: Readonly<Record<Verdict, string>> = {
  native: 'n',
  conditional: 'c',
  fallback: 'f',
  rejected: 'r',
  unverified: 'u',
};

/** @param map targets that judge the same operators in the same order, as `mapTargets` makes them */
export function packTargets(map: TargetMap): PackedTargets {
  const names = new Numbers<string>((name) => name);
  const kinds = new Numbers<Omit<Reason, 'seen'>>((kind) => JSON.stringify(kind));
  const reasons = new Numbers<Reason>(({ seen, ...kind }) => `${kinds.of(kind)} ${seen}`);
  const [first] = Object.values(map);
  return {
    ops: (first?.ops ?? []).map(({ subgraph, index, op }) => [subgraph, index, names.of(op)] as const),
    targets: Object.entries(map).map(([name, { ops, ...target }]) => ({
      name,
      ...target,
      verdicts: ops.map(({ verdict, reached }) => (reached ? LETTERS[verdict] : 'b')).join(''),
      runs: runsOf(ops, reasons),
    })),
    names: names.items,
    reasons: reasons.items.map(({ seen, ...kind }) => [kinds.of(kind), seen] as const),
    kinds: kinds.items,
  };
}

/** The map again. Equal reasons are the same objects. */
export function unpackTargets({ ops, names, kinds, reasons: packed, targets }: PackedTargets): TargetMap {
  const reasons = packed.map(([kind, seen]): Reason | null => {
    const known = kinds[kind];
    return known === undefined ? null : { ...known, seen };
  });
  return Object.fromEntries(
    targets.map(({ name, verdicts, runs, ...target }) => {
      const reasonsOf = ops.map((): readonly Reason[] => NO_REASONS);
      for (const [first, count, indices] of runs) {
        reasonsOf.fill(
          indices.flatMap((index) => reasons[index] ?? []),
          first,
          first + count,
        );
      }
      const placements = ops.map(([subgraph, index, op], position): OperatorPlacement => {
        const { verdict, reached } = CODES[verdicts.charAt(position)] ?? { verdict: 'unverified', reached: true };
        return { subgraph, index, op: names[op] ?? '', verdict, reached, reasons: reasonsOf[position] ?? NO_REASONS };
      });
      return [name, { ...target, ops: placements }];
    }),
  );
}

const NO_REASONS: readonly Reason[] = [];

function runsOf(ops: readonly OperatorPlacement[], numbers: Numbers<Reason>): PackedTarget['runs'] {
  const runs: [first: number, count: number, reasons: readonly number[]][] = [];
  ops.forEach((op, position) => {
    if (op.reasons.length === 0) return;
    const own = op.reasons.map((reason) => numbers.of(reason));
    const run = runs.at(-1);
    const goes = run !== undefined && run[0] + run[1] === position && run[2].join() === own.join();
    if (goes) run[1] += 1;
    else runs.push([position, 1, own]);
  });
  return runs;
}

/** Numbers items in the order in which they first come, by what they are. */
class Numbers<T> {
  readonly items: T[] = [];
  private readonly byKey = new Map<string, number>();
  /** Saves making the key again: many operators share one reason. */
  private readonly byItem = new Map<T, number>();

  constructor(private readonly keyOf: (item: T) => string) {}

  of(item: T): number {
    const known = this.byItem.get(item);
    if (known !== undefined) return known;
    const key = this.keyOf(item);
    const number = this.byKey.get(key) ?? this.items.push(item) - 1;
    this.byKey.set(key, number);
    this.byItem.set(item, number);
    return number;
  }
}
