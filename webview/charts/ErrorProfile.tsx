import { memo } from 'preact/compat';
import { Chart, type ChartFrame } from './chart';
import { MEASURE_LOOKS, type ErrorMeasure } from './errorMeasure';
import { Label, round } from './Label';
import { ProfileCallouts } from './ProfileCallouts';
import { barHeights, MARGIN, profileFrame, type ProfileFrame, type ProfilePoint, type ProfileShape } from './profileFrame';
import { ProfileHits, type ProfileHandlers } from './ProfileHits';
import { fitText, textWidth } from './textWidth';

export interface ErrorProfileProps extends ChartFrame, ProfileHandlers {
  readonly points: readonly ProfilePoint[];
  /** What local and accumulated are. Default: `sqnr`. */
  readonly measure?: ErrorMeasure;
  /** Default: true. */
  readonly hasRails?: boolean;
  /** Stretches to name under the axis (such as an LSTM), from..to inclusive. Default: none. */
  readonly bands?: ProfileBands;
}

type ProfileBands = readonly { readonly from: number; readonly to: number; readonly label: string }[];
const NO_BANDS: ProfileBands = [];

/**
 * Error along the graph: step line accumulated, ring local, saturation below. A handful of paths however many points; pointing and
 * brushing draw what lies over them alone.
 */
export function ErrorProfile(props: ErrorProfileProps) {
  const { points, measure = 'sqnr', hasRails = true, bands = NO_BANDS, width, height, brush = null } = props;
  const shape = { points, measure, hasRails, width, height };
  const frame = profileFrame(shape);
  return (
    <Chart {...props} role={props.onSelect ? 'figure' : 'img'}>
      <Drawing {...shape} bands={bands} />
      {brush && <Brush from={brush.from} to={brush.to} frame={frame} />}
      <Cursor index={props.selected ?? null} frame={frame} strong />
      <Cursor index={props.hover ?? null} frame={frame} strong={false} />
      <ProfileHits {...props} frame={frame} />
    </Chart>
  );
}

/** All that does not follow the pointer: drawn again for other points or another size only. */
const Drawing = memo(({ bands, ...shape }: ProfileShape & { readonly bands: ProfileBands }) => {
  const frame = profileFrame(shape);
  return (
    <>
      <Bands bands={bands} frame={frame} />
      <Axis frame={frame} />
      <Errors frame={frame} />
      {frame.hasRails && <Saturation frame={frame} />}
      <ProfileCallouts frame={frame} />
    </>
  );
});

function Brush({ from, to, frame: { x, base } }: { from: number; to: number; frame: ProfileFrame }) {
  const [left, right] = [x(from - 0.5), x(to + 0.5)];
  return (
    <rect
      x={round(left)}
      y={4}
      width={round(right - left)}
      height={round(base - 4)}
      fill="var(--gs-focus)"
      fill-opacity={0.16}
      stroke="var(--gs-focus)"
    />
  );
}

function Bands({ bands, frame }: { bands: ProfileBands; frame: ProfileFrame }) {
  let free = 0;
  return (
    <>
      {bands.map(({ from, to, label }, k) => {
        const [left, right] = [frame.x(from - 0.5), frame.x(to + 0.5)];
        const text = left >= free ? fitText(label, Math.min(Math.max(right - left, 90), frame.width - left - 2), 11) : '';
        if (text !== '') free = left + textWidth(text, 11) + 12;
        return (
          <>
            {k % 2 === 0 && (
              <rect x={round(left)} y={4} width={round(right - left)} height={round(frame.base - 4)} fill="var(--gs-faint)" />
            )}
            <Label x={left + 2} y={frame.base + 15} tone="dim">
              {text}
            </Label>
          </>
        );
      })}
    </>
  );
}

function Axis({ frame: { axis, measure, base, width, hasRails } }: { frame: ProfileFrame }) {
  const lines = [...axis.ticks.map(axis.y), base + 0.5].map((at) => `M${MARGIN.left},${round(at)}H${width - 12}`);
  return (
    <>
      <path d={lines.join('')} stroke="var(--gs-hair)" />
      {axis.ticks.map((tick) => (
        <Label x={MARGIN.left - 8} y={axis.y(tick) + 4} anchor="end" tone="dim" mono>
          {MEASURE_LOOKS[measure].tick(tick)}
        </Label>
      ))}
      {hasRails && (
        <Label x={MARGIN.left - 8} y={base - 22} anchor="end" tone="dim">
          at rails
        </Label>
      )}
    </>
  );
}

function Errors({ frame: { x, axis, points } }: { frame: ProfileFrame }) {
  let line = '';
  let last: number | null = null;
  let stems = '';
  let rings = '';
  let culprits = '';
  points.forEach(({ local, accumulated, isCulprit }, k) => {
    if (accumulated !== null && axis.holds(accumulated)) {
      // Each operator's error is a step as wide as its place along the graph; where none was measured, the last one goes on.
      const [from, at] = [round(x(k - 0.5)), round(axis.y(accumulated))];
      line += `${last === null ? `M${from},${at}` : `H${from}V${at}`}H${round(x(k + 0.5))}`;
      last = accumulated;
    }
    if (local === null || !axis.holds(local)) return;
    if (last !== null) stems += `M${round(x(k))},${round(axis.y(last))}V${round(axis.y(local))}`;
    // A subpath of no length with round caps is a dot: thousands of them are one element.
    const dot = `M${round(x(k))},${round(axis.y(local))}h0`;
    if (isCulprit) culprits += dot;
    else rings += dot;
  });
  const dots = { fill: 'none', 'stroke-linecap': 'round' } as const;
  const size = points.length > 400 ? 4 : 7;
  return (
    <>
      <path d={stems} stroke="var(--gs-hair)" stroke-width={1.4} />
      <path d={line} fill="none" stroke="var(--gs-fg)" stroke-width={1.6} />
      <path d={rings} {...dots} stroke="var(--gs-fg)" stroke-width={size} />
      <path d={rings} {...dots} stroke="var(--gs-bg)" stroke-width={size - 2.6} />
      <path d={culprits} {...dots} stroke="var(--gs-fg)" stroke-width={size + 2} />
    </>
  );
}

function Saturation({ frame }: { frame: ProfileFrame }) {
  const { x, points, base } = frame;
  const heightOf = barHeights(frame);
  const width = Math.max(1, Math.min(10, (x(1) - x(0)) * 0.6));
  const bars = (shareOf: (point: ProfilePoint) => number): string =>
    points
      .map((point, k) => {
        const share = shareOf(point);
        if (share <= 0) return '';
        const height = heightOf(share);
        return `M${round(x(k) - width / 2)},${round(base)}v${round(-height)}h${round(width)}V${round(base)}Z`;
      })
      .join('');
  return (
    <>
      <path d={bars(({ atRails }) => atRails)} fill="var(--gs-ghost)" />
      <path d={bars(({ lost }) => lost)} fill="var(--gs-sat)" />
    </>
  );
}

function Cursor({ index, frame: { x, base }, strong }: { index: number | null; frame: ProfileFrame; strong: boolean }) {
  if (index === null) return null;
  return (
    <path
      d={`M${round(x(index))},4V${round(base)}`}
      stroke="var(--gs-focus)"
      stroke-width={strong ? 2 : 1.2}
      stroke-opacity={strong ? 1 : 0.8}
    />
  );
}
