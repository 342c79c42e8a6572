import { useState } from 'preact/hooks';
import { NOTABLE_DB } from '../../../worker/core/findings/runRule';
import type { BlameReport, BlameSubject } from '../../../worker/core/blame/blameReport';
import type { ModelOverview } from '../../../worker/core/report/overview';
import { decibel, gain, NOT_MEASURED } from '../../charts/format';
import type { AppState } from '../../state';
import { Button } from '../../ui/Button';
import { Link } from '../../ui/Link';
import { Panel } from '../../ui/Panel';
import { Segmented } from '../../ui/Segmented';
import { StudyProgress } from '../StudyProgress';
import { useInspector } from '../InspectorContext';
import { plural } from '../text';
import {
  arithmeticText,
  blameCoverage,
  errorsChange,
  FILTER_LABELS,
  filtersOf,
  gainText,
  placeOfSubject,
  shownSubjects,
} from './blameRows';

interface Props {
  readonly state: AppState;
  readonly overview: ModelOverview;
  /** The selected part's row is marked. */
  readonly marked?: BlameSubject | null;
  /** Rows before "Show more". */
  readonly first: number;
  /** Only the gain beside each thing. */
  readonly brief?: boolean;
}

/** What the model's output gains when one thing alone is put back to float, ranked. */
export function BlamePanel(props: Props) {
  const inspector = useInspector();
  const { answer, asked, problem } = props.state.studies.blame;
  const { blamed } = props.state.view;
  const filters = answer ? filtersOf(answer) : [];
  return (
    <Panel
      title="Blame"
      detail={answer ? blameCoverage(answer) : 'one thing at a time put back to float'}
      class="blame-panel"
      testId="panel-blame"
      {...(answer ? { copies: true as const } : {})}
      end={
        asked ? (
          <Button
            icon="debug-stop"
            testId="stop-blame"
            disabled={asked.stopping}
            onClick={() => {
              inspector.stopStudy('blame');
            }}
          >
            Stop
          </Button>
        ) : filters.length > 1 ? (
          <Segmented
            label="Kind"
            choices={filters.map((value) => ({ value, label: FILTER_LABELS[value] }))}
            value={filters.includes(blamed) ? blamed : 'all'}
            testId="blame-kind"
            onChange={(kind) => {
              inspector.view({ blamed: kind });
            }}
          />
        ) : undefined
      }
    >
      {problem === null ? null : (
        <p class="study-problem" role="alert" data-testid="blame-failed">
          {problem}
        </p>
      )}
      {asked ? <StudyProgress asked={asked} label="Blame" /> : null}
      {answer ? <Ranked {...props} report={answer} /> : asked ? null : <NotBlamed />}
    </Panel>
  );
}

function NotBlamed() {
  const inspector = useInspector();
  return (
    <div class="line wrap not-blamed">
      <span>
        Puts each part, tensor, weight matrix and layer back to float, one at a time, and switches off each quirk; ranks what the
        model’s output gains.
      </span>
      <span class="spread" />
      <Button icon="list-ordered" testId="blame" onClick={() => void inspector.blame()}>
        Blame
      </Button>
      <kbd>p</kbd>
    </div>
  );
}

function Ranked({ state, overview, marked = null, first, brief = false, report }: Props & { readonly report: BlameReport }) {
  const [all, setAll] = useState(false);
  const subjects = shownSubjects(report, state.view.blamed);
  const shown = all ? subjects : subjects.slice(0, first);
  const rows = marked === null || shown.includes(marked) || !subjects.includes(marked) ? shown : [...shown, marked];
  const most = Math.max(0.1, ...subjects.map(({ gainDb }) => gainDb ?? 0));
  const hasTask = report.task !== null;
  return (
    <>
      <div class="blame-scroller">
        <table class="rows-table blame-table" aria-label="Gain of each thing put back to float" data-testid="blame-table">
          <thead>
            <tr>
              <th scope="col">back to float</th>
              <th scope="col" class="numeric" data-tip="dB of SQNR that the output gains">
                gain, dB
              </th>
              <td class="gain-bar" />
              {brief ? null : (
                <>
                  <th scope="col" class="numeric" data-tip="SQNR of the output with it in float">
                    to, dB
                  </th>
                  <th
                    scope="col"
                    class="numeric"
                    data-tip="SQNR with only this quantized and all else float: what it costs by itself"
                  >
                    alone, dB
                  </th>
                </>
              )}
              {hasTask ? (
                <th scope="col" class="numeric" data-tip={`Errors in ${report.task?.unit ?? ''}, against the model as it is`}>
                  errors
                </th>
              ) : null}
              {brief ? null : (
                <th scope="col" data-tip="Whether what stays quantized is computed to the bit">
                  arithmetic
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((subject) => (
              <Row
                key={subject.id}
                report={report}
                subject={subject}
                overview={overview}
                most={most}
                hasTask={hasTask}
                brief={brief}
                isMarked={subject === marked}
              />
            ))}
          </tbody>
        </table>
      </div>
      {rows.length < subjects.length ? (
        <div class="line more-line">
          <Button
            testId="blame-more"
            onClick={() => {
              setAll(true);
            }}
          >
            {`Show ${subjects.length - rows.length} more`}
          </Button>
        </div>
      ) : null}
      {report.leftOut > 0 ? <p class="caption">{`${plural(report.leftOut, 'further subject')} not measured.`}</p> : null}
    </>
  );
}

interface RowProps {
  readonly report: BlameReport;
  readonly subject: BlameSubject;
  readonly overview: ModelOverview;
  readonly most: number;
  readonly hasTask: boolean;
  readonly brief: boolean;
  readonly isMarked: boolean;
}

function Row({ report, subject, overview, most, hasTask, brief, isMarked }: RowProps) {
  const inspector = useInspector();
  const { label, gainDb, back, alone, taskGain, arithmetic } = subject;
  const place = placeOfSubject(subject, overview);
  const share = Math.max(0, gainDb ?? 0) / most;
  return (
    <tr
      class={isMarked ? 'marked' : ''}
      aria-current={isMarked ? 'true' : undefined}
      data-testid={`blame-${subject.id.replaceAll(' ', '-')}`}
    >
      <th scope="row" class="name" data-tip={gainText(report, subject)}>
        {place ? (
          <Link
            label={`Show ${label}`}
            onClick={() => {
              if (place.signal === null) inspector.openLayer(place.op);
              else inspector.openLstm(place.op, place.signal);
            }}
          >
            {label}
          </Link>
        ) : (
          label
        )}
      </th>
      <td class={`figure small numeric ${(gainDb ?? 0) >= NOTABLE_DB ? 'strong' : ''}`}>{gain(gainDb)}</td>
      <td class="gain-bar">
        <i
          class={(gainDb ?? 0) >= NOTABLE_DB ? 'strong-bar' : ''}
          style={{ width: `${Math.max(share > 0 ? 0.5 : 0, share * 100)}%` }}
        />
      </td>
      {brief ? null : (
        <>
          <td class="figure small numeric">{decibel(back.sqnrDb, back.exact)}</td>
          <td class="figure small numeric dim">{alone ? decibel(alone.sqnrDb, alone.exact) : NOT_MEASURED}</td>
        </>
      )}
      {hasTask ? <td class="figure small numeric">{errorsChange(taskGain)}</td> : null}
      {brief ? null : (
        <td class="dim" data-tip={arithmeticText(subject)}>
          {arithmetic}
        </td>
      )}
    </tr>
  );
}
