import { useMemo, useRef } from 'preact/hooks';
import type { ModelOverview } from '../../../worker/core/report/overview';
import { count } from '../../charts/format';
import { sameOp } from '../../derived';
import { MARK_NAME, type Mark } from '../../figures/VerdictGlyph';
import type { AppState } from '../../state';
import type { Choice } from '../../ui/choice';
import { CopyMenu } from '../../ui/CopyMenu';
import { Segmented } from '../../ui/Segmented';
import { VerdictMark } from './VerdictMark';
import type { VerdictFilter } from '../../viewState';
import { useInspector } from '../InspectorContext';
import { plural } from '../text';
import { PlacementPanel } from './PlacementPanel';
import { filterOps, placementTable, targetColumns } from './placements';
import { SummaryPanel } from './SummaryPanel';
import { MATRIX_ROW, TargetMatrix } from './TargetMatrix';

const FILTERS: readonly Choice<VerdictFilter>[] = [
  { value: 'all', label: 'All ops' },
  { value: 'fallback', label: 'Falls back' },
  { value: 'rejected', label: 'Rejected' },
];
/** Room for upright target names. */
const HEAD = 112;
const MARKS: readonly Mark[] = ['native', 'conditional', 'fallback', 'rejected', 'blocked', 'unverified'];

/** Operators by targets, with the reasons of the chosen place and one line per target. */
export function TargetsView({ state, overview }: { readonly state: AppState; readonly overview: ModelOverview }) {
  const inspector = useInspector();
  const panel = useRef<HTMLElement>(null);
  const { placement, verdicts } = state.view;
  const columns = useMemo(() => targetColumns(overview), [overview]);
  const ops = useMemo(() => filterOps(overview.ops, columns, verdicts), [overview, columns, verdicts]);
  const column = columns.find(({ name }) => name === placement?.target);
  const selectedOp = placement && overview.ops.find((op) => sameOp(op, placement));
  const shown = columns.map(
    ({ byOp }) => new Set([...byOp.values()].map(({ verdict, reached }) => (reached ? verdict : 'blocked'))),
  );
  return (
    <div class="targets">
      <section
        ref={panel}
        class="panel matrix-panel"
        aria-label="Ops by targets"
        style={{ '--rows': `${HEAD + ops.length * MATRIX_ROW}px` }}
      >
        <div class="matrix-tools">
          <h2>
            {count(ops.length)} {ops.length === overview.ops.length ? '' : `of ${count(overview.ops.length)} `}ops ×{' '}
            {plural(columns.length, 'target')}
          </h2>
          <Segmented
            label="Ops shown"
            choices={FILTERS}
            value={verdicts}
            testId="verdict-filter"
            onChange={(value) => {
              inspector.view({ verdicts: value });
            }}
          />
          <span class="spread" />
          <ul class="legend" aria-label="Legend">
            {MARKS.filter((mark) => shown.some((marks) => marks.has(mark))).map((mark) => (
              <li key={mark}>
                <VerdictMark mark={mark} />
                {MARK_NAME[mark]}
              </li>
            ))}
            <li>
              <i class="key-handover" aria-hidden="true" />
              hand-over
            </li>
          </ul>
          <CopyMenu
            of={panel}
            testId="matrix-copy"
            tables={() => [{ title: 'Ops by targets', rows: placementTable(ops, columns) }]}
          />
        </div>
        <TargetMatrix ops={ops} filtered={verdicts !== 'all'} columns={columns} selected={placement} />
      </section>
      <div class="targets-side">
        <PlacementPanel column={column ?? null} op={selectedOp ?? null} />
        <SummaryPanel columns={columns} />
      </div>
    </div>
  );
}
