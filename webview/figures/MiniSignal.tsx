import type { SignalReport } from '../../worker/core/report/report';
import { shareOrCount } from '../charts/format';
import { MiniHistogram } from '../charts/MiniHistogram';
import { losslessRails } from './readings';
import { signalLabel } from './signalNames';

export interface MiniSignalProps {
  readonly signal: SignalReport;
  readonly width: number;
  readonly height: number;
}

/** The small histogram of one signal, for boxes, rows and lists. */
export function MiniSignal({ signal, width, height }: MiniSignalProps) {
  const { rails, flat, values, histogram } = signal;
  const summary = rails && !flat ? `${shareOrCount(rails.low + rails.high, values)} at a rail` : `${values} values`;
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
