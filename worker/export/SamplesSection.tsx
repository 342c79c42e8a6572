import type { SampleReport, TaskReport } from '../core/report/report';
import * as format from '../../webview/charts/format';
import { SampleErrors } from '../../webview/figures/SampleErrors';
import { TaskBars } from '../../webview/figures/TaskBars';
import type { Numbered } from './numbered';
import { plural } from './reportWords';

/** Rows of a table on paper; the rest is in the embedded JSON. */
const MOST_ROWS = 200;

/** Accuracy on the user's own task, and every sample; with very many samples the worst ones. */
export function SamplesSection({ report, number }: Numbered) {
  const { perSample, task, quantizedPath } = report;
  if (perSample.length === 0) return null;
  const shown = perSample.length > MOST_ROWS ? worst(perSample) : perSample;
  return (
    <>
      <section class={task ? 'two' : ''}>
        {task && (
          <figure>
            <h2>
              {`${number()}. Errors in ${task.unit}`}
              <span class="note">{`${task.labels}, ${plural(perSample.length, 'sample')}`}</span>
            </h2>
            <TaskBars task={task} quantizedPath={quantizedPath} width={516} />
            <p class="reading">{rightText(task, perSample.length)}</p>
          </figure>
        )}
        {quantizedPath && perSample.length > 1 && (
          <figure>
            <h2>
              {`${number()}. Samples by error`}
              <span class="note">SQNR of the output, dB</span>
            </h2>
            <SampleErrors report={report} width={516} />
          </figure>
        )}
      </section>
      <section>
        <h2>
          {`${number()}. Samples`}
          {shown.length < perSample.length && (
            <span class="note">{`the ${format.count(shown.length)} worst of ${format.count(perSample.length)}; all are in the embedded JSON`}</span>
          )}
        </h2>
        <SampleTable samples={shown} quantizedPath={quantizedPath} hasAnswers={task !== null} />
      </section>
    </>
  );
}

function worst(samples: readonly SampleReport[]): SampleReport[] {
  const key = ({ sqnrDb }: SampleReport): number => sqnrDb ?? Infinity;
  return [...samples].sort((a, b) => key(a) - key(b)).slice(0, MOST_ROWS);
}

function rightText({ floatRight, quantizedRight, kind }: TaskReport, samples: number): string {
  const counted = kind === 'ctc-greedy' ? 'Errors are counted by edit distance.' : 'An error is a wrong sample.';
  const right = `Samples entirely right: float ${format.count(floatRight)} of ${format.count(samples)}`;
  return `${counted} ${quantizedRight === null ? right : `${right}, quantized ${format.count(quantizedRight)}`}.`;
}

interface TableProps {
  readonly samples: readonly SampleReport[];
  readonly quantizedPath: 'int8' | 'hybrid' | null;
  readonly hasAnswers: boolean;
}

function SampleTable({ samples, quantizedPath, hasAnswers }: TableProps) {
  return (
    <table class="data">
      <thead>
        <tr>
          <th>sample</th>
          <th class="n">steps</th>
          {quantizedPath && <th class="n">SQNR dB</th>}
          {hasAnswers && (
            <>
              <th>expected</th>
              <th>float</th>
              {quantizedPath && <th>{quantizedPath}</th>}
            </>
          )}
        </tr>
      </thead>
      <tbody>
        {samples.map((sample) => (
          <tr>
            <td class="name">{sample.name}</td>
            <td class="n">{format.count(sample.steps)}</td>
            {quantizedPath && <td class="n">{format.decibel(sample.sqnrDb)}</td>}
            {hasAnswers && (
              <>
                <td class="t name">{sample.expected ?? format.NOT_MEASURED}</td>
                <Answer answer={sample.float} expected={sample.expected} />
                {quantizedPath && <Answer answer={sample.quantized} expected={sample.expected} />}
              </>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A wrong answer is marked by a word for readers without the underline. */
function Answer({ answer, expected }: { answer: string | null; expected: string | null }) {
  if (answer === null) return <td class="t">{format.NOT_MEASURED}</td>;
  const wrong = expected !== null && answer !== expected;
  return (
    <td class="t name">
      <span class={wrong ? 'wrong' : ''}>{answer === '' ? '(nothing)' : answer}</span>
      {wrong && <span class="dim"> wrong</span>}
    </td>
  );
}
