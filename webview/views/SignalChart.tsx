import { useState } from 'preact/hooks';
import type { PersonaName } from '../../worker/core/lstm/persona';
import type { LayerReport, SignalReport } from '../../worker/core/report/report';
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
}) {
  const { layer, signal, persona, counts, path } = props;
  const [hover, setHover] = useState<number | null>(null);
  return (
    <>
      <Sized class="signal-figure">
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
          />
        )}
      </Sized>
      <p class="caption bin" aria-live="polite" data-testid="bin">
        {hover === null ? null : binText(signal, hover, path)}
      </p>
    </>
  );
}
