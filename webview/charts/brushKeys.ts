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

/**
 * Where a key leads among the whole numbers from `first` to `last`; null where it leads nowhere.
 * @param at where one is; null: before the first
 * @param page how far PageUp and PageDown go
 */
export function walkedTo(key: string, at: number | null, first: number, last: number, page = 10): number | null {
  if (key === 'Home') return first;
  if (key === 'End') return last;
  const strides: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -page, PageDown: page };
  const stride = strides[key];
  return stride === undefined ? null : Math.max(first, Math.min(last, (at ?? first - 1) + stride));
}

/** The end of a brush that stays while the one at `at` moves. @param brush both ends included; null: one begins there */
export function fixedEnd(brush: readonly [first: number, last: number] | null, at: number): number {
  if (brush === null) return at;
  return brush[0] === at ? brush[1] : brush[0];
}
