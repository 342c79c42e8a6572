import { useState } from 'preact/hooks';
import type { PersonaName } from '../../worker/core/lstm/persona';
import type { LayerReport, SignalReport } from '../../worker/core/report/report';
import type { RealRange } from '../charts/Histogram';
import { SignalFigure } from '../figures/SignalFigure';
import { ChartTip } from '../ui/ChartTip';
import { Sized } from '../ui/Sized';
import { useDwell } from '../ui/useDwell';
import { binFigures, binText } from './binText';

interface Props {
  readonly layer: LayerReport;
  readonly signal: SignalReport;
  readonly title?: string;
  readonly persona: PersonaName;
  readonly counts: 'linear' | 'log';
  readonly path: 'int8' | 'hybrid' | null;
  /** Newer counts are on their way. */
  readonly stale?: boolean;
  readonly brush?: RealRange | null;
  readonly onBrush?: (range: RealRange | null, final: boolean) => void;
  readonly onZoom?: (window: RealRange | null) => void;
  readonly window?: RealRange | null;
  readonly matching?: readonly number[] | null;
  readonly before?: SignalReport | null;
}

/** Pixels left of the plot, and between its ends. */
const PLOT = { left: 44, right: 14 };

/** The large histogram with the figures of the bin that is pointed at or walked to. */
export function SignalChart(props: Props) {
  const { signal, path, stale = false, window = null } = props;
  const [hover, setHover] = useState<number | null>(null);
  const tip = useDwell();
  const onHover = (bin: number | null) => {
    setHover(bin);
    if (bin === null) tip.leave();
    else tip.enter();
  };
  return (
    <>
      <Sized class={`signal-figure ${stale ? 'stale' : ''}`}>
        {({ width, height }) => (
          <>
            <SignalFigure
              layer={props.layer}
              signal={signal}
              title={props.title}
              width={width}
              height={height}
              persona={props.persona}
              scale={props.counts}
              hover={hover}
              onHover={onHover}
              brush={props.brush ?? null}
              window={window}
              matching={props.matching ?? null}
              before={props.before ?? null}
              {...(props.onBrush && { onBrush: props.onBrush })}
              {...(props.onZoom && { onZoom: props.onZoom })}
            />
            {tip.shown && hover !== null ? (
              <BinTip signal={signal} bin={hover} path={path} width={width} window={window} />
            ) : null}
          </>
        )}
      </Sized>
      <p class="visually-hidden" aria-live="polite" data-testid="bin">
        {hover === null ? null : binText(signal, hover, path)}
      </p>
    </>
  );
}

function BinTip(props: {
  readonly signal: SignalReport;
  readonly bin: number;
  readonly path: Props['path'];
  readonly width: number;
  readonly window: RealRange | null;
}) {
  const { signal, bin, path, width, window } = props;
  const figures = binFigures(signal, bin, path);
  const { edges } = signal.histogram;
  if (figures === null) return null;
  const [low, high] = window ? [window.from, window.to] : [edges[0] ?? 0, edges.at(-1) ?? 1];
  const middle = ((edges[bin] ?? 0) + (edges[bin + 1] ?? 0)) / 2;
  const x = PLOT.left + ((middle - low) / (high - low || 1)) * (width - PLOT.left - PLOT.right);
  return (
    <ChartTip x={Math.max(PLOT.left, Math.min(width - PLOT.right, x))} y={40} within={width} testId="bin-tip">
      <div>
        <b class="figure small">{figures.reals}</b>
      </div>
      {figures.codes === '' ? null : <div class="figure small of-int">{figures.codes}</div>}
      <div>
        float <span class="figure small of-float">{figures.float}</span>
      </div>
      {figures.quantized === null ? null : (
        <div>
          {path} <span class="figure small of-int">{figures.quantized}</span>
        </div>
      )}
    </ChartTip>
  );
}
