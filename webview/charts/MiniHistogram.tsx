import { scaleLinear } from 'd3';
import { Chart, type ChartFrame } from './chart';
import { binOf, drawnRails, rebin, type HistogramData, type LosslessRails, type Rails } from './histogramData';
import { round } from './Label';
import { columnsPath, stepsPath } from './paths';

export interface MiniHistogramOptions {
  readonly data: HistogramData;
  /** Rails to mark; null: none. */
  readonly rails: Rails | null;
  /** Rails at which nothing is lost: not marked. Default: neither. */
  readonly lossless?: LosslessRails;
  /** At most this many bins. Default: 36. */
  readonly bins?: number;
}

export interface MiniHistogramProps extends ChartFrame, MiniHistogramOptions {}

/** Small histogram: float outline over filled columns, square-root counts, rails as dotted lines and solid columns. */
export function MiniHistogram({ width, height, title, summary, ...options }: MiniHistogramProps) {
  return (
    <Chart width={width} height={height} title={title} summary={summary}>
      <MiniHistogramMarks {...options} x={0} y={2} width={width} height={height - 3} />
    </Chart>
  );
}

interface MarksProps extends MiniHistogramOptions {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The marks alone, to place inside another chart. */
export function MiniHistogramMarks({ data: full, rails, lossless, bins = 36, x: left, y: top, width, height }: MarksProps) {
  const { edges, ...counts } = rebin(full, bins);
  const data = { float: perWidth(edges, counts.float), int8: counts.int8 && perWidth(edges, counts.int8) };
  const most = [...data.float, ...(data.int8 ?? [])].reduce((a, b) => Math.max(a, b), 1);
  const x = scaleLinear([edges[0] ?? 0, edges[edges.length - 1] ?? 1], [0, width]);
  const y = (value: number): number => height - Math.sqrt(value / most) * height;
  return (
    <g transform={`translate(${round(left)},${round(top)})`}>
      {data.int8 && (
        <path d={columnsPath(edges, data.int8, x, y, height, 0.4)} fill="var(--gs-int)" fill-opacity="var(--gs-int-fill)" />
      )}
      {rails && data.int8 && <RailColumns edges={edges} rails={drawnRails(rails, lossless)} x={x} y={y} height={height} />}
      <path d={stepsPath(edges, data.float, x, y)} fill="none" stroke="var(--gs-float)" stroke-width={1.15} />
      <path d={`M0,${round(height + 0.5)}H${round(width)}`} stroke="var(--gs-hair)" />
      {rails && (
        <path
          d={(['low', 'high'] as const)
            .filter((side) => lossless?.[side] !== true)
            .map((side) => x(side === 'low' ? rails.lowReal : rails.highReal))
            .filter((at) => at > 2 && at < width - 2)
            .map((at) => `M${round(at)},-2V${round(height)}`)
            .join('')}
          stroke="var(--gs-sat)"
          stroke-dasharray="2 2"
        />
      )}
    </g>
  );
}

/** Counts per width of the first bin: the last one may be narrower, and would look like a drop. */
function perWidth(edges: readonly number[], counts: readonly number[]): number[] {
  const width = (k: number): number => (edges[k + 1] ?? 0) - (edges[k] ?? 0);
  return counts.map((count, k) => (count * width(0)) / (width(k) || 1));
}

interface RailColumnsProps {
  readonly edges: readonly number[];
  readonly rails: Rails;
  readonly x: (real: number) => number;
  readonly y: (count: number) => number;
  readonly height: number;
}

/** Values at the rails, at least 3 px high so that one value shows. */
function RailColumns({ edges, rails, x, y, height }: RailColumnsProps) {
  const column = (real: number, count: number, side: 'low' | 'high') => {
    const bin = binOf(edges, real);
    if (count === 0 || bin < 0) return null;
    const [from, to] = [x(edges[bin] ?? 0), x(edges[bin + 1] ?? 0)];
    const width = Math.max(2, Math.min(3, to - from));
    const top = Math.min(y(count), height - 3);
    return (
      <rect
        x={round(side === 'low' ? from : to - width)}
        y={round(top)}
        width={round(width)}
        height={round(height - top)}
        fill="var(--gs-sat)"
      />
    );
  };
  return (
    <>
      {column(rails.lowReal, rails.low, 'low')}
      {column(rails.highReal, rails.high, 'high')}
    </>
  );
}
