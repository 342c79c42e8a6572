import type { ForeignOperator } from '../../worker/core/analysis/foreignOperators';
import type { Report } from '../../worker/core/report/report';
import { counted, grouped, listed } from '../../worker/core/wording';

/** Names of operators in a sentence; the layers have them all. */
const MOST_NAMES = 4;

/**
 * Who computes what this engine does not, a sentence each: `LiteRT computes 3 of 40 ops: CONV_2D, WHILE ×2. Their insides ...`. Empty
 * where this engine computes all.
 */
export function foreignSentences({ foreign = [], layers }: Pick<Report, 'foreign' | 'layers'>): readonly string[] {
  const runtimes = [...new Set(foreign.flatMap(({ runtime }) => runtime ?? []))].sort();
  const of = (own: readonly ForeignOperator[]) => {
    const ops = [...new Map(own.map((one) => [one.index, one])).values()];
    return { text: `${grouped(ops.length)} of ${counted(layers.length, 'op')}: ${namesOf(ops)}`, one: ops.length === 1 };
  };
  const computed = runtimes.map((runtime) => {
    const { text, one } = of(foreign.filter((other) => other.runtime === runtime));
    return `${runtime} computes ${text}. ${one ? 'Its inside is' : 'Their insides are'} not seen, and rounding is the runtime’s own.`;
  });
  const missing = foreign.filter(({ runtime }) => runtime === null);
  return missing.length === 0 ? computed : [...computed, `Nobody computes ${of(missing).text}.`];
}

/** `WHILE ×2, CONV_2D`, the commonest first. */
function namesOf(ops: readonly ForeignOperator[]): string {
  const counts = new Map<string, number>();
  for (const { op } of ops) counts.set(op, (counts.get(op) ?? 0) + 1);
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const names = sorted.slice(0, MOST_NAMES).map(([name, count]) => (count === 1 ? name : `${name} ×${grouped(count)}`));
  const rest = sorted.length - names.length;
  return listed(rest > 0 ? [...names, counted(rest, 'other kind')] : names);
}

/** Who computes one operator, in a word or two: `LiteRT`, `LiteRT, float path`, `not computed`. */
export function foreignBadge({ runtime, path }: ForeignOperator): string {
  const who = runtime ?? 'not computed';
  return path === 'both' ? who : `${who}, ${path} path`;
}

export function foreignTip({ runtime, reason }: ForeignOperator): string {
  if (runtime !== null) return `Computed by ${runtime}: its inside is not seen, and rounding is the runtime’s own.`;
  return `Not computed: ${reason ?? 'no runtime takes it'}. Nothing is known of it and of what needs its values.`;
}
