import { scaleLinear } from 'd3';
import { bound } from './format';
import { Chart, type ChartFrame } from './chart';
import { Label, round } from './Label';
import { stepsPath } from './paths';
import type { Interval } from './RangeBar';

export interface SeenHistogramProps extends ChartFrame {
  /** Ascending, one more than counts. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  /** What the integer type holds now. */
  readonly holds: Interval | null;
  /** What it would hold; null: as now. */
  readonly wanted: Interval | null;
}

const AXIS = 18;
const TOP = 16;

/** What calibration saw, counts on a square-root scale, and the ends of what is and what would be held. */
export function SeenHistogram({ width, height, title, summary, edges, counts, holds, wanted }: SeenHistogramProps) {
  const ends = [edges[0] ?? 0, edges.at(-1) ?? 1, ...[holds, wanted].flatMap((one) => (one === null ? [] : [one.min, one.max]))];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const x = scaleLinear([low, high > low ? high : low + 1], [1, width - 1]);
  const bottom = height - AXIS;
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  const y = (value: number): number => bottom - Math.sqrt(value / most) * (bottom - TOP);
  const shown = wanted ?? holds;
  const [from, to] = shown === null ? [1, width - 1] : [x(shown.min), x(shown.max)];
  const outside = [
    { at: 1, width: from - 1 },
    { at: to, width: width - 1 - to },
  ].filter((zone) => zone.width > 0.5);
  const ticks = x.ticks(Math.max(2, Math.floor(width / 70)));
  return (
    <Chart width={width} height={height} title={title} summary={summary}>
      {outside.map((zone) => (
        <rect
          key={zone.at}
          x={round(zone.at)}
          y={TOP}
          width={round(zone.width)}
          height={bottom - TOP}
          fill="var(--gs-sat)"
          fill-opacity={0.14}
        />
      ))}
      <path d={stepsPath(edges, counts, x, y)} fill="none" stroke="var(--gs-float)" stroke-width={1.3} />
      <path d={`M0,${round(bottom + 0.5)}H${round(width)}`} stroke="var(--gs-line)" />
      {holds && <Ends interval={holds} x={x} top={TOP} bottom={bottom} dashed={wanted !== null} />}
      {wanted && <Ends interval={wanted} x={x} top={TOP} bottom={bottom} dashed={false} />}
      {shown &&
        [shown.min, shown.max].map((end, side) => (
          <Label
            key={side}
            x={Math.min(width - 2, Math.max(2, x(end)))}
            y={11}
            anchor={side === 0 ? (from < 40 ? 'start' : 'middle') : to > width - 40 ? 'end' : 'middle'}
          >
            {bound(end)}
          </Label>
        ))}
      {ticks.map((tick) => (
        <Label
          key={tick}
          x={x(tick)}
          y={height - 4}
          anchor={x(tick) < 16 ? 'start' : x(tick) > width - 16 ? 'end' : 'middle'}
          tone="dim"
          mono
        >
          {bound(tick)}
        </Label>
      ))}
    </Chart>
  );
}

function Ends(props: {
  readonly interval: Interval;
  readonly x: (real: number) => number;
  readonly top: number;
  readonly bottom: number;
  readonly dashed: boolean;
}) {
  const { interval, x, top, bottom, dashed } = props;
  return (
    <path
      d={[interval.min, interval.max].map((end) => `M${round(x(end))},${top}V${round(bottom)}`).join('')}
      stroke="var(--gs-int)"
      stroke-width={2}
      {...(dashed ? { 'stroke-dasharray': '3 3' } : {})}
    />
  );
}
