import { scaleLinear } from 'd3';
import { walkedTo } from './brushKeys';
import { Chart, type ChartFrame } from './chart';
import { count, real } from './format';
import { Label, round } from './Label';

/** Values of one channel of a constant. */
export interface ChannelRange {
  readonly min: number;
  readonly max: number;
  /** Reals of the lowest and highest code; null where there are none. */
  readonly rails: readonly [low: number, high: number] | null;
}

export interface ChannelRangesProps extends ChartFrame {
  readonly channels: readonly ChannelRange[];
  /** Number of the first one. */
  readonly first: number;
  /** Place in `channels`. */
  readonly selected: number | null;
  readonly onSelect?: (channel: number) => void;
}

const MARGIN = { left: 48, right: 8, top: 8, bottom: 20 };
/** Channels that PageUp and PageDown go by. */
const PAGE = 16;

/** Lowest to highest value of every channel, inside the faint band that its scale could hold. */
export function ChannelRanges(props: ChannelRangesProps) {
  const { channels, first, selected, width, height, onSelect } = props;
  const ends = channels.flatMap(({ min, max, rails }) => [min, max, ...(rails ?? [])]);
  const low = ends.reduce((a, b) => Math.min(a, b), 0);
  const high = ends.reduce((a, b) => Math.max(a, b), 0);
  const y = scaleLinear([low, high === low ? low + 1 : high], [height - MARGIN.bottom, MARGIN.top]);
  const each = (width - MARGIN.left - MARGIN.right) / Math.max(1, channels.length);
  const x = (at: number): number => MARGIN.left + at * each;
  const wide = Math.max(1, each - (each > 4 ? 1 : 0));
  const bar = (at: number, from: number, to: number): string =>
    `M${round(x(at))},${round(y(to))}h${round(wide)}V${round(Math.max(y(from), y(to) + 1))}h${round(-wide)}z`;
  const marks = channels.map(({ min, max }, at) => bar(at, min, max)).join('');
  const bands = channels.map(({ rails }, at) => (rails ? bar(at, rails[0], rails[1]) : '')).join('');
  const ticks = y.ticks(4);
  return (
    <Chart {...props} role={onSelect ? 'figure' : 'img'}>
      <path
        d={ticks.map((tick) => `M${MARGIN.left},${round(y(tick))}H${width - MARGIN.right}`).join('')}
        stroke="var(--gs-hair)"
      />
      {ticks.map((tick) => (
        <Label key={tick} x={MARGIN.left - 6} y={y(tick) + 4} anchor="end" tone="dim" mono>
          {real(tick)}
        </Label>
      ))}
      <path d={bands} fill="var(--gs-hair)" />
      <path d={marks} fill="var(--gs-int)" fill-opacity="var(--gs-int-fill)" />
      {selected !== null && channels[selected] ? (
        <rect
          x={round(x(selected) - 1)}
          y={MARGIN.top - 4}
          width={round(wide + 2)}
          height={height - MARGIN.bottom - MARGIN.top + 8}
          fill="var(--gs-focus)"
          fill-opacity={0.16}
          stroke="var(--gs-focus)"
        />
      ) : null}
      <Label x={MARGIN.left} y={height - 5} tone="dim">
        {`channel ${count(first)}`}
      </Label>
      <Label x={width - MARGIN.right} y={height - 5} anchor="end" tone="dim">
        {count(first + channels.length - 1)}
      </Label>
      <ChannelHits {...props} left={MARGIN.left} each={each} />
    </Chart>
  );
}

/** One transparent area: pointer and arrow keys choose a channel. */
function ChannelHits({
  channels,
  first,
  selected,
  onSelect,
  left,
  each,
  height,
}: ChannelRangesProps & { left: number; each: number }) {
  if (!onSelect || channels.length === 0) return null;
  const clamp = (at: number): number => Math.max(0, Math.min(channels.length - 1, at));
  return (
    <rect
      x={left}
      y={0}
      width={round(each * channels.length)}
      height={height - MARGIN.bottom}
      fill="transparent"
      tabindex={0}
      role="slider"
      aria-label="Channel"
      aria-valuemin={first}
      aria-valuemax={first + channels.length - 1}
      aria-valuenow={first + (selected ?? 0)}
      class="gs-choice"
      onPointerDown={(event) => {
        const area = event.currentTarget.getBoundingClientRect();
        onSelect(clamp(Math.floor(((event.clientX - area.left) / Math.max(1, area.width)) * channels.length)));
      }}
      onKeyDown={(event) => {
        const to = walkedTo(event.key, selected, 0, channels.length - 1, PAGE);
        if (to === null) return;
        event.preventDefault();
        onSelect(to);
      }}
    />
  );
}
