import { scaleLinear } from 'd3';
import { Chart, type ChartFrame } from './chart';
import { decibel, withUnit } from './format';
import { Label, round } from './Label';
import { fitText, textWidth } from './textWidth';

export interface SamplesByErrorProps extends ChartFrame {
  readonly samples: readonly { readonly name: string; readonly sqnrDb: number | null }[];
}

/** Samples from worst to best as dots; the two worst are filled, the worst and the best named. Samples without a figure are left out. */
export function SamplesByError(props: SamplesByErrorProps) {
  const { width, height } = props;
  const samples = props.samples
    .flatMap(({ name, sqnrDb }) => (sqnrDb === null ? [] : [{ name, sqnrDb }]))
    .sort((a, b) => a.sqnrDb - b.sqnrDb);
  const [worst, best] = [samples[0], samples[samples.length - 1]];
  const base = height - 24;
  const [low, high] = [worst?.sqnrDb ?? 0, best?.sqnrDb ?? 1];
  // One sample, or equal ones: a decibel around them, so that ticks are round numbers.
  const y = scaleLinear(low < high ? [low, high] : [low - 0.5, low + 0.5], [base - 6, 6]).nice(3);
  const ticks = y.ticks(Math.max(1, Math.floor(base / 22)));
  const left = Math.max(0, ...ticks.map((tick) => textWidth(decibel(tick), 10.5, { mono: true }))) + 6;
  const x = scaleLinear([0, Math.max(1, samples.length - 1)], [left + 8, width - 10]);
  const radius = Math.max(1.2, Math.min(3.2, (width - left) / Math.max(1, samples.length) / 2.6));
  return (
    <Chart {...props}>
      <path
        d={`${ticks.map((tick) => `M${round(left)},${round(y(tick))}H${width}`).join('')}M${round(left)},${base}H${width}`}
        stroke="var(--gs-hair)"
      />
      {ticks.map((tick) => (
        <Label x={left - 5} y={y(tick) + 3.5} anchor="end" tone="dim" mono>
          {tick.toString().replace('-', '\u2212')}
        </Label>
      ))}
      {samples.map(({ sqnrDb }, k) => (
        <circle
          cx={round(x(k))}
          cy={round(y(sqnrDb))}
          r={round(k < 2 ? radius * 1.25 : radius)}
          fill={k < 2 ? 'var(--gs-fg)' : 'var(--gs-bg)'}
          stroke="var(--gs-fg)"
          stroke-opacity={k < 2 ? 1 : 0.6}
          stroke-width={1.3}
        />
      ))}
      {worst && (
        <Label x={left} y={height - 6} tone="dim">
          {`worst ${fitText(worst.name, width / 4, 11)}, ${withUnit(decibel(worst.sqnrDb), 'dB')}`}
        </Label>
      )}
      {best && samples.length > 1 && (
        <Label x={width} y={height - 6} anchor="end" tone="dim">
          {`best ${fitText(best.name, width / 4, 11)}, ${withUnit(decibel(best.sqnrDb), 'dB')}`}
        </Label>
      )}
    </Chart>
  );
}
