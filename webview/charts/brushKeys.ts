/**
 * Selecting in a chart by keyboard: Shift with the arrows, or b, then arrows alone until Enter or Esc. The mark is kept on the element
 * that has the focus, which outlives a redraw.
 */
const ATTRIBUTE = 'data-brushing';

/** @returns whether the key began or ended the selecting, and does nothing else */
export function switchBrush(event: KeyboardEvent): boolean {
  const target = event.currentTarget as Element;
  const ends = target.hasAttribute(ATTRIBUTE) && ['b', 'Enter', 'Escape'].includes(event.key);
  if (!ends && event.key !== 'b') return false;
  target.toggleAttribute(ATTRIBUTE, !ends);
  event.preventDefault();
  event.stopPropagation();
  return true;
}

export function isBrushing(event: KeyboardEvent): boolean {
  return event.shiftKey || (event.currentTarget as Element).hasAttribute(ATTRIBUTE);
}

export function endBrush(event: FocusEvent): void {
  (event.currentTarget as Element).removeAttribute(ATTRIBUTE);
}

/** Puts the focus on a chart, ready for arrows to select. */
export function beginBrush(chart: HTMLElement | SVGElement): void {
  chart.focus();
  chart.setAttribute(ATTRIBUTE, '');
}
