import { Chart, type ChartFrame } from './chart';
import { count, real } from './format';
import { Label, round } from './Label';

export interface ChannelHistogramProps extends ChartFrame {
  /** n + 1 ascending reals, n counts. */
  readonly edges: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
  /** Lines drawn at these reals: the ends of the type. */
  readonly rails: readonly [low: number, high: number] | null;
}

const BASE = 18;
const TOP = 14;

/** How often each value occurs in one channel of a constant; square-root counts, so that the tails are seen. */
export function ChannelHistogram(props: ChannelHistogramProps) {
  const { edges, counts, rails, width, height } = props;
  const low = Math.min(edges[0] ?? 0, rails?.[0] ?? Infinity);
  const high = Math.max(edges[edges.length - 1] ?? 1, rails?.[1] ?? -Infinity);
  const x = (value: number): number => (high > low ? ((value - low) / (high - low)) * width : 0);
  let most = 1;
  for (let k = 0; k < counts.length; k++) most = Math.max(most, counts[k] ?? 0);
  let bars = '';
  for (let k = 0; k < counts.length; k++) {
    const values = counts[k] ?? 0;
    if (values === 0) continue;
    const [from, to] = [x(edges[k] ?? 0), x(edges[k + 1] ?? 0)];
    const tall = Math.max(1, Math.sqrt(values / most) * (height - BASE - TOP));
    bars += `M${round(from)},${height - BASE}v${round(-tall)}H${round(Math.max(from + 0.8, to - 0.4))}v${round(tall)}z`;
  }
  return (
    <Chart {...props}>
      <path d={bars} fill="var(--gs-int)" fill-opacity="var(--gs-int-fill)" />
      <path d={`M0,${height - BASE + 0.5}H${width}`} stroke="var(--gs-wire)" />
      {rails ? (
        <path
          d={rails.map((at) => `M${round(x(at))},${TOP}V${height - BASE}`).join('')}
          stroke="var(--gs-sat)"
          stroke-dasharray="3 2"
        />
      ) : null}
      <Label x={0} y={10} tone="dim">
        {`most: ${count(most)}`}
      </Label>
      <Label x={0} y={height - 4} tone="dim" mono>
        {real(low)}
      </Label>
      <Label x={width} y={height - 4} anchor="end" tone="dim" mono>
        {real(high)}
      </Label>
    </Chart>
  );
}
