import { counted, inDb } from '../wording';
import type { BlameReport, BlameSubject } from './blameReport';

/** A gain under this says nothing. dB. */
const NOTABLE_DB = 0.3;
const MOST_NAMED = 3;

export function blameHeadline(report: Omit<BlameReport, 'headline'>): string[] {
  const { samples, requestedSamples, complete, quantized, output, subjects, task, leftOut, cut } = report;
  if (samples === 0) return ['Stopped before the first sample was measured.'];
  const notable = subjects.filter(({ gainDb }) => gainDb !== null && gainDb >= NOTABLE_DB);
  // A layer with and without its output is named once.
  const ranked = notable
    .filter((one, at) => one.kind !== 'layer' || !notable.slice(0, at).some(({ kind, op }) => kind === 'layer' && op === one.op))
    .slice(0, MOST_NAMED);
  const before = quantized.exact ? 'is exact' : `is at ${quantized.sqnrDb === null ? '–' : inDb(quantized.sqnrDb)} against float`;
  return [
    ...(complete ? [] : [`Stopped after ${samples} of ${counted(requestedSamples, 'sample')}. Figures cover those.`]),
    ...(cut === undefined ? [] : [`Of ${counted(cut.samples, 'sample')} the first ${counted(cut.calls, 'call')} were measured.`]),
    ...(report.data.synthetic ? ['Synthetic data: ranges only, not accuracy.'] : []),
    `${output.name} ${before}.`,
    ...(ranked.length === 0 ? ['Nothing alone gains more than 0.3 dB when put back to float.'] : ranked.map((one) => sentence(one, task?.unit ?? null))), // prettier-ignore
    ...(leftOut > 0 ? [`${counted(leftOut, 'more subject')} not measured.`] : []),
    'Gains overlap and do not add up.',
  ];
}

function sentence({ kind, label, gainDb, taskGain, back }: BlameSubject, unit: string | null): string {
  const gained = taskGain !== null && taskGain !== 0 && unit !== null ? `, ${errors(taskGain)} in ${unit}` : '';
  const reached = back.sqnrDb === null ? '' : `, to ${inDb(back.sqnrDb)}`;
  if (kind === 'quirk') return `Without the ${label}, it gains ${inDb(gainDb ?? 0)}${reached}${gained}.`;
  return `Back to float, ${label} gains ${inDb(gainDb ?? 0)}${reached}${gained}.`;
}

function errors(fewer: number): string {
  return `${counted(Math.abs(fewer), 'error')} ${fewer > 0 ? 'fewer' : 'more'}`;
}
