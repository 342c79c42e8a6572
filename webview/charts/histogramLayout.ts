import { scaleLinear, scaleLog } from 'd3';
import * as format from './format';
import type { HistogramData, LosslessRails, Rails } from './histogramData';
import { overlap, placeLabels, type Box } from './placeLabels';
import { textWidth } from './textWidth';

export interface HistogramOptions {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly data: HistogramData;
  /** Values on the quantized path: what shares are shares of. */
  readonly values: number;
  /** Null for float signals: then no rail is drawn. */
  readonly rails: Rails | null;
  /** Ends of the codes at which nothing is lost: no rail is drawn there, the code axis stays. Default: neither. */
  readonly lossless?: LosslessRails;
  /** real = scale * (code - zeroPoint), for the second axis; null: no code axis. */
  readonly codes: { readonly scale: number; readonly zeroPoint: number } | null;
  /** Extremes of the float path, for "float goes on to 17.5"; null: not said. */
  readonly floatRange: readonly [min: number, max: number] | null;
  /** Beyond ±flatBeyond the activation that follows is flat; marked under the columns. Default: none. */
  readonly flatBeyond?: number | null;
  /** Axis of the counts. Default: `log`. */
  readonly counts?: 'linear' | 'log';
  /** Reals that the axis goes over; bins beside it are not drawn. Default: those of the data. */
  readonly window?: { readonly from: number; readonly to: number } | null;
}

export interface PlacedLabel {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly box: Box;
  readonly kind: 'share' | 'count' | 'unreached' | 'beyond';
  readonly size: number;
}

export interface HistogramLayout {
  readonly left: number;
  readonly top: number;
  /** Size of the plot without margins. */
  readonly width: number;
  readonly height: number;
  /** Reals at both ends of the axis. */
  readonly domain: readonly [low: number, high: number];
  readonly x: (real: number) => number;
  /** Height above the axis as a y position; 0 counts lie on the axis. */
  readonly y: (count: number) => number;
  readonly realTicks: readonly AxisLabel[];
  readonly countTicks: readonly { readonly value: number; readonly y: number }[];
  readonly codeAxis: { readonly from: number; readonly to: number; readonly labels: readonly AxisLabel[] } | null;
  /** Rails inside the axis, low first. */
  readonly rails: readonly { readonly side: 'low' | 'high'; readonly x: number; readonly count: number }[];
  readonly labels: readonly PlacedLabel[];
}

export interface AxisLabel {
  readonly text: string;
  /** Of the tick, and of the label's centre (moved in at the plot's ends). */
  readonly tick: number;
  readonly x: number;
}

const MARGIN = { left: 44, right: 14, top: 34, bottom: 28, codeAxis: 18 };
const LINE = 13;

/** Where everything in the large histogram goes: pure arithmetic, so that overlaps can be tested. */
export function layoutHistogram(props: HistogramOptions): HistogramLayout {
  const { data, codes, rails } = props;
  const width = Math.max(1, props.width - MARGIN.left - MARGIN.right);
  const height = Math.max(1, props.height - MARGIN.top - MARGIN.bottom - (codes ? MARGIN.codeAxis : 0));
  const [lowest, highest] = domainOf(props);
  const x = scaleLinear([lowest, highest], [0, width]);
  const most = data.float.reduce(
    (a, b) => Math.max(a, b),
    (data.int8 ?? []).reduce((a, b) => Math.max(a, b), 1),
  );
  const linear = props.counts === 'linear';
  const yScale = linear ? scaleLinear([0, most * 1.05], [height, 0]) : scaleLog([0.8, Math.max(most, 2) * 1.6], [height, 0]);
  const ticks = linear
    ? yScale.ticks(4).filter(Number.isInteger)
    : yScale.ticks().filter((v) => Number.isInteger(Math.log10(v)) || v === 1);
  const layout = {
    left: MARGIN.left,
    top: MARGIN.top,
    width,
    height,
    domain: [lowest, highest] as const,
    x,
    y: (count: number) => (count > 0 ? yScale(count) : height),
    realTicks: realTicks(x, width),
    countTicks: spaced(ticks.map((value) => ({ value, y: yScale(value) }))),
    codeAxis: codes && rails && codeAxis(codes, rails, lowest, highest, x, width),
    rails: rails === null ? [] : railsInside(rails, lowest, highest, x).filter(({ side }) => props.lossless?.[side] !== true),
  };
  return { ...layout, labels: placeRailLabels(props, layout) };
}

function domainOf({ window, data }: HistogramOptions): [number, number] {
  return window && window.to > window.from ? [window.from, window.to] : axisEnds(data.edges);
}

/** Lowest and highest real on the axis. */
export function axisEnds(edges: readonly number[]): [number, number] {
  const low = edges[0] ?? 0;
  const high = edges[edges.length - 1] ?? 1;
  return high > low ? [low, high] : [low - 0.5, low + 0.5];
}

function realTicks(x: d3.ScaleLinear<number, number>, width: number): AxisLabel[] {
  const wanted = Math.max(2, Math.floor(width / 56));
  const write = x.tickFormat(wanted);
  return oneLine(
    x.ticks(wanted).map((value) => ({ text: write(value), tick: x(value) })),
    width,
  );
}

/** Ends of the type first where they are in view, then multiples of a power of two, as close as the labels allow. */
function codeAxis(
  codes: { readonly scale: number; readonly zeroPoint: number },
  rails: Rails,
  lowest: number,
  highest: number,
  x: (real: number) => number,
  width: number,
): HistogramLayout['codeAxis'] {
  const at = (code: number): number => x((code - codes.zeroPoint) * codes.scale);
  const nearest = (real: number): number => Math.round(real / codes.scale + codes.zeroPoint);
  // A window beyond the type has none of its codes.
  if (nearest(lowest) > rails.highCode || nearest(highest) < rails.lowCode) return { from: 0, to: 0, labels: [] };
  const first = Math.max(rails.lowCode, Math.min(rails.highCode, nearest(lowest)));
  const last = Math.max(rails.lowCode, Math.min(rails.highCode, nearest(highest)));
  const ends = [first, last].map((code) => ({ text: format.code(code, code === rails.highCode), tick: at(code) }));
  const labels = ends.filter((_, k) => width < 360 || (k === 0 ? first === rails.lowCode : last === rails.highCode));
  const widest = Math.max(...ends.map((end) => labelWidth(end.text))) + 10;
  let step = 2 ** Math.max(0, Math.ceil(Math.log2((rails.highCode - rails.lowCode) / 8)) - 4);
  while (Math.abs(at(step) - at(0)) < widest && step < 2 ** 32) step *= 2;
  if (width >= 360) {
    for (let code = Math.ceil(first / step) * step; code <= last; code += step)
      labels.push({ text: format.code(code), tick: at(code) });
  }
  const inside = (real: number) => Math.max(0, Math.min(width, real));
  return {
    from: inside(at(first)),
    to: inside(at(last)),
    labels: oneLine(
      labels.filter(({ tick }) => tick >= -1 && tick <= width + 1),
      width,
    ),
  };
}

const labelWidth = (text: string): number => textWidth(text, 10.5, { mono: true });

/** Keeps labels of one axis that do not touch those before them in the list; moves those at the ends inside. */
function oneLine(labels: readonly { readonly text: string; readonly tick: number }[], width: number): AxisLabel[] {
  const kept: { label: AxisLabel; box: Box }[] = [];
  for (const { text, tick } of labels) {
    const half = labelWidth(text) / 2;
    const centre = Math.max(half - 8, Math.min(width + MARGIN.right - half, tick));
    const box = { x: centre - half - 3, y: 0, width: half * 2 + 6, height: 1 };
    if (!kept.some((other) => overlap(other.box, box))) kept.push({ label: { text, tick, x: centre }, box });
  }
  return kept.map(({ label }) => label);
}

/** Drops ticks closer than a line of text, from the top. */
function spaced(ticks: readonly { readonly value: number; readonly y: number }[]): { value: number; y: number }[] {
  const kept: { value: number; y: number }[] = [];
  for (const tick of ticks) {
    const last = kept[kept.length - 1];
    if (tick.y >= -2 && (!last || last.y - tick.y >= 11)) kept.push(tick);
  }
  return kept;
}

function railsInside(rails: Rails, lowest: number, highest: number, x: (real: number) => number): HistogramLayout['rails'] {
  const both = [
    { side: 'low', real: rails.lowReal, count: rails.low },
    { side: 'high', real: rails.highReal, count: rails.high },
  ] as const;
  return both
    .filter(({ real }) => real >= lowest && real <= highest)
    .map(({ side, real, count }) => ({ side, x: x(real), count }));
}

type Frame = Pick<HistogramLayout, 'width' | 'rails' | 'x'>;
type Candidate = Omit<PlacedLabel, 'box'>;

/** Shares and counts beside the rails' lines, and how far float goes on beyond them; what does not fit is shortened, then left out. */
function placeRailLabels(props: HistogramOptions, frame: Frame): PlacedLabel[] {
  const groups: Candidate[][][] = [...frame.rails]
    .sort((a, b) => b.count - a.count)
    .map(({ side, x, count }) => railCandidates(side, x, count, props.values));
  groups.push(...beyondCandidates(props, frame));
  const bounds = { x: -MARGIN.left, y: -MARGIN.top, width: frame.width + MARGIN.left + MARGIN.right, height: MARGIN.top };
  const lines = frame.rails.map(({ x }) => ({ x: x - 2, y: -28, width: 4, height: 28 }));
  const boxes = groups.map((options) => options.map((lines) => union(lines.map(boxOf))));
  return placeLabels(boxes, bounds, lines).flatMap((taken, k) =>
    (groups[k]?.[taken] ?? []).map((label) => ({ ...label, box: boxOf(label) })),
  );
}

function railCandidates(side: 'low' | 'high', x: number, count: number, values: number): Candidate[][] {
  const share = values > 0 ? count / values : 0;
  const big = share > 0.01 ? 13 : 11;
  const write = (outward: boolean, long: boolean): Candidate[] => {
    const anchor = (side === 'low') === outward ? 'end' : 'start';
    const at = { x: x + (anchor === 'start' ? 5 : -5), anchor } as const;
    if (count === 0) return [{ ...at, text: long ? 'rail not reached' : '0', y: -6, kind: 'unreached', size: 11 }];
    const first: Candidate = { ...at, text: format.percent(share), y: long ? -19 : -6, kind: 'share', size: big };
    return long ? [first, { ...at, text: `${format.count(count)} at the rail`, y: -6, kind: 'count', size: 11 }] : [first];
  };
  return [write(false, true), write(true, true), write(false, false), write(true, false)];
}

/** Only beside a rail that is drawn: elsewhere nothing is cut off. */
function beyondCandidates({ rails, floatRange }: HistogramOptions, { width, rails: shown, x }: Frame): Candidate[][][] {
  if (!rails || !floatRange) return [];
  const [lowest, highest] = floatRange;
  const label = (text: string, y: number, at: Pick<Candidate, 'x' | 'anchor'>): Candidate[] => [
    { ...at, text, y, kind: 'beyond', size: 11 },
  ];
  const groups: Candidate[][][] = [];
  if (highest > rails.highReal && shown.some(({ side }) => side === 'high')) {
    const end = { x: Math.min(width, Math.max(x(highest), width * 0.5)), anchor: 'end' } as const;
    const edge = { x: width, anchor: 'end' } as const;
    const texts = [`float goes on to ${format.real(highest)}`, `to ${format.real(highest)}`];
    groups.push(texts.flatMap((text) => [label(text, -6, edge), label(text, -6, end), label(text, -19, edge)]));
  }
  if (lowest < rails.lowReal && shown.some(({ side }) => side === 'low')) {
    const edge = { x: 0, anchor: 'start' } as const;
    const texts = [`float goes on to ${format.real(lowest)}`, `to ${format.real(lowest)}`];
    groups.push(texts.flatMap((text) => [label(text, -6, edge), label(text, -19, edge)]));
  }
  return groups;
}

function boxOf({ text, x, y, anchor, size, kind }: Candidate): Box {
  const width = textWidth(text, size, { bold: kind === 'share' }) + 4;
  return { x: anchor === 'start' ? x - 2 : anchor === 'end' ? x - width + 2 : x - width / 2, y: y - 10, width, height: LINE };
}

function union(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}
