/**
 * Where a drag inside a chart began, as a whole number such as a bin or a step. It is kept on the element that has captured the
 * pointer, which outlives a redraw.
 */
const ATTRIBUTE = 'data-anchor';

function beginDrag(event: PointerEvent, at: number): void {
  const target = event.currentTarget as Element;
  target.setPointerCapture(event.pointerId);
  target.setAttribute(ATTRIBUTE, String(at));
}

/** Null while nothing is dragged. */
function dragBegan(event: PointerEvent): number | null {
  const kept = (event.currentTarget as Element).getAttribute(ATTRIBUTE);
  return kept === null ? null : Number(kept);
}

/** @returns where it began; null where nothing was dragged */
function endDrag(event: PointerEvent): number | null {
  const began = dragBegan(event);
  (event.currentTarget as Element).removeAttribute(ATTRIBUTE);
  return began;
}

const PAN = 'data-pan';
/** On the root element while the Space key is held (ui/useChartKeys.ts). */
const SPACE = 'data-space';

/** Whether a drag that begins now moves the window: with the Space key held, or the middle button. */
function wantsPan(event: PointerEvent): boolean {
  return event.button === 1 || (event.button === 0 && (event.currentTarget as Element).closest(`[${SPACE}]`) !== null);
}

/** @param window what is shown, from the chart's left edge to its right */
function beginPan(event: PointerEvent, window: readonly [from: number, to: number]): void {
  const target = event.currentTarget as Element;
  target.setPointerCapture(event.pointerId);
  target.setAttribute(PAN, [event.clientX, ...window].join(' '));
  event.preventDefault();
}

/** Where the window is by now; null while nothing is moved. */
function pannedTo(event: PointerEvent): readonly [from: number, to: number] | null {
  const target = event.currentTarget as Element;
  const [x, from, to] = target.getAttribute(PAN)?.split(' ').map(Number) ?? [];
  const { width } = target.getBoundingClientRect();
  if (x === undefined || from === undefined || to === undefined || width <= 0) return null;
  const moved = ((x - event.clientX) / width) * (to - from);
  return [from + moved, to + moved];
}

/** @returns whether a window was being moved */
function endPan(event: PointerEvent): boolean {
  const target = event.currentTarget as Element;
  const isPanning = target.hasAttribute(PAN);
  target.removeAttribute(PAN);
  return isPanning;
}

/** One axis of a chart, of whole numbers such as bins or steps, that is brushed by a drag and moved with Space held. */
export interface DragAxis {
  /** What is shown, from the chart's left edge to its right. */
  readonly window: readonly [from: number, to: number];
  readonly at: (event: PointerEvent) => number;
  /** Every move of the pointer but those that move the window. */
  readonly onPoint: (event: PointerEvent) => void;
  readonly onPan: ((window: readonly [from: number, to: number]) => void) | null;
  /** Both ends, in the order of the drag; null: a click on what was brushed before. `final`: the drag has ended. */
  readonly onBrush: ((ends: readonly [anchor: number, at: number] | null, final: boolean) => void) | null;
  readonly hasBrush: boolean;
}

export function dragHandlers({ window, at, onPoint, onPan, onBrush, hasBrush }: DragAxis) {
  return {
    onPointerDown: (event: PointerEvent) => {
      if (onPan && wantsPan(event)) beginPan(event, window);
      else if (event.button === 0 && onBrush) beginDrag(event, at(event));
    },
    onPointerMove: (event: PointerEvent) => {
      const moved = pannedTo(event);
      if (moved) return onPan?.(moved);
      onPoint(event);
      const anchor = dragBegan(event);
      if (anchor !== null && anchor !== at(event)) onBrush?.([anchor, at(event)], false);
    },
    onPointerUp: (event: PointerEvent) => {
      const anchor = endDrag(event);
      if (endPan(event) || anchor === null) return;
      if (at(event) !== anchor) onBrush?.([anchor, at(event)], true);
      else if (hasBrush) onBrush?.(null, true);
    },
  };
}
