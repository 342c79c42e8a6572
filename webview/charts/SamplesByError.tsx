import { scaleLinear } from 'd3';
import { Chart, type ChartFrame } from './chart';
import { decibel, withUnit } from './format';
import { Label, round } from './Label';
import { fitText, textWidth } from './textWidth';

export interface SamplesByErrorProps extends ChartFrame {
  readonly samples: readonly { readonly name: string; readonly sqnrDb: number | null }[];
  /** Place in `samples`. */
  readonly selected?: number | null;
  readonly onSelect?: (sample: number) => void;
}

interface Dot {
  readonly name: string;
  readonly sqnrDb: number;
  readonly place: number;
}

/** Samples from worst to best as dots; the two worst are filled, the worst and the best named. Samples without a figure are left out. */
export function SamplesByError(props: SamplesByErrorProps) {
  const { width, height, selected = null, onSelect } = props;
  const samples: readonly Dot[] = props.samples
    .flatMap(({ name, sqnrDb }, place) => (sqnrDb === null ? [] : [{ name, sqnrDb, place }]))
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
  const at = samples.findIndex(({ place }) => place === selected);
  return (
    <Chart {...props} role={onSelect ? 'figure' : 'img'}>
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
      {at >= 0 && <path d={`M${round(x(at))},2V${base}`} stroke="var(--gs-focus)" stroke-width={2} stroke-opacity={0.8} />}
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
      {onSelect && samples.length > 0 && (
        <SampleHits samples={samples} at={at} from={x(0)} to={x(samples.length - 1)} height={base} onSelect={onSelect} />
      )}
    </Chart>
  );
}

interface HitsProps {
  readonly samples: readonly Dot[];
  /** Place among the sorted samples; -1: none. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly height: number;
  readonly onSelect: (sample: number) => void;
}

/** A pad around the first and the last dot, so that they are easy to hit. */
const PAD = 8;

/** One transparent area: pointer and arrow keys choose a sample. */
function SampleHits({ samples, at, from, to, height, onSelect }: HitsProps) {
  const choose = (place: number): void => {
    const dot = samples[Math.max(0, Math.min(samples.length - 1, place))];
    if (dot) onSelect(dot.place);
  };
  const chosen = samples[at];
  return (
    <rect
      x={round(from - PAD)}
      y={0}
      width={round(to - from + 2 * PAD)}
      height={height}
      fill="transparent"
      class="gs-choice"
      role="slider"
      tabindex={0}
      aria-label="Sample, from worst to best"
      aria-valuemin={0}
      aria-valuemax={samples.length - 1}
      aria-valuenow={Math.max(0, at)}
      aria-valuetext={chosen ? `${chosen.name}, ${withUnit(decibel(chosen.sqnrDb), 'dB')}` : 'none chosen'}
      onClick={(event) => {
        const area = event.currentTarget.getBoundingClientRect();
        const share = (event.clientX - area.left - PAD) / Math.max(1, area.width - 2 * PAD);
        choose(Math.round(share * (samples.length - 1)));
      }}
      onKeyDown={(event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10 }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        choose(at < 0 ? 0 : at + step);
      }}
    />
  );
}
