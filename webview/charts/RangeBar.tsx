import { scaleLinear } from 'd3';
import { Chart, type ChartFrame } from './chart';
import { round } from './Label';

export interface Interval {
  readonly min: number;
  readonly max: number;
}

export interface RangeBarProps extends ChartFrame {
  /** What an integer type holds; null: nothing to compare with. */
  readonly holds: Interval | null;
  readonly seen: Interval | null;
  /** Without the outermost values; null: not known. */
  readonly inner: Interval | null;
}

const PAD = 4;

/** What was seen as a line, its bulk thicker, between the ends of what is held; what lies beyond them is lost. */
export function RangeBar({ width, height, title, summary, holds, seen, inner }: RangeBarProps) {
  const ends = [holds, seen].flatMap((interval) => (interval === null ? [] : [interval.min, interval.max]));
  if (ends.length === 0) return null;
  const low = Math.min(0, ...ends);
  const high = Math.max(0, ...ends);
  const x = scaleLinear([low, high > low ? high : low + 1], [PAD, width - PAD]);
  const middle = height / 2;
  const line = ({ min, max }: Interval, thickness: number, fill: string) => (
    <rect
      x={round(x(min))}
      y={round(middle - thickness / 2)}
      width={round(Math.max(1.5, x(max) - x(min)))}
      height={thickness}
      fill={fill}
    />
  );
  const beyond =
    seen === null || holds === null
      ? []
      : [
          { min: seen.min, max: Math.min(seen.max, holds.min) },
          { min: Math.max(seen.min, holds.max), max: seen.max },
        ].filter(({ min, max }) => max > min);
  return (
    <Chart width={width} height={height} title={title} summary={summary}>
      {holds && line(holds, height - 4, 'var(--gs-faint)')}
      <path d={`M${round(x(0))},${round(1)}V${round(height - 1)}`} stroke="var(--gs-hair)" />
      {seen && line(seen, 2, 'var(--gs-float)')}
      {inner && line(inner, 6, 'var(--gs-float)')}
      {beyond.map((interval) => (
        <g key={interval.min}>{line(interval, 6, 'var(--gs-sat)')}</g>
      ))}
      {holds && (
        <path
          d={[holds.min, holds.max].map((end) => `M${round(x(end))},1V${round(height - 1)}`).join('')}
          stroke="var(--gs-int)"
          stroke-width={2}
        />
      )}
    </Chart>
  );
}
