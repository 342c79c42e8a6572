import type { Change, Fix } from '../../worker/core/targets/fix';
import type { TargetPlacement } from '../../worker/core/targets/verdict';

/** One change to the model, and what it is asked for by on a target. */
export interface AskedChange {
  readonly change: Change;
  readonly fix: Fix;
  /** Operators whose verdict has this change as its remedy. */
  readonly ops: number;
  /** The target refuses the model for lack of it. */
  readonly rejects: boolean;
}

/** What would make the model fit a target better: each change once, those that it is refused for first, then by operators. */
export function changesOf({ ops, reasons }: TargetPlacement): readonly AskedChange[] {
  const asked = new Map<string, { fix: Fix; ops: number; rejects: boolean }>();
  const ask = (fix: Fix, count: number, rejects: boolean) => {
    const known = asked.get(fix.text) ?? { fix, ops: 0, rejects: false };
    asked.set(fix.text, { fix, ops: known.ops + count, rejects: known.rejects || rejects });
  };
  for (const { fix } of reasons) if (fix) ask(fix, 0, true);
  for (const op of ops) {
    if (!op.reached) continue;
    const fixes = new Map(op.reasons.flatMap(({ fix }) => (fix ? [[fix.text, fix] as const] : [])));
    for (const fix of fixes.values()) ask(fix, 1, op.verdict === 'rejected');
  }
  return [...asked.values()]
    .map((own) => ({ change: own.fix.change, ...own }))
    .sort((a, b) => Number(b.rejects) - Number(a.rejects) || b.ops - a.ops);
}
