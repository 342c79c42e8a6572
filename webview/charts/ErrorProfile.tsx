import { scaleLinear } from 'd3';
import { memo } from 'preact/compat';
import { useRef } from 'preact/hooks';
import { endBrush, isBrushing, switchBrush } from './brushKeys';
import { Chart, type ChartFrame } from './chart';
import { decibel, percent, withUnit } from './format';
import { Label, round } from './Label';
import { placeLabels, type Box } from './placeLabels';
import { fitText, textWidth } from './textWidth';

/** One operator along the graph. */
export interface ProfilePoint {
  /** What the operator is, such as `12 TANH`; named in labels. */
  readonly name: string;
  /** dB; null: not measured or exact. */
  readonly local: number | null;
  readonly accumulated: number | null;
  /** Shares of values at a rail, and of those that are lost there, 0..1. */
  readonly atRails: number;
  readonly lost: number;
}

export interface ErrorProfileProps extends ChartFrame {
  readonly points: readonly ProfilePoint[];
  /** Stretches to name under the axis (such as an LSTM), from..to inclusive. Default: none. */
  readonly bands?: readonly { readonly from: number; readonly to: number; readonly label: string }[];
  /** Index in `points`. */
  readonly selected?: number | null;
  readonly hover?: number | null;
  /** Stretch picked out, both ends included; null: none. */
  readonly brush?: ProfileStretch | null;
  readonly onSelect?: (index: number) => void;
  readonly onHover?: (index: number | null) => void;
  /** @param final the drag has ended */
  readonly onBrush?: (stretch: ProfileStretch | null, final: boolean) => void;
}

export interface ProfileStretch {
  readonly from: number;
  readonly to: number;
}

const MARGIN = { left: 52, right: 16, top: 12, bottom: 22 };
/** Local SQNR under which an operator is a culprit: its ring is filled. dB. */
const CULPRIT_DB = 22;
/** Free row between the lanes, for names. Pixels. */
const NOTE_ROW = 20;

interface Frame {
  readonly x: (index: number) => number;
  readonly y: (db: number) => number;
  readonly points: readonly ProfilePoint[];
  readonly domain: readonly number[];
  /** Lowest y of the error lane, and the base of the saturation lane. */
  readonly floor: number;
  readonly base: number;
  readonly width: number;
}

/**
 * Error along the graph: step line accumulated, ring local, saturation below. A handful of paths however many points; pointing and
 * brushing draw what lies over them alone.
 */
export function ErrorProfile(props: ErrorProfileProps) {
  const { points, bands = NO_BANDS, width, height, brush = null } = props;
  const frame = frameOf(points, width, height);
  return (
    <Chart {...props} role={props.onSelect ? 'figure' : 'img'}>
      <Drawing points={points} bands={bands} width={width} height={height} />
      {brush && <Brush brush={brush} frame={frame} />}
      <Cursor index={props.selected ?? null} frame={frame} strong />
      <Cursor index={props.hover ?? null} frame={frame} strong={false} />
      <HitArea {...props} frame={frame} />
    </Chart>
  );
}

type ProfileBands = NonNullable<ErrorProfileProps['bands']>;
const NO_BANDS: ProfileBands = [];

interface DrawingProps {
  readonly points: readonly ProfilePoint[];
  readonly bands: ProfileBands;
  readonly width: number;
  readonly height: number;
}

/** All that does not follow the pointer: drawn again for other points or another size only. */
const Drawing = memo(({ points, bands, width, height }: DrawingProps) => {
  const frame = frameOf(points, width, height);
  return (
    <>
      <Bands bands={bands} frame={frame} />
      <Axis frame={frame} />
      <Errors frame={frame} />
      <Saturation frame={frame} />
      <Callouts frame={frame} />
    </>
  );
});

function frameOf(points: readonly ProfilePoint[], width: number, height: number): Frame {
  const base = height - MARGIN.bottom;
  const floor = MARGIN.top + (base - MARGIN.top) * 0.64;
  const domain = domainOf(points);
  return {
    x: scaleLinear([-0.5, Math.max(1, points.length) - 0.5], [MARGIN.left, width - MARGIN.right]),
    y: scaleLinear(domain, [floor, MARGIN.top]),
    domain,
    points,
    floor,
    base,
    width,
  };
}

const DOMAINS = new WeakMap<readonly ProfilePoint[], readonly number[]>();

/** dB from the bottom to the top of the errors' lane. */
function domainOf(points: readonly ProfilePoint[]): readonly number[] {
  const known = DOMAINS.get(points);
  if (known) return known;
  const values = points.flatMap(({ local, accumulated }) => [local, accumulated]).filter((v) => v !== null);
  const lowest = values.reduce((a, b) => Math.min(a, b), Infinity);
  const highest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const domain = values.length === 0 ? [0, 50] : [Math.min(lowest - 2, highest - 12), highest + 2];
  DOMAINS.set(points, domain);
  return domain;
}

function Brush({ brush: { from, to }, frame: { x, base } }: { brush: ProfileStretch; frame: Frame }) {
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

function Bands({ bands, frame }: { bands: ProfileBands; frame: Frame }) {
  let free = 0;
  return (
    <>
      {bands.map(({ from, to, label }, k) => {
        const [left, right] = [frame.x(from - 0.5), frame.x(to + 0.5)];
        const text = left >= free ? fitText(label, Math.max(right - left, 90), 11) : '';
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

function Axis({ frame: { y, base, width, domain } }: { frame: Frame }) {
  const ticks = scaleLinear(domain, [0, 1]).ticks(4);
  const lines = [...ticks.map(y), base + 0.5].map((at) => `M${MARGIN.left},${round(at)}H${width - 12}`);
  return (
    <>
      <path d={lines.join('')} stroke="var(--gs-hair)" />
      {ticks.map((tick) => (
        <Label x={MARGIN.left - 8} y={y(tick) + 4} anchor="end" tone="dim" mono>
          {tick.toString().replace('-', '\u2212')}
        </Label>
      ))}
      <Label x={MARGIN.left - 8} y={base - 22} anchor="end" tone="dim">
        at rails
      </Label>
    </>
  );
}

function Errors({ frame: { x, y, points } }: { frame: Frame }) {
  let line = '';
  let last: number | null = null;
  let stems = '';
  let rings = '';
  let culprits = '';
  points.forEach(({ local, accumulated }, k) => {
    if (accumulated !== null) {
      // Each operator's error is a step as wide as its place along the graph; where none was measured, the last one goes on.
      const [from, at] = [round(x(k - 0.5)), round(y(accumulated))];
      line += `${last === null ? `M${from},${at}` : `H${from}V${at}`}H${round(x(k + 0.5))}`;
      last = accumulated;
    }
    if (local === null) return;
    if (last !== null) stems += `M${round(x(k))},${round(y(last))}V${round(y(local))}`;
    // A subpath of no length with round caps is a dot: thousands of them are one element.
    const dot = `M${round(x(k))},${round(y(local))}h0`;
    if (local < CULPRIT_DB) culprits += dot;
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

function Saturation({ frame: { x, points, floor, base } }: { frame: Frame }) {
  const heightOf = barHeights({ points, floor, base });
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

/** Height of a share's bar in the lane of rails; at least visible. */
function barHeights({ points, floor, base }: Pick<Frame, 'points' | 'floor' | 'base'>): (share: number) => number {
  const most = points.reduce((largest, { atRails }) => Math.max(largest, atRails), 0.1);
  return (share) => Math.max(1.5, (share / most) * (base - floor - NOTE_ROW));
}

function Cursor({ index, frame: { x, base }, strong }: { index: number | null; frame: Frame; strong: boolean }) {
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

/** Names the operator with most values at the rails and the one with the lowest local SQNR, in the row between the lanes. */
function Callouts({ frame: { x, y, points, floor, base, width } }: { frame: Frame }) {
  const railed = extreme(points, ({ lost }) => (lost > 0.01 ? lost : null));
  const culprit = extreme(points, ({ local }) => (local !== null && local < CULPRIT_DB ? -local : null));
  const heightOf = barHeights({ points, floor, base });
  const notes = [
    ...(railed === null
      ? []
      : [
          {
            at: railed,
            from: base - heightOf(points[railed]?.atRails ?? 0) - 2,
            text: `${percent(points[railed]?.lost ?? 0)} at rails`,
          },
        ]),
    ...(culprit === null
      ? []
      : [
          {
            at: culprit,
            from: y(points[culprit]?.local ?? 0) + 6,
            text: `lowest local, ${withUnit(decibel(points[culprit]?.local ?? null), 'dB')}`,
          },
        ]),
  ].map((note) => ({ ...note, text: `${points[note.at]?.name}: ${note.text}` }));
  const options = notes.map(({ at, text }) => sides(x(at), floor + 4, textWidth(text, 11, { bold: true })));
  const taken = placeLabels(options, { x: MARGIN.left, y: 0, width: width - MARGIN.left, height: base });
  return (
    <>
      {notes.map(({ at, from, text }, k) => {
        const box = options[k]?.[taken[k] ?? -1];
        if (!box) return null;
        const left = box.x > x(at);
        return (
          <>
            <path
              d={`M${round(x(at))},${round(from)}V${round(floor + 11)}h${left ? 6 : -6}`}
              fill="none"
              stroke="var(--gs-wire)"
            />
            <Label x={left ? box.x : box.x + box.width} y={box.y + 11} anchor={left ? 'start' : 'end'} bold halo>
              {text}
            </Label>
          </>
        );
      })}
    </>
  );
}

/** Right of the point, then left of it. */
function sides(x: number, top: number, width: number): Box[] {
  const box = (left: number): Box => ({ x: left, y: top, width, height: 14 });
  return [box(x + 9), box(x - width - 9)];
}

/** Index of the largest value; null where none is given. */
function extreme(points: readonly ProfilePoint[], of: (point: ProfilePoint) => number | null): number | null {
  let best: number | null = null;
  let most = -Infinity;
  points.forEach((point, k) => {
    const value = of(point);
    if (value !== null && value > most) [best, most] = [k, value];
  });
  return best;
}

/** Pointers shake while they click. */
const STILL_PX = 4;

/** One transparent area over the plot: pointer and arrow keys choose the nearest point; a drag, or arrows with Shift, a stretch. */
function HitArea(props: ErrorProfileProps & { frame: Frame }) {
  const { onSelect, onHover, onBrush, points, selected = null, hover = null, brush = null, frame } = props;
  const drag = useRef<{ readonly from: number; readonly x: number; moved: boolean } | null>(null);
  if (!onSelect || points.length === 0) return null;
  const clamp = (index: number): number => Math.max(0, Math.min(points.length - 1, index));
  const nearest = (event: PointerEvent | MouseEvent): number => {
    const area = (event.currentTarget as SVGRectElement).getBoundingClientRect();
    return clamp(Math.floor(((event.clientX - area.left) / Math.max(1, area.width)) * points.length));
  };
  const stretch = (a: number, b: number): ProfileStretch => ({ from: Math.min(a, b), to: Math.max(a, b) });
  const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };
  return (
    <rect
      x={round(frame.x(-0.5))}
      y={4}
      width={round(frame.x(points.length - 0.5) - frame.x(-0.5))}
      height={round(frame.base - 4)}
      fill="transparent"
      tabindex={0}
      role="slider"
      aria-label="Operator along the graph"
      aria-valuemin={0}
      aria-valuemax={points.length - 1}
      aria-valuenow={selected ?? 0}
      aria-valuetext={points[selected ?? 0]?.name ?? ''}
      class="gs-choice"
      onPointerDown={(event) => {
        if (!onBrush || event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { from: nearest(event), x: event.clientX, moved: false };
      }}
      onPointerMove={(event) => {
        const started = drag.current;
        if (started) {
          started.moved ||= Math.abs(event.clientX - started.x) >= STILL_PX;
          if (started.moved) onBrush?.(stretch(started.from, nearest(event)), false);
        }
        onHover?.(nearest(event));
      }}
      onPointerUp={(event) => {
        const started = drag.current;
        drag.current = null;
        if (started?.moved) onBrush?.(stretch(started.from, nearest(event)), true);
        else onSelect(nearest(event));
      }}
      onPointerLeave={() => onHover?.(null)}
      onBlur={endBrush}
      onKeyDown={(event) => {
        if (onBrush && !event.altKey && !event.ctrlKey && !event.metaKey && switchBrush(event)) return;
        const step = steps[event.key];
        if (step === undefined) return;
        event.preventDefault();
        const at = selected ?? hover ?? -1;
        const to = clamp(at + step);
        if (isBrushing(event) && onBrush) {
          const fixed = brush === null ? clamp(at) : brush.from === clamp(at) ? brush.to : brush.from;
          onBrush(stretch(fixed, to), true);
        }
        onSelect(to);
      }}
    />
  );
}
