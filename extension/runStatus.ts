import type { InspectorState } from './protocol/messages';

export interface RunStatus {
  readonly text: string;
  readonly tooltip: string;
  readonly command: string | null;
}

const number = (value: number): string => value.toLocaleString('en-US');

/** What the status bar says of the active inspector. Icons are codicons in VS Code's `$(name)` notation. */
export function runStatus({ model, run, report, fix, fileName }: InspectorState): RunStatus {
  if (model.status === 'broken' || model.status === 'dead') {
    return {
      text: '$(error) Not opened',
      tooltip: `${fileName}: ${model.status === 'dead' ? model.message : model.error.message}`,
      command: null,
    };
  }
  if (model.status === 'opening') return { text: '$(loading~spin) Opening', tooltip: `Reading ${fileName}`, command: null };
  if (fix.job.status === 'running') {
    const text = { reading: 'Reading data', calibrating: 'Calibrating', quantizing: 'Quantizing', trying: 'Measuring' }[
      fix.job.stage
    ];
    return { text: `$(sync~spin) ${text}`, tooltip: `${text}: ${fileName}. Click to cancel.`, command: 'gatescope.cancelRun' };
  }
  if (run.status === 'running') {
    const { done, total } = run.progress;
    const text = total === 0 ? 'Reading data' : `Sample ${number(Math.min(done + 1, total))} of ${number(total)}`;
    return { text: `$(sync~spin) ${text}`, tooltip: `Running ${fileName}. Click to cancel.`, command: 'gatescope.cancelRun' };
  }
  if (run.status === 'failed') return { text: '$(error) Run failed', tooltip: run.message, command: 'gatescope.run' };
  if (report === null)
    return { text: '$(pulse) Not run', tooltip: `Run the float and the quantized path of ${fileName}`, command: 'gatescope.run' };
  const covered = report.complete ? number(report.samples) : `${number(report.samples)} of ${number(report.requestedSamples)}`;
  const samples = report.samples === 1 && report.complete ? '1 sample' : `${covered} samples`;
  const kind = report.data.synthetic ? ', synthetic' : '';
  return {
    text: `$(pulse) ${samples}${kind}`,
    tooltip: [
      ...(fix.quantized?.shown === true ? [`${fileName}, quantized in memory, not saved.`] : []),
      `Figures cover ${samples} of ${report.data.label}.`,
      ...report.headline,
    ].join('\n'),
    command: 'gatescope.showOverview',
  };
}
