import { Chart, type ChartFrame } from './chart';
import { count, percent, real } from './format';
import { Label, round } from './Label';
import { stepKeyboard, StepHitArea } from './StepGestures';
import {
  railNotes,
  shareAt,
  type ErrorReference,
  type StepFigures,
  type StepLaneOptions,
  type StepLayout,
  type StepZoom,
} from './stepLayout';

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

export interface StepLanesProps
  extends Omit<ChartFrame, 'height'>, Omit<StepLaneOptions, 'markers' | 'steps' | 'height' | 'heatHeight'> {
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
  /** The wheel, a drag with the Space key held and the keys + - 0 ask for another window; null: all. */
  readonly onZoom?: (zoom: StepZoom | null) => void;
  /** The up and down arrows ask for the next row of the heat map. */
  readonly onRow?: (by: 1 | -1) => void;
  /** Steps that there are, beyond a window too. Default: what is shown. */
  readonly allSteps?: readonly [from: number, to: number];
  /** Steps that have nothing of what is picked out: the lanes over them fade to a quarter. */
  readonly faded?: readonly StepRange[];
  /** Error of an earlier run, drawn dotted. */
  readonly before?: Pick<StepFigures, 'first' | 'stepsPerPoint' | 'rmse'> | null;
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
      <g transform={`translate(${layout.left},0)`} {...stepKeyboard(props)}>
        <ErrorLane figures={figures} layout={layout} reference={props.reference ?? null} before={props.before ?? null} />
        {layout.range && <RangeLane figures={figures} layout={layout} rails={props.rails} />}
        {layout.share && <ShareLane figures={figures} layout={layout} />}
        <Faded faded={props.faded ?? []} layout={layout} />
        <Axis layout={layout} />
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
        <StepHitArea {...props} />
      </g>
    </Chart>
  );
}

/** What lies under the background at three quarters keeps a quarter of its colour. */
function Faded({ faded, layout }: { readonly faded: readonly StepRange[]; readonly layout: StepLayout }) {
  const [top, bottom] = [layout.error.top - 1, layout.heatTop - 2];
  const d = faded.map(({ from, to }) => {
    const [left, right] = [layout.x(from), layout.x(to)];
    return right > left ? `M${round(left)},${round(top)}H${round(right)}V${round(bottom)}H${round(left)}Z` : '';
  });
  return faded.length === 0 ? null : <path class="gs-faded" d={d.join('')} fill="var(--gs-bg)" fill-opacity={0.75} />;
}

/** Outline of the accumulated error over a faint area, the local error dashed, a reference dotted. */
function ErrorLane(props: {
  readonly figures: StepFigures;
  readonly layout: StepLayout;
  readonly reference: ErrorReference | null;
  readonly before: StepLanesProps['before'];
}) {
  const { figures, layout, reference, before } = props;
  const { error, plotWidth } = layout;
  const level = reference === null || reference.rmse > error.end ? null : error.y(reference.rmse);
  const base = round(error.top + error.height);
  const line = stepLine(figures.rmse, figures, layout, error.y);
  return (
    <>
      <LaneName lane={error} title="error" detail="RMS" />
      <path d={line === '' ? '' : `${line}V${base}H0Z`} fill="var(--gs-fg)" fill-opacity={0.14} />
      <path d={line} fill="none" stroke="var(--gs-fg)" stroke-opacity={0.75} stroke-width={1.3} />
      <path
        d={stepLine(figures.localRmse, figures, layout, error.y)}
        fill="none"
        stroke="var(--gs-fg)"
        stroke-opacity={0.75}
        stroke-dasharray="3 3"
      />
      <path d={`M0,${base}H${round(plotWidth)}`} stroke="var(--gs-hair)" />
      {before && (
        <path
          d={stepLine(before.rmse, before, layout, error.y)}
          fill="none"
          stroke="var(--gs-fg)"
          stroke-width={1.2}
          stroke-dasharray="1 2"
        />
      )}
      {level !== null && (
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
        most={Math.max(2, Math.floor((error.height + 6) / 14))}
        texts={[
          error.height < 50 ? 'accumulated, - - local' : 'accumulated',
          ...(error.height < 50 ? [] : ['- - local']),
          error.end < error.peak ? `top ${real(error.end)}, peak ${real(error.peak)}` : `peak ${real(error.peak)}`,
          ...(before ? ['··· before'] : []),
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
  const [low, high] = range.domain;
  const slack = (high - low) * 0.01;
  const shown = (rails ?? []).filter((rail) => rail >= low - slack && rail <= high + slack);
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
        railNotes(shown, range).map(({ text, y }) => (
          <Label x={plotWidth + 8} y={y + 4} tone="sat">
            {text}
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

function Axis({ layout }: { layout: StepLayout }) {
  const { ticks, axisTop, plotWidth, heatTop, heatHeight } = layout;
  return (
    <>
      {heatHeight > 0 && (
        <LaneName lane={{ top: heatTop, height: heatHeight }} title="units" detail="× steps" more={['worst', 'on top']} />
      )}
      <path d={`M0,${round(axisTop + 0.5)}H${round(plotWidth)}`} stroke="var(--gs-line)" />
      {ticks.map(({ step, x }) => (
        <>
          <path d={`M${round(x)},${round(axisTop)}v4`} stroke="var(--gs-line)" />
          <Label x={x} y={axisTop + 15} anchor="middle" tone="dim" mono>
            {count(step)}
          </Label>
        </>
      ))}
      <Label x={-8} y={axisTop + 15} anchor="end" tone="dim">
        step
      </Label>
    </>
  );
}

/** As many of its lines as the lane is high. */
function LaneName({
  lane,
  title,
  detail,
  more = [],
}: {
  readonly lane: { readonly top: number; readonly height: number };
  readonly title: string;
  readonly detail: string;
  readonly more?: readonly string[];
}) {
  const lines = [title, ...(lane.height > 22 ? [detail] : []), ...(lane.height > 48 ? more : [])];
  return (
    <>
      {lines.map((text, k) => (
        <Label x={-8} y={lane.top + 10 + k * 13} anchor="end" tone={k === 0 ? 'fg' : 'dim'}>
          {text}
        </Label>
      ))}
    </>
  );
}

function Notes(props: {
  readonly layout: StepLayout;
  readonly top: number;
  readonly texts: readonly string[];
  /** Lines that there is room for. */
  readonly most: number;
}) {
  const { layout, top, texts, most } = props;
  if (layout.notes === 0) return null;
  return (
    <>
      {texts.slice(0, most).map((text, k) => (
        <Label x={layout.plotWidth + 8} y={top + k * 14} tone={k === 0 ? 'fg' : 'dim'}>
          {text}
        </Label>
      ))}
    </>
  );
}

type Grid = Pick<StepFigures, 'first' | 'stepsPerPoint'>;

function pointEnds(figures: Grid, layout: StepLayout, point: number): [number, number] {
  const start = figures.first + point * figures.stepsPerPoint;
  return [layout.x(start), layout.x(start + figures.stepsPerPoint)];
}

function stepLine(values: ArrayLike<number>, figures: Grid, layout: StepLayout, y: (value: number) => number): string {
  let path = '';
  for (let k = 0; k < values.length; k++) {
    const [left, right] = pointEnds(figures, layout, k);
    // Beside the window.
    if (right <= left) continue;
    path += `${path === '' ? 'M' : 'L'}${round(left)},${round(y(values[k] ?? 0))}H${round(right)}`;
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
    if (right <= left) continue;
    there += `${there === '' ? 'M' : 'L'}${round(left)},${round(y(high[k] ?? 0))}H${round(right)}`;
    back = `L${round(right)},${round(y(low[k] ?? 0))}H${round(left)}${back}`;
  }
  return there === '' ? '' : `${there}${back}Z`;
}
