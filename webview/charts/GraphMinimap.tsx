import { memo } from 'preact/compat';
import { boxPath } from './GraphPicture';
import type { GraphPlaces } from './graphSight';
import { round } from './Label';

interface MinimapProps {
  readonly places: GraphPlaces;
  /** Graph pixels. */
  readonly graph: { readonly width: number; readonly height: number };
  /** Screen pixels at most. */
  readonly most: { readonly width: number; readonly height: number };
  /** What the window shows, graph pixels. */
  readonly window: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly selected: readonly number[];
}

/** A graph of one row would be a line too thin to point at: it is drawn higher than it is, and one of one column wider. Pixels. */
const LEAST = 28;

/** Screen pixels for each pixel of the graph, across and down. */
export function minimapScale({ graph, most }: Pick<MinimapProps, 'graph' | 'most'>): { readonly x: number; readonly y: number } {
  const scale = Math.min(most.width / Math.max(1, graph.width), most.height / Math.max(1, graph.height));
  return {
    x: Math.max(scale, LEAST / Math.max(1, graph.width)),
    y: Math.max(scale, LEAST / Math.max(1, graph.height)),
  };
}

/** The whole graph, small, with what the window shows of it. A help for the pointer only. */
export function GraphMinimap({ places, graph, most, window, selected }: MinimapProps) {
  const scale = minimapScale({ graph, most });
  const [width, height] = [graph.width * scale.x, graph.height * scale.y];
  const clip = (value: number, end: number): number => Math.min(end, Math.max(0, value));
  const [left, top] = [clip(window.x * scale.x, width), clip(window.y * scale.y, height)];
  const right = clip((window.x + window.width) * scale.x, width);
  const bottom = clip((window.y + window.height) * scale.y, height);
  return (
    <svg aria-hidden="true" width={round(width)} height={round(height)} style={{ display: 'block' }}>
      <g transform={`scale(${scale.x} ${scale.y})`}>
        <Boxes places={places} />
        <path
          d={selected.map((at) => boxPath(places, at, 1 / Math.min(scale.x, scale.y))).join('')}
          fill="none"
          stroke="var(--gs-focus)"
          stroke-width={2}
          vector-effect="non-scaling-stroke"
        />
      </g>
      <rect
        x={round(left)}
        y={round(top)}
        width={round(Math.max(2, right - left))}
        height={round(Math.max(2, bottom - top))}
        fill="var(--gs-focus)"
        fill-opacity={0.14}
        stroke="var(--gs-focus)"
      />
    </svg>
  );
}

const Boxes = memo(({ places }: { readonly places: GraphPlaces }) => {
  const all = Array.from({ length: Math.floor(places.boxes.length / 4) }, (_, at) => boxPath(places, at, 0));
  return <path d={all.join('')} fill="var(--gs-wire)" fill-opacity={0.55} />;
});
