import type { SignalReport } from '../../worker/core/report/report';
import { count, shareOrCount } from '../charts/format';
import { MiniHistogram } from '../charts/MiniHistogram';
import { losslessRails, lostCount } from './readings';
import { signalLabel } from './signalNames';

export interface MiniSignalProps {
  readonly signal: SignalReport;
  readonly width: number;
  readonly height: number;
}

/** The small histogram of one signal, for boxes, rows and lists. */
export function MiniSignal({ signal, width, height }: MiniSignalProps) {
  const { rails, flat, values, histogram } = signal;
  const summary = rails && !flat ? `${shareOrCount(lostCount(signal), values)} lost at a rail` : `${count(values)} values`;
  return (
    <MiniHistogram
      width={width}
      height={height}
      title={signalLabel(signal.signal)}
      summary={summary}
      data={histogram}
      rails={rails}
      lossless={losslessRails(signal)}
    />
  );
}
