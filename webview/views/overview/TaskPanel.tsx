import { useState } from 'preact/hooks';
import type { Report, SampleReport, TaskReport } from '../../../worker/core/report/report';
import type { ConfusionCell } from '../../../worker/core/report/task/taskReport';
import { count } from '../../charts/format';
import { ConfusionTable, describeCell } from '../../figures/ConfusionTable';
import { flipGroups, marginText } from '../../figures/flipText';
import { Panel } from '../../ui/Panel';
import { useInspector } from '../InspectorContext';
import { plural } from '../text';

/** Samples of a group that are listed at once. */
const FIRST = 8;

export function hasTaskPanel({ task }: Report): boolean {
  return task !== null && (task.confusion !== null || flipCount(task) > 0);
}

/** What was answered for what on both paths, and the samples on which they differ. A sample that is picked is the one all screens show. */
export function TaskPanel({
  report,
  task,
  sample,
}: {
  readonly report: Report;
  readonly task: TaskReport;
  readonly sample: number | 'all' | null;
}) {
  const path = report.quantizedPath;
  const groups = task.flips ? flipGroups(report, task.flips, path ?? 'int8') : [];
  return (
    <Panel title="Answers" detail={detailText(task)} testId="panel-task" copies>
      {groups.map(({ title, samples }) => (
        <Group key={title} title={title} samples={samples} path={path} picked={sample} />
      ))}
      {task.flips && groups.length === 0 ? <p>Both paths give every labelled sample the same answer.</p> : null}
      {task.confusion ? <Matrix report={report} task={task} picked={sample} /> : null}
    </Panel>
  );
}

function flipCount({ flips }: TaskReport): number {
  return flips ? flips.lost.length + flips.won.length + flips.changed.length : 0;
}

function detailText(task: TaskReport): string {
  return task.flips ? `${plural(flipCount(task), 'sample')} answered differently by the two paths` : task.labels;
}

interface GroupProps {
  readonly title: string;
  readonly samples: readonly SampleReport[];
  readonly path: string | null;
  readonly picked: number | 'all' | null;
}

function Group({ title, samples, path, picked }: GroupProps) {
  const [all, setAll] = useState(false);
  const shown = all ? samples : samples.slice(0, FIRST);
  const hasMargin = samples.some(({ margin }) => margin !== undefined);
  return (
    <>
      <h3>
        {count(samples.length)} {title}
      </h3>
      <table class="answers" aria-label={title} data-testid="flips">
        <thead>
          <tr>
            {['sample', 'expected', 'float', path ?? 'quantized', ...(hasMargin ? ['margin'] : [])].map((label) => (
              <th scope="col" key={label} {...(label === 'margin' ? { tabIndex: 0, class: 'term', 'data-tip': MARGIN } : {})}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((sample) => (
            <tr key={sample.index}>
              <th scope="row">
                <SampleButton sample={sample} picked={picked} />
              </th>
              <td class="figure">{sample.expected}</td>
              <td class={`figure ${sample.float === sample.expected ? 'dim' : 'wrong'}`}>{sample.float || 'nothing'}</td>
              <td class={`figure ${sample.quantized === sample.expected ? 'dim' : 'wrong'}`}>{sample.quantized || 'nothing'}</td>
              {hasMargin ? <td class="figure small">{marginText(sample)}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < samples.length ? (
        <button
          type="button"
          class="plain-link"
          onClick={() => {
            setAll(true);
          }}
        >
          {`Show ${count(samples.length - shown.length)} more`}
        </button>
      ) : null}
    </>
  );
}

const MARGIN =
  'How far the answered class is ahead of the next, float → quantized, in reals of the output. A small one flips easily.';

function SampleButton({ sample, picked }: { readonly sample: SampleReport; readonly picked: number | 'all' | null }) {
  const inspector = useInspector();
  return (
    <button
      type="button"
      class="plain-link"
      aria-pressed={sample.index === picked}
      data-tip="Look into this sample on the other screens"
      onClick={() => {
        inspector.showSample(sample.index);
      }}
    >
      {sample.name}
    </button>
  );
}

/** A cell of the matrix tells its samples. */
function Matrix({
  report,
  task,
  picked,
}: {
  readonly report: Report;
  readonly task: TaskReport;
  readonly picked: number | 'all' | null;
}) {
  const [cell, setCell] = useState<ConfusionCell | null>(null);
  const { confusion } = task;
  if (!confusion) return null;
  const chosen = cell === null ? undefined : confusion.cells.find(({ expected, answered }) => expected === cell.expected && answered === cell.answered); // prettier-ignore
  const samples = chosen?.samples.flatMap((index) => report.perSample.find((sample) => sample.index === index) ?? []) ?? [];
  return (
    <>
      <h3>
        Answered for expected{' '}
        <span class="dim">
          {report.quantizedPath ? `${report.quantizedPath}; float→${report.quantizedPath} where they differ` : 'float'}
        </span>
      </h3>
      <div class="confusion-place">
        <ConfusionTable
          confusion={confusion}
          quantizedPath={report.quantizedPath}
          picked={chosen ?? null}
          onPick={(next) => {
            setCell(next === chosen ? null : next);
          }}
        />
      </div>
      <p class="caption" aria-live="polite" data-testid="confusion-text">
        {chosen ? `${describeCell(confusion, chosen, report.quantizedPath)}. First samples: ` : 'A cell lists its samples.'}
        {samples.map((sample) => (
          <>
            <SampleButton sample={sample} picked={picked} />{' '}
          </>
        ))}
      </p>
    </>
  );
}
