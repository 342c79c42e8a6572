import { Chart, type ChartFrame } from './chart';
import { endBrush, isBrushing, switchBrush } from './brushKeys';
import { beginDrag, dragBegan, endDrag } from './dragAnchor';
import { count, percent, real } from './format';
import { Label, round } from './Label';
import { railNote, shareAt, type ErrorReference, type StepFigures, type StepLaneOptions, type StepLayout } from './stepLayout';

/** Steps from `from` up to `to`, which is not included. */
export interface StepRange {
  readonly from: number;
  readonly to: number;
}

export interface StepPoint {
  readonly step: number;
  /** Pixels from the heat map's top; null above it. */
  readonly heatY: number | null;
}

export interface StepLanesProps extends Omit<ChartFrame, 'height'>, Omit<StepLaneOptions, 'markers' | 'steps'> {
  /** Of the same options (`layoutSteps`): it stays while the pointer moves. */
  readonly layout: StepLayout;
  /** Name of the quantized path, such as `int8`. */
  readonly path: string;
  readonly cursor: number | null;
  readonly brush: StepRange | null;
  /** Outlined in the heat map: its place in pixels from the heat map's top. */
  readonly heatRow?: { readonly y: number; readonly height: number } | null;
  /** Drawn as a dotted line where it is not above the lane. */
  readonly reference?: ErrorReference | null;
  readonly onPoint?: (point: StepPoint | null) => void;
  readonly onBrush?: (range: StepRange | null, final: boolean) => void;
}

/**
 * Error, range and share at the rails over the steps, one above the other on one axis, with room for a heat map below. Pointer and
 * arrow keys move one line through all lanes; dragging, or Shift with the arrows, selects steps.
 */
export function StepLanes(props: StepLanesProps) {
  const { layout, figures, cursor, brush, heatRow = null } = props;
  const bottom = layout.axisTop;
  const width = (from: number, to: number) => round(Math.max(1, layout.x(to) - layout.x(from)));
  return (
    <Chart {...props} height={layout.height} role={props.onPoint ? 'figure' : 'img'}>
      <g transform={`translate(${layout.left},0)`} {...keyboard(props)}>
        <ErrorLane figures={figures} layout={layout} reference={props.reference ?? null} />
        {layout.range && <RangeLane figures={figures} layout={layout} rails={props.rails} />}
        {layout.share && <ShareLane figures={figures} layout={layout} />}
        <Axis layout={layout} heatHeight={props.heatHeight} />
        {layout.markers.map(({ x, label }) => (
          <>
            <path d={`M${round(x)},${(label?.y ?? 20) - 9}V${round(bottom)}`} stroke="var(--gs-fg)" stroke-opacity={0.55} />
            {label && (
              <Label x={label.x} y={label.y} anchor={label.anchor} bold halo>
                {label.text}
              </Label>
            )}
          </>
        ))}
        {brush && (
          <rect
            x={round(layout.x(brush.from))}
            y={layout.error.top - 4}
            width={width(brush.from, brush.to)}
            height={round(bottom - layout.error.top + 4)}
            fill="var(--gs-focus)"
            fill-opacity={0.16}
            stroke="var(--gs-focus)"
          />
        )}
        {heatRow && (
          <rect
            x={-1}
            y={round(layout.heatTop + heatRow.y - 1)}
            width={round(layout.plotWidth + 2)}
            height={round(Math.max(3, heatRow.height + 2))}
            fill="none"
            stroke="var(--gs-fg)"
          />
        )}
        {cursor !== null && (
          <path
            d={`M${round(layout.x(cursor + 0.5))},${layout.error.top - 4}V${round(bottom)}`}
            stroke="var(--gs-focus)"
            stroke-width={2}
          />
        )}
        <HitArea {...props} />
      </g>
    </Chart>
  );
}

/** Outline of the accumulated error over a faint area, the local error dashed, a reference dotted. */
function ErrorLane(props: { figures: StepFigures; layout: StepLayout; reference: ErrorReference | null }) {
  const { figures, layout, reference } = props;
  const { error, plotWidth } = layout;
  const level = reference === null ? null : error.y(reference.rmse);
  const base = round(error.top + error.height);
  const line = stepLine(figures.rmse, figures, layout, error.y);
  return (
    <>
      <LaneName lane={error} title="error" detail="RMS" />
      <path d={`${line}V${base}H0Z`} fill="var(--gs-fg)" fill-opacity={0.14} />
      <path d={line} fill="none" stroke="var(--gs-fg)" stroke-opacity={0.75} stroke-width={1.3} />
      <path
        d={stepLine(figures.localRmse, figures, layout, error.y)}
        fill="none"
        stroke="var(--gs-fg)"
        stroke-opacity={0.75}
        stroke-dasharray="3 3"
      />
      <path d={`M0,${base}H${round(plotWidth)}`} stroke="var(--gs-hair)" />
      {level !== null && level >= error.top && (
        <path
          d={`M0,${round(level)}H${round(plotWidth)}`}
          stroke="var(--gs-fg)"
          stroke-opacity={0.75}
          stroke-dasharray="1 3"
          stroke-width={1.3}
        />
      )}
      <Notes
        layout={layout}
        top={error.top + 10}
        texts={[
          'accumulated',
          '- - local',
          `peak ${real(error.peak)}`,
          ...(reference === null ? [] : [`··· ${reference.label} ${real(reference.rmse)}`]),
        ]}
      />
    </>
  );
}

/** Lowest to highest value of each step: float as outline, the quantized path filled. */
function RangeLane({ figures, layout, rails }: { figures: StepFigures; layout: StepLayout; rails: StepLaneOptions['rails'] }) {
  const { range, plotWidth } = layout;
  if (!range) return null;
  const inside = (rail: number) => {
    const y = range.y(rail);
    return y >= range.top - 0.5 && y <= range.top + range.height + 0.5;
  };
  const shown = (rails ?? []).filter(inside);
  return (
    <>
      <LaneName lane={range} title="range" detail="min–max" />
      <path
        d={bandPath(figures.min, figures.max, figures, layout, range.y)}
        fill="var(--gs-int)"
        fill-opacity="var(--gs-int-fill)"
      />
      <path d={stepLine(figures.floatMax, figures, layout, range.y)} fill="none" stroke="var(--gs-float)" stroke-width={1.3} />
      <path d={stepLine(figures.floatMin, figures, layout, range.y)} fill="none" stroke="var(--gs-float)" stroke-width={1.3} />
      {shown.map((rail) => (
        <path
          d={`M0,${round(range.y(rail))}H${round(plotWidth)}`}
          stroke="var(--gs-sat)"
          stroke-dasharray="3 3"
          stroke-width={1.2}
        />
      ))}
      {layout.notes > 0 &&
        shown.map((rail) => (
          <Label x={plotWidth + 8} y={range.y(rail) + 4} tone="sat">
            {railNote(rail)}
          </Label>
        ))}
    </>
  );
}

function ShareLane({ figures, layout }: { figures: StepFigures; layout: StepLayout }) {
  const { share, plotWidth } = layout;
  if (!share) return null;
  const base = share.top + share.height;
  let columns = '';
  for (let k = 0; k < figures.values.length; k++) {
    const part = shareAt(figures, k);
    if (part <= 0) continue;
    const [left, right] = pointEnds(figures, layout, k);
    const gap = right - left > 3 ? 0.6 : 0;
    columns += `M${round(left)},${round(base)}V${round(Math.min(base - 1, share.y(part)))}H${round(right - gap)}V${round(base)}Z`;
  }
  return (
    <>
      <LaneName lane={share} title="at rails" detail="share" />
      <path d={columns} fill="var(--gs-sat)" />
      <path d={`M0,${round(base)}H${round(plotWidth)}`} stroke="var(--gs-hair)" />
      {layout.notes > 0 && (
        <>
          <Label x={plotWidth + 8} y={share.top + 10} tone="dim">
            {share.most > 0 ? 'up to' : 'none'}
          </Label>
          {share.most > 0 && (
            <Label x={plotWidth + 8} y={share.top + 24} tone="sat" mono>
              {percent(share.most)}
            </Label>
          )}
        </>
      )}
    </>
  );
}

function Axis({ layout, heatHeight }: { layout: StepLayout; heatHeight: number }) {
  const { ticks, axisTop, plotWidth, heatTop } = layout;
  return (
    <>
      {heatHeight > 0 && (
        <LaneName lane={{ top: heatTop, height: heatHeight }} title="units" detail={heatHeight > 24 ? '× steps' : ''} />
      )}
      <path d={`M0,${round(axisTop + 0.5)}H${round(plotWidth)}`} stroke="var(--gs-line)" />
      {ticks.map(({ step, x }) => (
        <>
          <path d={`M${round(x)},${round(axisTop)}v4`} stroke="var(--gs-line)" />
          <Label x={x} y={axisTop + 16} anchor="middle" tone="dim" mono>
            {count(step)}
          </Label>
        </>
      ))}
      <Label x={-8} y={axisTop + 16} anchor="end" tone="dim">
        step
      </Label>
    </>
  );
}

function LaneName({ lane, title, detail }: { lane: { top: number; height: number }; title: string; detail: string }) {
  return (
    <>
      <Label x={-8} y={lane.top + 10} anchor="end">
        {title}
      </Label>
      <Label x={-8} y={lane.top + 23} anchor="end" tone="dim">
        {detail}
      </Label>
    </>
  );
}

function Notes({ layout, top, texts }: { layout: StepLayout; top: number; texts: readonly string[] }) {
  if (layout.notes === 0) return null;
  return (
    <>
      {texts.map((text, k) => (
        <Label x={layout.plotWidth + 8} y={top + k * 15} tone={k === 0 ? 'fg' : 'dim'}>
          {text}
        </Label>
      ))}
    </>
  );
}

function HitArea({ layout, onPoint, onBrush, brush }: StepLanesProps) {
  if (!onPoint) return null;
  const top = layout.error.top - 4;
  const pointOf = (event: PointerEvent): StepPoint => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const scale = box.width > 0 ? layout.plotWidth / box.width : 1;
    const y = (event.clientY - box.top) * scale + top - layout.heatTop;
    return { step: layout.stepAt((event.clientX - box.left) * scale), heatY: y >= 0 ? y : null };
  };
  return (
    <rect
      class="gs-steps"
      x={0}
      y={top}
      width={round(layout.plotWidth)}
      height={round(layout.axisTop - top)}
      fill="transparent"
      onPointerLeave={() => onPoint(null)}
      onPointerDown={(event: PointerEvent) => {
        if (event.button === 0 && onBrush) beginDrag(event, pointOf(event).step);
      }}
      onPointerMove={(event: PointerEvent) => {
        const point = pointOf(event);
        onPoint(point);
        const anchor = dragBegan(event);
        if (anchor !== null && point.step !== anchor) onBrush?.(between(anchor, point.step), false);
      }}
      onPointerUp={(event: PointerEvent) => {
        const anchor = endDrag(event);
        if (anchor === null) return;
        const { step } = pointOf(event);
        if (step !== anchor) onBrush?.(between(anchor, step), true);
        else if (brush) onBrush?.(null, true);
      }}
    />
  );
}

function between(a: number, b: number): StepRange {
  return { from: Math.min(a, b), to: Math.max(a, b) + 1 };
}

/** Arrows walk the steps; with Shift or after b they select. Each step is read out with its figures. */
function keyboard({ title, cursor, brush, figures, path, layout, onPoint, onBrush }: StepLanesProps) {
  if (!onPoint) return {};
  const [from, to] = layout.domain;
  const strides: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };
  return {
    tabindex: 0,
    role: 'slider',
    'aria-label': `Steps of ${title}`,
    'aria-valuemin': from,
    'aria-valuemax': to - 1,
    'aria-valuenow': cursor ?? from,
    'aria-valuetext': describeStep(figures, cursor ?? from, path),
    class: 'gs-choice',
    onBlur: endBrush,
    onKeyDown: (event: KeyboardEvent) => {
      if (onBrush && !event.altKey && !event.ctrlKey && !event.metaKey && switchBrush(event)) return;
      const stride = strides[event.key];
      const target =
        event.key === 'Home' ? from : event.key === 'End' ? to - 1 : stride === undefined ? null : (cursor ?? from - 1) + stride;
      if (target === null || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      const step = Math.max(from, Math.min(to - 1, target));
      onPoint({ step, heatY: null });
      if (!isBrushing(event) || !onBrush || cursor === null) return;
      // The end that the line stood at moves with it; the other one stays.
      const fixed = brush === null ? cursor : brush.from === cursor ? brush.to - 1 : brush.from;
      onBrush(between(fixed, step), true);
    },
  } as const;
}

/** Index of the point that covers a step; -1 where none does. */
export function pointOfStep({ first, stepsPerPoint, values }: StepFigures, step: number): number {
  const point = Math.floor((step - first) / stepsPerPoint);
  return point >= 0 && point < values.length ? point : -1;
}

/** All figures of one step in words. */
export function describeStep(figures: StepFigures, step: number, path: string): string {
  const point = pointOfStep(figures, step);
  if (point < 0) return `step ${count(step)}: no values`;
  const first = figures.first + point * figures.stepsPerPoint;
  const where =
    figures.stepsPerPoint === 1 ? `step ${count(first)}` : `steps ${count(first)} to ${count(first + figures.stepsPerPoint - 1)}`;
  const of = (values: ArrayLike<number>) => real(values[point] ?? 0);
  const parts = [
    `error RMS ${of(figures.rmse)}, local ${of(figures.localRmse)}`,
    `float ${of(figures.floatMin)} to ${of(figures.floatMax)}`,
    `${path} ${of(figures.min)} to ${of(figures.max)}`,
    ...(figures.atRails[point] ? [`${percent(shareAt(figures, point))} at the rails`] : []),
  ];
  return `${where}: ${parts.join('; ')}`;
}

function pointEnds(figures: StepFigures, layout: StepLayout, point: number): [number, number] {
  const start = figures.first + point * figures.stepsPerPoint;
  return [layout.x(start), layout.x(start + figures.stepsPerPoint)];
}

function stepLine(values: ArrayLike<number>, figures: StepFigures, layout: StepLayout, y: (value: number) => number): string {
  let path = '';
  for (let k = 0; k < values.length; k++) {
    const [left, right] = pointEnds(figures, layout, k);
    path += `${k === 0 ? 'M' : 'L'}${round(left)},${round(y(values[k] ?? 0))}H${round(right)}`;
  }
  return path;
}

function bandPath(
  low: ArrayLike<number>,
  high: ArrayLike<number>,
  figures: StepFigures,
  layout: StepLayout,
  y: (value: number) => number,
): string {
  let [there, back] = ['', ''];
  for (let k = 0; k < low.length; k++) {
    const [left, right] = pointEnds(figures, layout, k);
    there += `${k === 0 ? 'M' : 'L'}${round(left)},${round(y(high[k] ?? 0))}H${round(right)}`;
    back = `L${round(right)},${round(y(low[k] ?? 0))}H${round(left)}${back}`;
  }
  return there === '' ? '' : `${there}${back}Z`;
}
