import { memo } from 'preact/compat';
import { Chart, type ChartFrame } from './chart';
import { boxesIn, linesIn, type GraphPlaces, type Sight } from './graphSight';
import { Label, round } from './Label';
import { fitText } from './textWidth';

/** What a colour stands for is told by the legend. */
export type GraphTone = 'fg' | 'sat' | 'warn' | 'int' | 'float' | 'pos' | 'neg';

export interface PictureBox {
  readonly shape: 'op' | 'group' | 'open' | 'port';
  readonly title: string;
  /** Second line; '' for none. */
  readonly note: string;
  readonly tone: GraphTone;
  /** How full of its colour: 0 for none, up to `MOST_LEVEL`. */
  readonly level: number;
  /** Left out by a filter. */
  readonly isFaded: boolean;
}

export const MOST_LEVEL = 5;
const OPACITY = [0, 0.1, 0.2, 0.32, 0.46, 0.6];
/** Text stands on the fill: it takes less of the colour. */
const UNDER_TEXT = 0.5;
const FADED = 0.3;

/** How much of a box is drawn; less where it would be too small to read. */
export type PictureDetail = 'texts' | 'titles' | 'shapes';

export function detailAt(scale: number): PictureDetail {
  return scale >= 0.58 ? 'texts' : scale >= 0.45 ? 'titles' : 'shapes';
}

export interface GraphPictureProps extends ChartFrame {
  readonly places: GraphPlaces;
  /** One for each of the places' boxes. */
  readonly boxes: readonly PictureBox[];
  readonly camera: { readonly x: number; readonly y: number; readonly scale: number };
  /** Part of the graph that exists; at least what the camera shows. */
  readonly sight: Sight;
  /** Of boxes. */
  readonly selected?: readonly number[];
  readonly found?: readonly number[];
  readonly hover?: number | null;
  readonly hoverLine?: number | null;
  /** Lines of the selected boxes. */
  readonly strongLines?: readonly number[];
  /** Lines along which values are handed from one processor to another. */
  readonly boundaryLines?: readonly number[];
}

/**
 * A graph as boxes and lines, as far as it is in sight. Moving the camera within `sight` changes one attribute; marks lie over the rest,
 * so that hovering draws them alone.
 */
export function GraphPicture(props: GraphPictureProps) {
  const {
    places,
    boxes,
    camera,
    sight,
    selected = [],
    found = [],
    hover = null,
    hoverLine = null,
    strongLines = [],
    boundaryLines = [],
  } = props;
  const { x, y, scale } = camera;
  return (
    <Chart {...props}>
      <g transform={`scale(${scale}) translate(${-round(x)} ${-round(y)})`}>
        <Contents places={places} boxes={boxes} sight={sight} detail={detailAt(scale)} />
        {boundaryLines.length > 0 && (
          <path
            d={boundaryLines.map((at) => linePath(places.lines[at])).join('')}
            class="graph-line boundary"
            fill="none"
            {...THIN}
            stroke="var(--gs-warn)"
            stroke-width={2.5}
          />
        )}
        <path
          d={strongLines.map((at) => linePath(places.lines[at])).join('')}
          class="graph-line strong"
          fill="none"
          {...THIN}
          stroke="var(--gs-fg)"
        />
        {hoverLine !== null && (
          <path d={linePath(places.lines[hoverLine])} fill="none" stroke="var(--gs-focus)" {...THIN} stroke-width={3} />
        )}
        <path
          d={found.map((at) => boxPath(places, at, 3)).join('')}
          fill="none"
          stroke="var(--gs-warn)"
          {...THIN}
          stroke-width={2}
          stroke-dasharray="5 3"
        />
        {hover !== null && <path d={boxPath(places, hover, 0)} fill="none" stroke="var(--gs-fg)" {...THIN} />}
        <path
          d={selected.map((at) => boxPath(places, at, 1)).join('')}
          fill="none"
          stroke="var(--gs-focus)"
          {...THIN}
          stroke-width={2.5}
        />
      </g>
    </Chart>
  );
}

/** As many screen pixels at every scale. */
const THIN = { 'vector-effect': 'non-scaling-stroke' } as const;

interface ContentsProps {
  readonly places: GraphPlaces;
  readonly boxes: readonly PictureBox[];
  readonly sight: Sight;
  readonly detail: PictureDetail;
}

const Contents = memo(({ places, boxes, sight, detail }: ContentsProps) => {
  const lines = linesIn(places, sight);
  const seen = boxesIn(places, sight);
  const drawn = seen.flatMap((at) => {
    const box = boxes[at];
    return box ? [{ at, box }] : [];
  });
  return (
    <>
      {drawn.map(({ at, box }) =>
        box.shape === 'open' ? <OpenBox key={at} box={box} places={places} at={at} detail={detail} /> : null,
      )}
      <path d={lines.map((at) => linePath(places.lines[at])).join('')} fill="none" stroke="var(--gs-wire)" {...THIN} />
      {detail === 'shapes' ? null : <path d={lines.map((at) => arrowPath(places.lines[at])).join('')} fill="var(--gs-wire)" />}
      {detail === 'shapes' ? (
        <Shapes drawn={drawn} places={places} />
      ) : (
        drawn.map(({ at, box }) =>
          box.shape === 'open' ? null : <Box key={at} box={box} places={places} at={at} detail={detail} />,
        )
      )}
    </>
  );
});

interface BoxProps {
  readonly box: PictureBox;
  readonly places: GraphPlaces;
  readonly at: number;
  readonly detail: PictureDetail;
}

function Box({ box, places, at, detail }: BoxProps) {
  const [x, y, width, height] = rectangle(places, at);
  // A port has room for one line, and its bar for what is straight of its edge.
  const isPort = box.shape === 'port';
  const radius = isPort ? height / 2 : 3;
  const inset = isPort ? radius : 0;
  const size = detail === 'texts' ? 12 : 14;
  const room = width - 16 - (box.shape === 'group' ? 16 : 0);
  const hasNote = detail === 'texts' && box.note !== '' && !isPort;
  return (
    <g {...(box.isFaded && { opacity: FADED })}>
      {box.shape === 'group' ? (
        <rect
          x={x + 3}
          y={y + 3}
          width={width}
          height={height}
          rx={radius}
          fill="var(--gs-bg)"
          stroke="var(--gs-wire)"
          {...THIN}
        />
      ) : null}
      <rect x={x} y={y} width={width} height={height} rx={radius} fill="var(--gs-bg)" stroke="var(--gs-wire)" {...THIN} />
      {box.level > 0 ? (
        <>
          <rect
            x={x}
            y={y}
            width={width}
            height={height}
            rx={radius}
            fill={`var(--gs-${box.tone})`}
            fill-opacity={round2((OPACITY[box.level] ?? 0) * UNDER_TEXT)}
          />
          <rect
            x={x + inset}
            y={round(y + height - 4)}
            width={round(((width - 2 * inset) * box.level) / MOST_LEVEL)}
            height={4}
            fill={`var(--gs-${box.tone})`}
          />
        </>
      ) : null}
      <Label x={x + 8} y={y + (hasNote ? 15 : height / 2 + 4)} size={size}>
        {fitText(box.title, room, size)}
      </Label>
      {hasNote ? (
        <Label x={x + 8} y={y + 28} tone="dim" mono>
          {box.note}
        </Label>
      ) : null}
      {box.shape === 'group' ? (
        <path d={`M${round(x + width - 18)},${round(y + height / 2)}h10m-5,-5v10`} stroke="var(--gs-fg)" {...THIN} />
      ) : null}
    </g>
  );
}

/** A group whose content lies over it. */
function OpenBox({ box, places, at, detail }: BoxProps) {
  const [x, y, width, height] = rectangle(places, at);
  return (
    <>
      <rect
        x={x}
        y={y}
        width={width}
        height={height}
        rx={3}
        fill="var(--gs-faint)"
        stroke="var(--gs-wire)"
        stroke-dasharray="3 3"
        {...THIN}
      />
      {detail === 'shapes' ? null : (
        <>
          <path d={`M${round(x + 8)},${round(y + 13)}h10`} stroke="var(--gs-fg)" {...THIN} />
          <Label x={x + 24} y={y + 17} tone="dim">
            {fitText(box.title, Math.max(40, width - 32), 11)}
          </Label>
        </>
      )}
    </>
  );
}

/** From far, boxes of one colour are one element. */
function Shapes({
  drawn,
  places,
}: {
  readonly drawn: readonly { readonly at: number; readonly box: PictureBox }[];
  readonly places: GraphPlaces;
}) {
  const byLook = new Map<string, { readonly box: PictureBox; path: string }>();
  for (const { at, box } of drawn) {
    if (box.shape === 'open') continue;
    const look = `${box.tone} ${box.level} ${box.isFaded}`;
    const path = boxPath(places, at, 0);
    const known = byLook.get(look);
    if (known) known.path += path;
    else byLook.set(look, { box, path });
  }
  return (
    <>
      {[...byLook].map(([look, { box, path }]) => (
        <g key={look} {...(box.isFaded && { opacity: FADED })}>
          <path d={path} fill="var(--gs-bg)" stroke="var(--gs-wire)" {...THIN} />
          {box.level > 0 ? <path d={path} fill={`var(--gs-${box.tone})`} fill-opacity={OPACITY[box.level] ?? 0} /> : null}
        </g>
      ))}
    </>
  );
}

function rectangle({ boxes }: GraphPlaces, at: number): readonly [x: number, y: number, width: number, height: number] {
  const value = (k: number): number => round(boxes[4 * at + k] ?? 0);
  return [value(0), value(1), value(2), value(3)];
}

/** @param out pixels beyond the box, on every side */
export function boxPath(places: GraphPlaces, at: number, out: number): string {
  const [x, y, width, height] = rectangle(places, at);
  return `M${round(x - out)},${round(y - out)}h${round(width + 2 * out)}v${round(height + 2 * out)}h${round(-width - 2 * out)}z`;
}

function linePath(points: ArrayLike<number> | undefined): string {
  let path = '';
  for (let k = 0; points && k + 1 < points.length; k += 2)
    path += `${k === 0 ? 'M' : 'L'}${round(points[k] ?? 0)},${round(points[k + 1] ?? 0)}`;
  return path;
}

/** A small triangle at a line's end. */
function arrowPath(points: ArrayLike<number> | undefined): string {
  if (!points || points.length < 4) return '';
  const [bx, by, x, y] = [-4, -3, -2, -1].map((k) => points[points.length + k] ?? 0) as [number, number, number, number];
  const length = Math.hypot(x - bx, y - by);
  if (length === 0) return '';
  const [dx, dy] = [(x - bx) / length, (y - by) / length];
  const corner = (side: 1 | -1) => `${round(x - 7 * dx - side * 3.5 * dy)},${round(y - 7 * dy + side * 3.5 * dx)}`;
  return `M${round(x)},${round(y)}L${corner(1)}L${corner(-1)}z`;
}

const round2 = (value: number): number => Math.round(value * 100) / 100;
