import type { Report } from '../core/report/report';
import * as format from '../../webview/charts/format';
import { ConfusionTable } from '../../webview/figures/ConfusionTable';
import { flipGroups, marginText } from '../../webview/figures/flipText';
import type { Numbered } from './numbered';

/** Rows of a table on paper; the rest is in the embedded JSON. */
const MOST_ROWS = 100;

/** Samples on which the paths differ, and what was answered for what. */
export function AnswersSection({ report, number }: Numbered) {
  const { quantizedPath, task } = report;
  if (task === null) return null;
  const groups = task.flips === null ? [] : flipGroups(report, task.flips, quantizedPath ?? 'quantized');
  if (groups.length === 0 && task.confusion === null) return null;
  return (
    <section>
      <h2>
        {`${number()}. Answers`}
        {quantizedPath && task.confusion && (
          <span class="note">{`cells: ${quantizedPath}, float→${quantizedPath} where they differ`}</span>
        )}
      </h2>
      {groups.length > 0 && <Flipped report={report} groups={groups} />}
      {task.confusion && <ConfusionTable confusion={task.confusion} quantizedPath={quantizedPath} />}
    </section>
  );
}

function Flipped({ report, groups }: { readonly report: Report; readonly groups: ReturnType<typeof flipGroups> }) {
  const rows = groups.flatMap(({ title, samples }) => samples.map((sample) => ({ title, sample })));
  const hasMargin = rows.some(({ sample }) => sample.margin !== undefined);
  return (
    <table class="data">
      <thead>
        <tr>
          <th>sample</th>
          <th>answers</th>
          <th>expected</th>
          <th>float</th>
          <th>{report.quantizedPath ?? 'quantized'}</th>
          {hasMargin && <th class="n">margin</th>}
        </tr>
      </thead>
      <tbody>
        {rows.slice(0, MOST_ROWS).map(({ title, sample }) => (
          <tr>
            <td class="name">{sample.name}</td>
            <td>{title}</td>
            <td class="t name">{sample.expected}</td>
            <td class="t name">{sample.float ?? format.NOT_MEASURED}</td>
            <td class="t name">{sample.quantized ?? format.NOT_MEASURED}</td>
            {hasMargin && <td class="n">{marginText(sample)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
