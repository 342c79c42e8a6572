import { Histogram } from '../charts/Histogram';
import type { LayerReport, SignalReport } from '../../worker/core/report/report';
import { plain, readSignal } from './readings';

export interface SignalFigureProps {
  readonly layer: LayerReport;
  readonly signal: SignalReport;
  readonly width: number;
  readonly height: number;
  /** Axis of the counts. Default: `log`. */
  readonly scale?: 'linear' | 'log';
  readonly hover?: number | null;
  readonly onHover?: (bin: number | null) => void;
}

/** The large histogram of one signal. */
export function SignalFigure({ layer, signal, width, height, scale = 'log', hover = null, onHover }: SignalFigureProps) {
  return (
    <Histogram
      width={width}
      height={height}
      title={signal.signal}
      summary={plain(readSignal(layer, signal))}
      data={signal.histogram}
      values={signal.values}
      rails={signal.rails}
      codes={null}
      floatRange={[signal.floatMin, signal.floatMax]}
      counts={scale}
      hover={hover}
      {...(onHover && { onHover })}
    />
  );
}
