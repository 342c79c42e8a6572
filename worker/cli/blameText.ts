import { count, decibel, gain } from '../../webview/charts/format';
import type { BlameReport } from '../core/blame/blameReport';
import { textTable } from './textTable';

/** What people read: the answer, then every subject by rank. */
export function blameText({ headline, subjects, task }: BlameReport): string {
  const hasTask = task !== null;
  const rows = subjects.map(({ rank, label, gainDb, back, control, alone, taskGain, arithmetic }) => [
    count(rank),
    label,
    gain(gainDb),
    decibel(control.sqnrDb, control.exact),
    decibel(back.sqnrDb, back.exact),
    alone === null ? '' : decibel(alone.sqnrDb, alone.exact),
    ...(hasTask ? [taskGain === null || taskGain === 0 ? '' : count(-taskGain)] : []),
    arithmetic,
  ]);
  const heading = ['', 'back to float', 'gain', 'from', 'to', 'alone', ...(hasTask ? [`errors in ${task.unit}`] : []), ''];
  const align = ['right', 'left', 'right', 'right', 'right', 'right', ...(hasTask ? ['right' as const] : [])] as const;
  const notes = [
    'gain, from, to: dB of SQNR at the output. alone: SQNR with only that quantized, all else float.',
    "exact: all that stays integer is the runtime's own arithmetic; emulated: operators that read reals round as the file does.",
  ];
  return `${[...headline, '', ...textTable([heading, ...rows], align), '', ...notes].join('\n')}\n`;
}
