import { useEffect } from 'preact/hooks';
import { isTyping } from './isTyping';

/** Charts that are moved by a drag with the Space key held, and zoomed with Alt. */
const CHARTS = '.gs-steps:hover, .gs-bins:hover';
const SPACE = 'data-space';

/**
 * Keys that are held while the pointer is over a chart. Space is noted on the root element, and neither presses buttons nor scrolls;
 * Alt does not reach the editor, whose menu bar would take the focus.
 */
export function useChartKeys(): void {
  useEffect(() => {
    const root = document.documentElement;
    const held = new Set<string>();
    const onKeyDown = (event: KeyboardEvent) => {
      if ((event.key !== ' ' && event.key !== 'Alt') || isTyping(event) || !document.querySelector(CHARTS)) return;
      event.preventDefault();
      event.stopPropagation();
      held.add(event.key);
      root.toggleAttribute(SPACE, held.has(' '));
    };
    const onKeyUp = (event: KeyboardEvent) => {
      if (!held.delete(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      root.toggleAttribute(SPACE, held.has(' '));
    };
    const onBlur = () => {
      held.clear();
      root.removeAttribute(SPACE);
    };
    document.addEventListener('keydown', onKeyDown, true);
    document.addEventListener('keyup', onKeyUp, true);
    window.addEventListener('blur', onBlur);
    return () => {
      onBlur();
      document.removeEventListener('keydown', onKeyDown, true);
      document.removeEventListener('keyup', onKeyUp, true);
      window.removeEventListener('blur', onBlur);
    };
  }, []);
}
