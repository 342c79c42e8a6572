import { useEffect } from 'preact/hooks';
import { isTyping } from './isTyping';

/** Charts that a drag with the Space key held moves. */
const MOVED = '.gs-steps:hover, .gs-bins:hover';
const SPACE = 'data-space';

/** Notes on the root element that the Space key is held over a chart; there it neither presses buttons nor scrolls. */
export function useSpaceKey(): void {
  useEffect(() => {
    const root = document.documentElement;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== ' ' || isTyping(event) || !document.querySelector(MOVED)) return;
      event.preventDefault();
      event.stopPropagation();
      root.setAttribute(SPACE, '');
    };
    const onKeyUp = (event: KeyboardEvent) => {
      if (event.key !== ' ' || !root.hasAttribute(SPACE)) return;
      event.preventDefault();
      root.removeAttribute(SPACE);
    };
    const onBlur = () => {
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
