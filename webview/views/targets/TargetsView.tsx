import { useMemo, useRef } from 'preact/hooks';
import type { ModelOverview } from '../../../worker/core/report/overview';
import { count } from '../../charts/format';
import { textWidth } from '../../charts/textWidth';
import { sameOp } from '../../derived';
import { MARK_NAME, type ShownMark } from '../../figures/VerdictGlyph';
import type { AppState } from '../../state';
import { CopyMenu } from '../../ui/CopyMenu';
import { Icon } from '../../ui/Icon';
import { ProgressRing } from '../../ui/ProgressRing';
import { plural } from '../text';
import { LogPanel } from './LogPanel';
import { keptOps, matrixRows } from './matrixRows';
import { MatrixTools } from './MatrixTools';
import { PlacementPanel } from './PlacementPanel';
import { isSplit, placementTable, targetColumns, type TargetColumn } from './placements';
import { stretchesOf } from './stretches';
import { SummaryPanel } from './SummaryPanel';
import { MATRIX_ROW, TargetMatrix } from './TargetMatrix';
import { TargetPanel } from './TargetPanel';
import { VerdictMark } from './VerdictMark';

/** Around upright target names, in px. */
const HEAD_PADDING = 24;
const MARKS: readonly ShownMark[] = ['native', 'conditional', 'fallback', 'rejected', 'blocked', 'unverified', 'other'];

/** Operators by targets, with the reasons of the chosen place, the chosen target in figures, and one line per target. */
export function TargetsView({ state, overview }: { readonly state: AppState; readonly overview: ModelOverview }) {
  if (Object.keys(overview.targets).length === 0)
    return (
      <div class="targets-pending" data-testid="targets-pending">
        <ProgressRing label="Mapping to targets" /> Mapping {plural(overview.ops.length, 'op')} to targets
      </div>
    );
  return <MappedView state={state} overview={overview} />;
}

function MappedView({ state, overview }: { readonly state: AppState; readonly overview: ModelOverview }) {
  const panel = useRef<HTMLElement>(null);
  const { view, targets } = state;
  const { placement, verdicts, verdictsOn, targetPair, hiddenTargets, foldedStretches } = view;
  const { ops } = overview;
  const log = targets?.log ?? null;
  const all = useMemo(() => targetColumns(overview, log?.overlays), [overview.targets, log]);
  const stretches = useMemo(() => stretchesOf(ops), [overview.targets]);
  const pair = useMemo(() => pairOf(all, targetPair), [all, targetPair]);
  const inPair = verdicts === 'differ' ? pair : null;
  const columns = useMemo(
    () => all.filter((column) => !hiddenTargets.includes(column.name) || inPair?.includes(column)),
    [all, hiddenTargets, inPair],
  );
  const kept = useMemo(
    () => keptOps(ops.length, columns, { verdicts, verdictsOn, pair: inPair }),
    [columns, verdicts, verdictsOn, inPair],
  );
  const rows = useMemo(() => matrixRows(kept, stretches, foldedStretches), [kept, stretches, foldedStretches]);
  const marks = useMemo(() => new Set(columns.flatMap((column) => [...new Set(column.marks)])), [columns]);
  const head = HEAD_PADDING + Math.max(...columns.map(({ placement: { label } }) => Math.ceil(textWidth(label, 11))), 0);
  const column = all.find(({ name }) => name === (placement?.target ?? view.target));
  const position = placement === null ? -1 : ops.findIndex((op) => sameOp(op, placement));
  const op = ops[position];
  return (
    <div class="targets">
      <section
        ref={panel}
        class="panel matrix-panel"
        aria-label="Ops by targets"
        style={{ '--rows': `${head + rows.length * MATRIX_ROW}px` }}
      >
        <MatrixTools
          view={view}
          columns={all}
          pair={pair}
          hasLog={log !== null}
          title={
            <span aria-live="polite" data-testid="matrix-count">
              {count(kept.length)} {kept.length === ops.length ? '' : `of ${count(ops.length)} `}ops ×{' '}
              {plural(columns.length, 'target')}
            </span>
          }
          end={
            <CopyMenu
              of={panel}
              testId="matrix-copy"
              tables={() => [{ title: 'Ops by targets', rows: placementTable(ops, columns, kept) }]}
            />
          }
        />
        <Legend marks={marks} handOvers={columns.some(isSplit)} log={log !== null} />
        {targets?.problems.map((problem) => (
          <p class="own-problem" role="status" key={problem} data-testid="own-target-problem">
            <Icon name="warning" /> {problem}
          </p>
        ))}
        <TargetMatrix
          ops={ops}
          rows={rows}
          filtered={verdicts !== 'all'}
          columns={columns}
          selected={placement}
          tinted={inPair ? `${inPair[0].name} ${inPair[1].name}` : (column?.name ?? '')}
          nothing={nothingText(all, view.verdicts, verdictsOn)}
        />
      </section>
      <div class="targets-side">
        {column && op ? <PlacementPanel column={column} op={op} position={position} /> : null}
        {log ? <LogPanel log={log} target={column?.name ?? null} /> : null}
        <SummaryPanel columns={all} focused={column?.name ?? null} />
        {column ? <TargetPanel column={column} /> : null}
      </div>
    </div>
  );
}

/** The two targets held against each other: the chosen ones as far as they are there, else the first two. */
function pairOf(
  columns: readonly TargetColumn[],
  chosen: readonly [string, string] | null,
): readonly [TargetColumn, TargetColumn] | null {
  const [first, second] = columns;
  const named = (name: string | undefined) => columns.find((column) => column.name === name);
  const [a, b] = [named(chosen?.[0]) ?? first, named(chosen?.[1]) ?? second];
  return a && b ? [a, b] : null;
}

function nothingText(columns: readonly TargetColumn[], verdicts: string, on: string | null): string {
  const refused = columns.find(({ name }) => name === on)?.placement.reasons[0];
  if (verdicts === 'rejected' && refused) return `No single op does. The model as a whole: ${refused.message}`;
  if (verdicts === 'differ') return 'The two targets agree on every op.';
  return verdicts === 'log' ? 'Prediction and log agree on every op of which both speak.' : 'No op does.';
}

function Legend({
  marks,
  handOvers,
  log,
}: {
  readonly marks: ReadonlySet<ShownMark>;
  readonly handOvers: boolean;
  readonly log: boolean;
}) {
  return (
    <ul class="legend matrix-legend" aria-label="Legend">
      {MARKS.filter((mark) => marks.has(mark)).map((mark) => (
        <li key={mark}>
          <VerdictMark mark={mark} />
          {MARK_NAME[mark]}
        </li>
      ))}
      {handOvers ? (
        <>
          <li>
            <i class="key-handover" aria-hidden="true" />
            hand-over
          </li>
          <li>
            <i class="key-bracket" aria-hidden="true" />
            one partition
          </li>
        </>
      ) : null}
      {log ? (
        <li>
          <i class="key-differs" aria-hidden="true" />
          not as in the log
        </li>
      ) : null}
    </ul>
  );
}
