import type { OperatorPlacement, Reason, TargetPlacement } from '../core/targets/verdict';
import { MARK_NAME, VerdictGlyph, type ShownMark } from '../../webview/figures/VerdictGlyph';
import type { Numbered } from './numbered';
import { plural } from './reportWords';
import { TargetChanges, TargetFigures } from './TargetFigures';

const MARKS: readonly ShownMark[] = ['native', 'conditional', 'fallback', 'rejected', 'blocked', 'unverified', 'other'];
const RESULT = { runs: 'runs', rejected: 'rejects the model', unverified: 'unverified' } as const;
/** Rows of a table on paper; the rest is in the embedded JSON. */
const MOST_ROWS = 400;

/** What each target does with each operator, and why. */
export function TargetsSection({ report, number }: Numbered) {
  const targets = Object.values(report.targets);
  const operators = targets[0]?.ops ?? [];
  if (operators.length === 0) return null;
  return (
    <section>
      <h2>
        {`${number()}. Targets`}
        <span class="note">{`${plural(operators.length, 'operator')} × ${plural(targets.length, 'target')}`}</span>
      </h2>
      <p class="keys">
        {MARKS.map((mark) => (
          <span>
            <VerdictGlyph mark={mark} /> {MARK_NAME[mark]}
          </span>
        ))}
      </p>
      <table class="data">
        <thead>
          <tr>
            <th>op</th>
            {targets.map(({ label, version }) => (
              <th class="c">
                {label}
                <br />
                <span class="note">{version}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <td class="dim">whole model</td>
            {targets.map((target) => (
              <td class={target.result === 'rejected' ? 'c lost' : 'c'}>
                {isOther(target, report.model.format) ? `reads .${target.reads ?? ''}` : RESULT[target.result]}
              </td>
            ))}
          </tr>
          {operators.slice(0, MOST_ROWS).map(({ op, index, subgraph }, row) => (
            <tr>
              <td class="name">{subgraph === 0 ? `${index} ${op}` : `${subgraph}.${index} ${op}`}</td>
              {targets.map((target) => (
                <td class="c">
                  <VerdictGlyph mark={isOther(target, report.model.format) ? 'other' : markOf(target.ops[row])} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {operators.length > MOST_ROWS && (
        <p class="note">{`${plural(operators.length - MOST_ROWS, 'more operator')} in the embedded JSON.`}</p>
      )}
      <TargetFigures targets={targets.filter((target) => !isOther(target, report.model.format))} />
      <TargetChanges targets={targets} />
      <Reasons targets={targets} />
    </section>
  );
}

function isOther({ reads }: TargetPlacement, format: string): boolean {
  return reads !== undefined && reads !== format;
}

function markOf(placement: OperatorPlacement | undefined): ShownMark {
  if (!placement) return 'unverified';
  return placement.reached ? placement.verdict : 'blocked';
}

interface ReasonGroup extends Omit<Reason, 'seen'> {
  readonly targets: readonly string[];
  /** What the target does, in words. */
  readonly verdict: string;
  /** Operators as they are named in the table: `0 UNIDIRECTIONAL_SEQUENCE_LSTM`. */
  readonly ops: readonly string[];
  readonly seen: readonly string[];
}

/** One reason for many operators is said once, and once for the targets that share it. */
function groupReasons(targets: readonly TargetPlacement[]): ReasonGroup[] {
  const perTarget = targets.flatMap(({ label, result, reasons: ofModel, ops }) => {
    const groups = new Map<string, ReasonGroup>();
    const whole = { name: 'the whole model', verdict: RESULT[result], reasons: ofModel };
    const single = ops
      .filter(({ verdict, reached }) => verdict !== 'native' && reached)
      .map(({ op, index, verdict, reasons }) => ({ name: `${index} ${op}`, verdict: MARK_NAME[verdict], reasons }));
    for (const { name, verdict, reasons } of [whole, ...single]) {
      for (const { seen, ...reason } of reasons) {
        const key = JSON.stringify([verdict, reason]);
        const known = groups.get(key) ?? { ...reason, targets: [label], verdict, ops: [], seen: [] };
        groups.set(key, { ...known, ops: [...known.ops, name], seen: [...new Set([...known.seen, seen])] });
      }
    }
    return [...groups.values()];
  });
  const shared = new Map<string, ReasonGroup>();
  for (const group of perTarget) {
    const key = JSON.stringify({ ...group, targets: [] });
    const known = shared.get(key);
    shared.set(key, known ? { ...known, targets: [...known.targets, ...group.targets] } : group);
  }
  return [...shared.values()];
}

function Reasons({ targets }: { targets: readonly TargetPlacement[] }) {
  const groups = groupReasons(targets);
  if (groups.length === 0) return null;
  return (
    <>
      <h3 style={{ marginTop: '14px' }}>Why</h3>
      <table class="data">
        <thead>
          <tr>
            <th>target</th>
            <th>operators</th>
            <th>verdict</th>
            <th>rule</th>
            <th>seen</th>
            <th>what it means</th>
            <th>source</th>
          </tr>
        </thead>
        <tbody>
          {groups.slice(0, MOST_ROWS).map((group) => (
            <tr>
              <td>{group.targets.join(', ')}</td>
              <td class="name">
                <Operators names={group.ops} />
              </td>
              <td>{group.verdict}</td>
              <td class="name">{group.rule}</td>
              <td class="t name">{some(group.seen, '; ', 3)}</td>
              <td class="name">{group.message}</td>
              <td class="dim name">{group.source}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** Operators of one kind together: `FULLY_CONNECTED 2, 5`. */
function Operators({ names }: { names: readonly string[] }) {
  const kinds = new Map<string, string[]>();
  for (const name of names) {
    const [, index, op = name] = /^(\d+) (.*)$/.exec(name) ?? [];
    kinds.set(op, [...(kinds.get(op) ?? []), ...(index === undefined ? [] : [index])]);
  }
  return (
    <>
      {[...kinds].map(([op, indices]) => (
        <div>
          <span class="op">{op}</span>
          {indices.length === 0 ? '' : ` ${some(indices, ', ', 8)}`}
        </div>
      ))}
    </>
  );
}

function some(items: readonly string[], separator: string, most: number): string {
  const first = items.slice(0, most).join(separator);
  return items.length > most ? `${first} and ${items.length - most} more` : first;
}
