import { memo } from 'preact/compat';
import { wavePath, type AudioLayout, type PlacedLane } from './audioLayout';
import { Chart, type ChartFrame } from './chart';
import { Label, round } from './Label';

export interface AudioPoint {
  readonly seconds: number;
  /** Lane whose picture is pointed at, and how far up in it, 0..1; null elsewhere. */
  readonly lane: number | null;
  readonly up: number;
}

export interface AudioLanesProps extends Omit<ChartFrame, 'height'> {
  readonly layout: AudioLayout;
  readonly seconds: number;
  readonly peak: number;
  readonly cursor: AudioPoint | null;
  /** Reads a point out. */
  readonly describe: (point: AudioPoint) => string;
  readonly onPoint?: (point: AudioPoint | null) => void;
  /** Where to play from. */
  readonly onSeek?: (seconds: number) => void;
}

/** Waves over pictures of loudness by time and frequency, one lane a track. Pointer and arrow keys move one line through all. */
export function AudioLanes(props: AudioLanesProps) {
  const { layout, peak, cursor } = props;
  const { left, plotWidth, height, lanes, axisTop, ticks, x } = layout;
  return (
    <Chart {...props} height={height} role={props.onPoint ? 'figure' : 'img'}>
      <g transform={`translate(${left},0)`} {...keyboard(props)}>
        {lanes.map((placed) => (
          <Lane key={placed.lane.name} placed={placed} plotWidth={plotWidth} peak={peak} />
        ))}
        <path d={`M0,${round(axisTop)}H${round(plotWidth)}`} stroke="var(--gs-line)" />
        {ticks.map(({ seconds, x: at }) => (
          <>
            <path d={`M${round(at)},${round(axisTop)}v4`} stroke="var(--gs-line)" />
            <Label x={at} y={axisTop + 16} anchor={at > plotWidth - 16 ? 'end' : at < 8 ? 'start' : 'middle'} tone="dim" mono>
              {String(seconds)}
            </Label>
          </>
        ))}
        <Label x={plotWidth + 6} y={axisTop + 16} tone="dim">
          s
        </Label>
        {cursor !== null && (
          <path d={`M${round(x(cursor.seconds))},0V${round(axisTop)}`} stroke="var(--gs-focus)" stroke-width={2} />
        )}
        <HitArea {...props} />
      </g>
    </Chart>
  );
}

const FILL = {
  float: { fill: 'none', stroke: 'var(--gs-float)', 'stroke-width': 1 },
  int: { fill: 'var(--gs-int)', 'fill-opacity': 'var(--gs-int-fill)', stroke: 'var(--gs-int)', 'stroke-width': 0.5 },
  fg: { fill: 'var(--gs-fg)', 'fill-opacity': 0.45 },
} as const;

interface LaneProps {
  readonly placed: PlacedLane;
  readonly plotWidth: number;
  readonly peak: number;
}

/** Not drawn anew when the line moves. */
const Lane = memo(({ placed, plotWidth, peak }: LaneProps) => {
  const { lane, wave, picture } = placed;
  const { topHz } = lane;
  return (
    <>
      {wave && <path d={`M0,${round(wave.middle)}H${round(plotWidth)}`} stroke="var(--gs-hair)" />}
      {wave && <path d={wavePath(placed, plotWidth, peak)} {...FILL[lane.tone]} />}
      <rect
        x={-0.5}
        y={picture.top - 0.5}
        width={round(plotWidth + 1)}
        height={picture.height + 1}
        fill="none"
        stroke="var(--gs-hair)"
      />
      {topHz !== null && (
        <>
          <Label x={plotWidth + 6} y={picture.top + 9} tone="dim" mono>
            {`${round(topHz / 1000)}k`}
          </Label>
          <Label x={plotWidth + 6} y={picture.top + picture.height} tone="dim" mono>
            0 Hz
          </Label>
        </>
      )}
    </>
  );
});

function HitArea({ layout, onPoint, onSeek }: AudioLanesProps) {
  if (!onPoint) return null;
  const pointOf = (event: MouseEvent): AudioPoint => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const scale = box.width > 0 ? layout.plotWidth / box.width : 1;
    const y = (event.clientY - box.top) * scale;
    const lane = layout.lanes.findIndex(({ picture }) => y >= picture.top && y < picture.top + picture.height);
    const picture = layout.lanes[lane]?.picture;
    return {
      seconds: layout.secondsAt((event.clientX - box.left) * scale),
      lane: lane < 0 ? null : lane,
      up: picture === undefined ? 0 : 1 - (y - picture.top) / picture.height,
    };
  };
  return (
    <rect
      class="gs-steps"
      x={0}
      y={0}
      width={round(layout.plotWidth)}
      height={round(layout.axisTop)}
      fill="transparent"
      onPointerMove={(event: PointerEvent) => onPoint(pointOf(event))}
      onPointerLeave={() => onPoint(null)}
      onClick={(event: MouseEvent) => onSeek?.(pointOf(event).seconds)}
    />
  );
}

/** Arrows move in time; each place is read out. */
function keyboard({ title, cursor, seconds, describe, onPoint, onSeek }: AudioLanesProps) {
  if (!onPoint) return {};
  const step = seconds / 100;
  const strides: Readonly<Record<string, number>> = {
    ArrowLeft: -step,
    ArrowRight: step,
    PageUp: -10 * step,
    PageDown: 10 * step,
  };
  const at = cursor?.seconds ?? 0;
  return {
    tabindex: 0,
    role: 'slider',
    'aria-label': `Time of ${title}`,
    'aria-valuemin': 0,
    'aria-valuemax': seconds,
    'aria-valuenow': at,
    'aria-valuetext': describe(cursor ?? { seconds: 0, lane: null, up: 0 }),
    class: 'gs-choice',
    onKeyDown: (event: KeyboardEvent) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === 'Enter') onSeek?.(at);
      const stride = strides[event.key];
      const target = event.key === 'Home' ? 0 : event.key === 'End' ? seconds : stride === undefined ? null : at + stride;
      if (target === null && event.key !== 'Enter') return;
      event.preventDefault();
      event.stopPropagation();
      if (target !== null) onPoint({ seconds: Math.max(0, Math.min(seconds, target)), lane: null, up: 0 });
    },
  } as const;
}
