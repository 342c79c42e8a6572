import { useEffect } from 'preact/hooks';
import type { Inspector } from '../../inspector';
import { isTyping } from '../../ui/isTyping';
import { actOnKey } from './keys';

/** Keys that work anywhere in the page, unless a control or a chart has used them. */
export function useKeys(inspector: Inspector): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey) return;
      if (actOnKey(inspector, event, isTyping(event))) event.preventDefault();
    };
    // Enter opens lists and presses buttons: with Ctrl it runs, whatever has the focus.
    const onCapture = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || !actOnKey(inspector, event, false)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener('keydown', onKeyDown);
    document.addEventListener('keydown', onCapture, true);
    return () => {
      document.removeEventListener('keydown', onKeyDown);
      document.removeEventListener('keydown', onCapture, true);
    };
  }, [inspector]);
}
