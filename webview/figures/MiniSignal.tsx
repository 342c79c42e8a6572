import { MiniHistogram } from '../charts/MiniHistogram';
import type { SignalReport } from '../../worker/core/report/report';

export interface MiniSignalProps {
  readonly signal: SignalReport;
  readonly width: number;
  readonly height: number;
}

/** The small histogram of one signal, for boxes, rows and lists. */
export function MiniSignal({ signal, width, height }: MiniSignalProps) {
  return (
    <MiniHistogram width={width} height={height} title={signal.signal} summary="" data={signal.histogram} rails={signal.rails} />
  );
}
