import { useState } from 'preact/hooks';
import type { PersonaName } from '../../worker/core/lstm/persona';
import type { LayerReport, SignalReport } from '../../worker/core/report/report';
import type { RealRange } from '../charts/Histogram';
import { SignalFigure } from '../figures/SignalFigure';
import { Sized } from '../ui/Sized';
import { binText } from './binText';

/** The large histogram with, under it, the figures of the bin that is pointed at or walked to. */
export function SignalChart(props: {
  readonly layer: LayerReport;
  readonly signal: SignalReport;
  readonly persona: PersonaName;
  readonly counts: 'linear' | 'log';
  readonly path: 'int8' | 'hybrid' | null;
  /** Newer counts are on their way. */
  readonly stale?: boolean;
  readonly brush?: RealRange | null;
  readonly onBrush?: (range: RealRange | null, final: boolean) => void;
  readonly onZoom?: (window: RealRange | null) => void;
}) {
  const { layer, signal, persona, counts, path, stale = false, brush = null, onBrush, onZoom } = props;
  const [hover, setHover] = useState<number | null>(null);
  return (
    <>
      <Sized class={`signal-figure ${stale ? 'stale' : ''}`}>
        {({ width, height }) => (
          <SignalFigure
            layer={layer}
            signal={signal}
            width={width}
            height={height}
            persona={persona}
            scale={counts}
            hover={hover}
            onHover={setHover}
            brush={brush}
            {...(onBrush && { onBrush })}
            {...(onZoom && { onZoom })}
          />
        )}
      </Sized>
      <p class="caption bin" aria-live="polite" data-testid="bin">
        {hover === null ? null : binText(signal, hover, path)}
      </p>
    </>
  );
}
