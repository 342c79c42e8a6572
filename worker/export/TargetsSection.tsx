import type { TargetMap, TargetPlacement, Verdict } from '../core/targets/verdict';
import { VERDICT_NAME, VerdictGlyph } from '../../webview/figures/VerdictGlyph';
import type { Numbered } from './numbered';
import { plural } from './reportWords';

const VERDICTS: readonly Verdict[] = ['native', 'conditional', 'fallback', 'rejected', 'unverified'];
const RESULT = { runs: 'runs', rejected: 'rejects the model', unverified: 'unverified' } as const;
/** Rows of a table on paper; the rest is in the embedded JSON. */
const MOST_ROWS = 400;

/** What each target does with each operator, and why. */
export function TargetsSection({ report, number }: Numbered) {
  const targets = Object.values(report.targets as Readonly<Partial<TargetMap>>).filter((target) => target !== undefined);
  const operators = targets[0]?.ops ?? [];
  if (operators.length === 0) return null;
  return (
    <section>
      <h2>
        {`${number()}. Targets`}
        <span class="note">{`${plural(operators.length, 'operator')} × ${plural(targets.length, 'target')}`}</span>
      </h2>
      <p class="keys">
        {VERDICTS.map((verdict) => (
          <span>
            <VerdictGlyph verdict={verdict} /> {VERDICT_NAME[verdict]}
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
            {targets.map(({ result }) => (
              <td class={result === 'rejected' ? 'c lost' : 'c'}>{RESULT[result]}</td>
            ))}
          </tr>
          {operators.slice(0, MOST_ROWS).map(({ op, index, subgraph }, row) => (
            <tr>
              <td>{subgraph === 0 ? `${index} ${op}` : `${subgraph}.${index} ${op}`}</td>
              {targets.map(({ ops }) => {
                const verdict = ops[row]?.verdict ?? 'unverified';
                return (
                  <td class="c">
                    <VerdictGlyph verdict={verdict} />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {operators.length > MOST_ROWS && (
        <p class="note">{`${plural(operators.length - MOST_ROWS, 'more operator')} in the embedded JSON.`}</p>
      )}
      <Reasons targets={targets} />
    </section>
  );
}

interface ReasonGroup {
  readonly target: string;
  readonly verdict: Verdict;
  readonly rule: string;
  readonly seen: string;
  readonly message: string;
  readonly source: string;
  readonly ops: readonly number[];
  readonly op: string;
}

/** The same reason for many operators is said once. */
function groupReasons(targets: readonly TargetPlacement[]): ReasonGroup[] {
  const groups = new Map<string, ReasonGroup>();
  for (const { label, ops } of targets) {
    for (const { op, index, verdict, reasons } of ops) {
      if (verdict === 'native') continue;
      for (const reason of reasons) {
        const key = JSON.stringify([label, verdict, op, reason]);
        const known = groups.get(key);
        groups.set(key, { ...reason, target: label, verdict, op, ops: [...(known?.ops ?? []), index] });
      }
    }
  }
  return [...groups.values()];
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
              <td>{group.target}</td>
              <td>{`${group.op}: ${opList(group.ops)}`}</td>
              <td>{VERDICT_NAME[group.verdict]}</td>
              <td>{group.rule}</td>
              <td class="t">{group.seen}</td>
              <td>{group.message}</td>
              <td class="dim">{group.source}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function opList(ops: readonly number[]): string {
  const first = ops.slice(0, 8).join(', ');
  return ops.length > 8 ? `${first} and ${ops.length - 8} more` : first;
}
