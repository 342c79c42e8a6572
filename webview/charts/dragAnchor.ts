/**
 * Where a drag inside a chart began, as a whole number such as a bin or a step. It is kept on the element that has captured the
 * pointer, which outlives a redraw.
 */
const ATTRIBUTE = 'data-anchor';

export function beginDrag(event: PointerEvent, at: number): void {
  const target = event.currentTarget as Element;
  target.setPointerCapture(event.pointerId);
  target.setAttribute(ATTRIBUTE, String(at));
}

/** Null while nothing is dragged. */
export function dragBegan(event: PointerEvent): number | null {
  const kept = (event.currentTarget as Element).getAttribute(ATTRIBUTE);
  return kept === null ? null : Number(kept);
}

/** @returns where it began; null where nothing was dragged */
export function endDrag(event: PointerEvent): number | null {
  const began = dragBegan(event);
  (event.currentTarget as Element).removeAttribute(ATTRIBUTE);
  return began;
}
