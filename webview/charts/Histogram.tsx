import { Chart, type ChartFrame } from './chart';
import { code, count, countTick, percent, real } from './format';
import { binOf, binsWithin, drawnRails, type HistogramData, type Rails } from './histogramData';
import { HistogramHitArea, histogramKeyboard } from './HistogramGestures';
import { layoutHistogram, type HistogramLayout, type HistogramOptions, type PlacedLabel } from './histogramLayout';
import { Label, round, type Tone } from './Label';
import { MiniHistogram } from './MiniHistogram';
import { columnsPath, hatchPath, stepsPath } from './paths';
import { textWidth } from './textWidth';

export interface HistogramProps extends ChartFrame, HistogramOptions {
  /** Bin under the pointer or the keyboard's focus; its column is outlined. */
  readonly hover?: number | null;
  /** Called with the bin (of `data`) that pointer or arrow keys reach, and with null when they leave. Makes the chart focusable. */
  readonly onHover?: (bin: number | null) => void;
  /** Selected reals, shaded. */
  readonly brush?: RealRange | null;
  /** Dragging, or Shift with the arrows, selects whole bins; a click beside them selects nothing. `final` once the button is up. */
  readonly onBrush?: (range: RealRange | null, final: boolean) => void;
  /** The wheel, a drag with the Space key held, and the keys + and - ask for another window of reals; a double click or 0 for all (null). */
  readonly onZoom?: (window: RealRange | null) => void;
  /** Of the quantized path's counts, those that match what is picked out: all else fades to a quarter. Null: nothing is picked out. */
  readonly matching?: readonly number[] | null;
  /** Values that the activation then leaves at its ends; beside `flatBeyond`. */
  readonly flatCounts?: { readonly low: number; readonly high: number } | null;
  /** Quantized path of an earlier run, outlined with dots. */
  readonly before?: Pick<HistogramData, 'edges' | 'int8'> | null;
}

/** Both ends included. */
export interface RealRange {
  readonly from: number;
  readonly to: number;
}

const LABEL_TONE: Readonly<Record<PlacedLabel['kind'], Tone>> = { share: 'sat', count: 'dim', unreached: 'dim', beyond: 'float' };

/**
 * The large histogram: float as outline over filled columns of the quantized path, rails as solid columns with hatched zones
 * beyond, real axis and code axis. Under 360 px the code axis shows its two ends; under 240 px it becomes a MiniHistogram.
 */
export function Histogram(props: HistogramProps) {
  if (props.width < 240) return <MiniHistogram {...props} />;
  const layout = layoutHistogram(props);
  return (
    <Chart {...props} role={props.onHover ? 'figure' : 'img'}>
      <g transform={`translate(${layout.left},${layout.top})`} {...histogramKeyboard(props, layout.domain)}>
        <Zones layout={layout} flatBeyond={props.flatBeyond ?? null} />
        <CountAxis layout={layout} />
        <Series {...props} layout={layout} />
        <RailLines layout={layout} />
        <Faded {...props} layout={layout} />
        <RealAxis layout={layout} />
        {layout.codeAxis && <CodeAxis axis={layout.codeAxis} top={layout.height} />}
        <FlatLabels {...props} layout={layout} />
        <Overlay {...props} layout={layout} />
      </g>
    </Chart>
  );
}

/** Real range, code range and both counts of one bin: what a tooltip says, line by line. */
export function describeBin({ data, codes }: Pick<HistogramProps, 'data' | 'codes'>, bin: number): string[] {
  const [from, to] = [data.edges[bin] ?? 0, data.edges[bin + 1] ?? 0];
  const lines = [`${real(from)} to ${real(to)}`];
  if (codes) {
    const first = Math.ceil(from / codes.scale + codes.zeroPoint - 1e-6);
    const last = Math.max(first, Math.floor(to / codes.scale + codes.zeroPoint + 1e-6));
    lines.push(first === last ? `code ${code(first)}` : `codes ${code(first)} to ${code(last)}`);
  }
  lines.push(`float ${count(data.float[bin] ?? 0)}`);
  if (data.int8) lines.push(`int8 path ${count(data.int8[bin] ?? 0)}`);
  return lines;
}

function Zones({ layout, flatBeyond }: { layout: HistogramLayout; flatBeyond: number | null }) {
  const { width, height, rails } = layout;
  const zones = rails.map(({ side, x: at }) =>
    side === 'low' ? hatchPath(0, 0, at, height) : hatchPath(at, 0, width - at, height),
  );
  const inside = insidePlot(layout);
  const flat = flatBeyond === null ? [] : [[0, inside(-flatBeyond)] as const, [inside(flatBeyond), width] as const];
  return (
    <>
      <path d={zones.join('')} stroke="var(--gs-sat)" stroke-opacity={0.35} stroke-width={1.5} fill="none" />
      {flat
        .filter(([from, to]) => to - from > 1)
        .map(([from, to]) => (
          <>
            <rect x={round(from)} y={0} width={round(to - from)} height={round(height)} fill="var(--gs-fg)" fill-opacity={0.05} />
            <rect x={round(from)} y={round(height)} width={round(to - from)} height={4} fill="var(--gs-fg)" fill-opacity={0.3} />
          </>
        ))}
    </>
  );
}

/** Share and count of what ends up flat, inside its zone where there is room. */
function FlatLabels({ flatBeyond = null, flatCounts = null, values, layout }: HistogramProps & { layout: HistogramLayout }) {
  if (flatBeyond === null || flatCounts === null) return null;
  const { width, height } = layout;
  const inside = insidePlot(layout);
  const sides = [
    { anchor: 'start', x: 4, room: inside(-flatBeyond) - 6, flat: flatCounts.low },
    { anchor: 'end', x: width - 4, room: width - inside(flatBeyond) - 6, flat: flatCounts.high },
  ] as const;
  return (
    <>
      {sides.map(({ anchor, x, room, flat }) => {
        const share = `flat ${percent(values > 0 ? flat / values : 0)}`;
        const text = [`${share}, ${count(flat)}`, share].find((one) => textWidth(one, 11) <= room);
        return (
          flat > 0 &&
          text !== undefined && (
            <Label x={x} y={height - 6} anchor={anchor} tone="dim" halo>
              {text}
            </Label>
          )
        );
      })}
    </>
  );
}

function CountAxis({ layout: { countTicks, width } }: { layout: HistogramLayout }) {
  return (
    <>
      <path d={countTicks.map(({ y }) => `M0,${round(y)}H${round(width)}`).join('')} stroke="var(--gs-hair)" />
      {countTicks.map(({ value, y }) => (
        <Label x={-6} y={y + 3.5} anchor="end" tone="dim" mono>
          {countTick(value)}
        </Label>
      ))}
    </>
  );
}

function Series({ data: all, rails, lossless, layout, before = null }: HistogramProps & { layout: HistogramLayout }) {
  const { y, height } = layout;
  const data = binsWithin(all, layout.domain);
  const x = insidePlot(layout);
  const inner = data.int8 && withoutRails(data.edges, data.int8, rails && drawnRails(rails, lossless));
  return (
    <>
      {inner && (
        <path d={columnsPath(data.edges, inner, x, y, height, 0.35)} fill="var(--gs-int)" fill-opacity="var(--gs-int-fill)" />
      )}
      <path d={stepsPath(data.edges, data.float, x, y)} fill="none" stroke="var(--gs-float)" stroke-width={1.5} />
      {before?.int8 && (
        <path
          d={stepsPath(...binsOfBefore(before.edges, before.int8, all.edges, layout), x, y)}
          fill="none"
          stroke="var(--gs-fg)"
          stroke-width={1.1}
          stroke-dasharray="1 2"
        />
      )}
    </>
  );
}

const insidePlot =
  ({ x, width }: HistogramLayout) =>
  (real: number): number =>
    Math.max(0, Math.min(width, x(real)));

/** Bins of the earlier run where they are shown, its counts as those of bins as wide as the present ones. */
function binsOfBefore(
  edges: readonly number[],
  counts: readonly number[],
  now: readonly number[],
  { domain }: HistogramLayout,
): [edges: readonly number[], counts: readonly number[]] {
  const [own, present] = [(edges[1] ?? 1) - (edges[0] ?? 0), (now[1] ?? 1) - (now[0] ?? 0)];
  const shown = binsWithin({ edges, float: counts.map((value) => (value * present) / own), int8: null }, domain);
  return [shown.edges, shown.float];
}

/** All but what is picked out fades to a quarter. */
function Faded({ data, matching = null, brush = null, layout }: HistogramProps & { layout: HistogramLayout }) {
  if (!matching) return null;
  const { y, width, height } = layout;
  const x = insidePlot(layout);
  const shown = binsWithin({ edges: data.edges, float: matching, int8: null }, layout.domain);
  const veils = brush ? [[0, x(brush.from)] as const, [x(brush.to), width] as const] : [[0, width] as const];
  const d = veils.map(([from, to]) => (to > from ? `M${round(from)},-1H${round(to)}V${round(height)}H${round(from)}Z` : ''));
  return (
    <>
      <path d={d.join('')} fill="var(--gs-bg)" fill-opacity={0.75} />
      {!brush && (
        <path
          d={columnsPath(shown.edges, shown.float, x, y, height, 0.35)}
          fill="var(--gs-int)"
          fill-opacity="var(--gs-int-fill)"
        />
      )}
    </>
  );
}

/** The columns' counts without the values at a rail, which have columns of their own. */
function withoutRails(edges: readonly number[], counts: readonly number[], rails: Rails | null): readonly number[] {
  if (!rails) return counts;
  const [low, high] = [binOf(edges, rails.lowReal), binOf(edges, rails.highReal)];
  return counts.map((value, k) => Math.max(0, value - (k === low ? rails.low : 0) - (k === high ? rails.high : 0)));
}

function RailLines({ layout: { rails, y, height, labels } }: { layout: HistogramLayout }) {
  return (
    <>
      {rails.map(({ side, x, count }) => (
        <>
          {count > 0 && (
            <rect
              x={round(side === 'low' ? x - 1 : x - 3)}
              y={round(Math.min(y(count), height - 3))}
              width={4}
              height={round(Math.max(3, height - y(count)))}
              fill="var(--gs-sat)"
            />
          )}
          <path
            d={`M${round(x)},-28V${round(height)}`}
            stroke="var(--gs-sat)"
            stroke-width={1.2}
            {...(count === 0 && { 'stroke-dasharray': '3 3' })}
          />
        </>
      ))}
      {labels.map(({ text, x, y: baseline, anchor, kind, size }) => (
        <Label x={x} y={baseline} anchor={anchor} tone={LABEL_TONE[kind]} size={size} bold={kind === 'share'}>
          {text}
        </Label>
      ))}
    </>
  );
}

function RealAxis({ layout: { width, height, realTicks, codeAxis, left } }: { layout: HistogramLayout }) {
  return (
    <g transform={`translate(0,${round(height)})`}>
      <path
        d={`M0,4.5H${round(width)}${realTicks.map(({ tick }) => `M${round(tick)},4v4`).join('')}`}
        stroke="var(--gs-wire)"
        fill="none"
      />
      {realTicks.map(({ text, x }) => (
        <Label x={x} y={18} anchor="middle" mono>
          {text}
        </Label>
      ))}
      {codeAxis && (
        <Label x={2 - left} y={18} tone="dim">
          real
        </Label>
      )}
    </g>
  );
}

function CodeAxis({ axis, top }: { axis: NonNullable<HistogramLayout['codeAxis']>; top: number }) {
  return (
    <g transform={`translate(0,${round(top)})`}>
      <path
        d={`M${round(axis.from)},25.5H${round(axis.to)}${axis.labels.map(({ tick }) => `M${round(tick)},25v3.5`).join('')}`}
        stroke="var(--gs-int)"
        stroke-width={1.5}
        fill="none"
      />
      {axis.labels.map(({ text, x }) => (
        <Label x={x} y={38} anchor="middle" tone="int" mono>
          {text}
        </Label>
      ))}
      <Label x={-42} y={38} tone="dim">
        code
      </Label>
    </g>
  );
}

function Overlay(props: HistogramProps & { layout: HistogramLayout }) {
  const { data, hover = null, brush = null, layout } = props;
  const { x, height, width } = layout;
  const inside = (real: number) => Math.max(0, Math.min(width, x(real)));
  const span = (from: number, to: number): { x: number; width: number } => {
    const left = inside(from);
    return { x: round(left), width: round(Math.max(1, inside(to) - left)) };
  };
  return (
    <>
      {brush && (
        <rect
          {...span(brush.from, brush.to)}
          y={0}
          height={round(height)}
          fill="var(--gs-focus)"
          fill-opacity={0.16}
          stroke="var(--gs-focus)"
        />
      )}
      {hover !== null && (
        <rect
          {...span(data.edges[hover] ?? 0, data.edges[hover + 1] ?? 0)}
          y={0}
          height={round(height)}
          fill="var(--gs-focus)"
          fill-opacity={0.16}
          stroke="var(--gs-focus)"
        />
      )}
      {props.onHover && <HistogramHitArea {...props} />}
    </>
  );
}
