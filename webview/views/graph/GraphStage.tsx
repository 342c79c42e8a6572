import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { GraphMinimap, minimapScale } from '../../charts/GraphMinimap';
import { GraphPicture, type PictureBox } from '../../charts/GraphPicture';
import { boxAt, lineAt, type GraphPlaces } from '../../charts/graphSight';
import { Button } from '../../ui/Button';
import {
  broughtIntoSight,
  centredOn,
  firstLook,
  fit,
  kept,
  panned,
  READABLE,
  steadySight,
  zoomed,
  type Camera,
  type Extent,
} from './camera';
import { neighbourOf, type Arrow } from './neighbours';
import type { PlacedGraph } from './useLayout';
import type { VisibleGraph } from './visibleGraph';

export interface StageProps {
  readonly visible: VisibleGraph;
  readonly layout: PlacedGraph;
  readonly boxes: readonly PictureBox[];
  /** Names the picture. */
  readonly title: string;
  readonly summary: string;
  readonly size: Extent;
  /** Kept from before; null: as it fits. */
  readonly firstCamera: Camera | null;
  readonly onCamera: (camera: Camera) => void;
  /** Box that has the selection. */
  readonly current: number | null;
  readonly boundaryLines: readonly number[];
  readonly found: readonly number[];
  /** Boxes selected together with it. */
  readonly also: readonly number[];
  readonly hover: number | null;
  readonly onHover: (box: number | null) => void;
  readonly lineTip: (line: number) => ComponentChildren;
  readonly onSelect: (box: number, event: { readonly ctrlKey: boolean; readonly metaKey: boolean }) => void;
  /** Opens or closes a group; opens what an operator leads to. */
  readonly onOpen: (box: number) => void;
}

const WHEEL = 0.0016;
const KEY_ZOOM = 1.25;
/** Pointers shake while they click. */
const STILL_PX = 4;
const MINIMAP: Extent = { width: 190, height: 96 };
const SETTLE_MS = 350;

/** The graph in its window: camera, pointer and keys. */
export function GraphStage(props: StageProps) {
  const { visible, layout, size, current, onOpen, onHover } = props;
  const places: GraphPlaces = layout;
  const stage = useRef<HTMLDivElement>(null);
  const [camera, setCamera] = useState<Camera>(() =>
    props.firstCamera ? kept(props.firstCamera, layout, size) : firstLook(layout, size),
  );
  const live = useRef(camera);
  live.current = camera;
  const [line, setLine] = useState<{ readonly at: number; readonly x: number; readonly y: number } | null>(null);
  const move = (to: Camera) => {
    live.current = kept(to, layout, size);
    setCamera(live.current);
  };
  useKeptPlace(visible, layout, live, move);
  useEffect(() => {
    const timer = setTimeout(() => {
      props.onCamera(camera);
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [camera]);
  const rectangleOf = (box: number) => {
    const [x = 0, y = 0, width = 0, height = 0] = Array.from(layout.boxes.slice(4 * box, 4 * box + 4));
    return { x, y, width, height };
  };
  /** The next change of `current` comes from here, where the eye already is. */
  const isOwn = useRef(true);
  useEffect(() => {
    if (current === null) return;
    const box = rectangleOf(current);
    // What was chosen elsewhere is shown large enough to be read.
    if (!isOwn.current && live.current.scale < READABLE) move(centredOn({ ...live.current, scale: READABLE }, box, size));
    else move(broughtIntoSight(live.current, box, size));
    isOwn.current = false;
  }, [current, layout]);

  const onSelect: StageProps['onSelect'] = (box, event) => {
    isOwn.current = true;
    props.onSelect(box, event);
  };
  const toGraph = (event: MouseEvent) => {
    const area = stage.current?.getBoundingClientRect();
    const [x, y] = [event.clientX - (area?.left ?? 0), event.clientY - (area?.top ?? 0)];
    const { current: at } = live;
    return { screen: { x, y }, x: at.x + x / at.scale, y: at.y + y / at.scale };
  };
  const drag = useRef<{ readonly from: Camera; readonly x: number; readonly y: number; moved: boolean } | null>(null);
  const onPointerDown = (event: JSX.TargetedPointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { from: live.current, x: event.clientX, y: event.clientY, moved: false };
  };
  const onPointerMove = (event: PointerEvent) => {
    const started = drag.current;
    if (started) {
      const by = { x: event.clientX - started.x, y: event.clientY - started.y };
      started.moved ||= Math.hypot(by.x, by.y) >= STILL_PX;
      if (started.moved) move(panned(started.from, by));
      return;
    }
    const point = toGraph(event);
    const box = boxAt(places, point.x, point.y);
    const over = box !== null && visible.boxes[box]?.isOpen !== true ? box : null;
    if (over !== props.hover) onHover(over);
    const near = over === null ? lineAt(places, point.x, point.y, 6 / live.current.scale) : null;
    if (near !== null || line !== null) setLine(near === null ? null : { at: near, ...point.screen });
  };
  const onPointerUp = (event: PointerEvent) => {
    const started = drag.current;
    drag.current = null;
    if (!started || started.moved) return;
    const point = toGraph(event);
    const box = boxAt(places, point.x, point.y);
    if (box === null) return;
    if (isOnSign(visible, rectangleOf(box), box, point)) onOpen(box);
    else onSelect(box, event);
  };
  const onWheel = (event: WheelEvent) => {
    event.preventDefault();
    if (event.shiftKey) move(panned(live.current, { x: -(event.deltaY || event.deltaX), y: 0 }));
    else move(zoomed(live.current, Math.exp(-event.deltaY * WHEEL), toGraph(event).screen));
  };
  useEffect(() => {
    const element = stage.current;
    // The framework's own listeners are passive here, and the page must not scroll.
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  });

  const middle = { x: size.width / 2, y: size.height / 2 };
  const zoomBy = (factor: number) => {
    move(zoomed(live.current, factor, middle));
  };
  const showAll = () => {
    move(fit(layout, size));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[key];
    if (key === '+' || key === '=') zoomBy(KEY_ZOOM);
    else if (key === '-') zoomBy(1 / KEY_ZOOM);
    else if (key === '0') showAll();
    else if (key === 'Enter' && current !== null) onOpen(current);
    else if (arrow && event.shiftKey) move(panned(live.current, { x: -80 * arrow.x, y: -80 * arrow.y }));
    else if (arrow || key === 'Home' || key === 'End') {
      const to =
        current === null || !arrow
          ? endOf(visible, layout, key === 'End')
          : neighbourOf(visible, layout.boxes, current, key as Arrow);
      if (to !== null) onSelect(to, { ctrlKey: false, metaKey: false });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const sight = steadySight(camera, size);
  const steady = useMemo(() => sight, [sight.left, sight.top, sight.right, sight.bottom]);
  const strongLines = useMemo(
    () => visible.lines.flatMap(({ from, to }, at) => (current !== null && (from === current || to === current) ? [at] : [])),
    [visible, current],
  );
  const selected = current === null ? props.also : [current, ...props.also];
  const mini = { graph: layout, most: MINIMAP };
  return (
    <div class="graph-frame">
      <div
        class={`graph-stage ${drag.current?.moved ? 'dragging' : ''}`}
        ref={stage}
        role="application"
        tabIndex={0}
        aria-label={`${props.title}. The table holds the same operators. Arrow keys follow the lines, Enter opens a group, plus, minus and 0 zoom.`}
        aria-describedby="graph-said"
        data-testid="graph"
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerLeave={() => {
          onHover(null);
          setLine(null);
        }}
        onDblClick={(event) => {
          const point = toGraph(event);
          const box = boxAt(places, point.x, point.y);
          if (box !== null && !isOnSign(visible, rectangleOf(box), box, point)) onOpen(box);
        }}
        onKeyDown={onKeyDown}
      >
        <GraphPicture
          width={size.width}
          height={size.height}
          title={props.title}
          summary={props.summary}
          places={places}
          boxes={props.boxes}
          camera={camera}
          sight={steady}
          selected={selected}
          found={props.found}
          hover={props.hover}
          hoverLine={line?.at ?? null}
          strongLines={strongLines}
          boundaryLines={props.boundaryLines}
        />
        {line === null ? null : (
          <div class="tooltip graph-tip" role="tooltip" style={{ left: `${line.x + 12}px`, top: `${line.y + 14}px` }}>
            {props.lineTip(line.at)}
          </div>
        )}
      </div>
      <div class="graph-zoom">
        <Button quiet icon="zoom-in" label="Zoom in" tip="Zoom in (+)" onClick={() => zoomBy(KEY_ZOOM)} />
        <Button quiet icon="zoom-out" label="Zoom out" tip="Zoom out (-)" onClick={() => zoomBy(1 / KEY_ZOOM)} />
        <Button quiet icon="screen-full" label="Show all" tip="Show all (0)" testId="graph-fit" onClick={showAll} />
      </div>
      <div
        class="graph-minimap"
        data-testid="minimap"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          lookAt(event);
        }}
        onPointerMove={(event) => {
          if (event.buttons === 1) lookAt(event);
        }}
      >
        <GraphMinimap
          places={places}
          {...mini}
          window={{ x: camera.x, y: camera.y, width: size.width / camera.scale, height: size.height / camera.scale }}
          selected={selected}
        />
      </div>
    </div>
  );

  function lookAt(event: JSX.TargetedPointerEvent<HTMLElement>): void {
    const area = event.currentTarget.getBoundingClientRect();
    const scale = minimapScale(mini);
    const at = { x: (event.clientX - area.left) / scale.x, y: (event.clientY - area.top) / scale.y, width: 0, height: 0 };
    move(centredOn(live.current, at, size));
  }
}

const ARROWS: Readonly<Record<string, { readonly x: number; readonly y: number }>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** Where a group's plus or minus is drawn. */
function isOnSign(
  { boxes }: VisibleGraph,
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
  at: number,
  point: { readonly x: number; readonly y: number },
): boolean {
  const box = boxes[at];
  if (box?.group === null || box === undefined) return false;
  return box.isOpen ? point.x < x + 24 && point.y < y + 24 : point.x > x + width - 24;
}

/** The leftmost or rightmost box. */
function endOf({ boxes }: VisibleGraph, layout: PlacedGraph, last: boolean): number | null {
  let best: number | null = null;
  boxes.forEach(({ isOpen }, at) => {
    if (isOpen) return;
    const x = layout.boxes[4 * at] ?? 0;
    if (best === null || (last ? x > (layout.boxes[4 * best] ?? 0) : x < (layout.boxes[4 * best] ?? 0))) best = at;
  });
  return best;
}

/** When another layout comes, what was in the middle of the window stays where it was, or what has come out of it. */
function useKeptPlace(
  visible: VisibleGraph,
  layout: PlacedGraph,
  live: { readonly current: Camera },
  move: (to: Camera) => void,
): void {
  const before = useRef({ visible, layout });
  useEffect(() => {
    const old = before.current;
    before.current = { visible, layout };
    if (old.layout === layout) return;
    const camera = live.current;
    const places = new Map(visible.boxes.map(({ id }, at) => [id, at]));
    let [anchor, least] = [null as readonly [number, number] | null, Infinity];
    old.visible.boxes.forEach(({ id }, at) => {
      const now = places.get(id);
      if (now === undefined) return;
      const distance = Math.hypot((old.layout.boxes[4 * at] ?? 0) - camera.x, (old.layout.boxes[4 * at + 1] ?? 0) - camera.y);
      const isChanged = old.visible.boxes[at]?.isOpen !== visible.boxes[now]?.isOpen;
      const weight = isChanged ? -1 : distance;
      if (weight < least) [anchor, least] = [[at, now], weight];
    });
    if (anchor === null) return;
    const [was, is] = anchor;
    move({
      ...camera,
      x: camera.x + (layout.boxes[4 * is] ?? 0) - (old.layout.boxes[4 * was] ?? 0),
      y: camera.y + (layout.boxes[4 * is + 1] ?? 0) - (old.layout.boxes[4 * was + 1] ?? 0),
    });
  }, [visible, layout]);
}
