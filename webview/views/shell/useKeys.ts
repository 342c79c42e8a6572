import { useEffect } from 'preact/hooks';
import type { Inspector } from '../../inspector';
import { actOnKey } from './keys';

/** Keys that work anywhere in the page, unless a control or a chart has used them. */
export function useKeys(inspector: Inspector): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const typing = event.composedPath().some((node) => node instanceof HTMLElement && isTextInput(node));
      if (actOnKey(inspector, event, typing)) event.preventDefault();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => {
      document.removeEventListener('keydown', onKeyDown);
    };
  }, [inspector]);
}

function isTextInput(element: HTMLElement): boolean {
  return element.tagName === 'INPUT' || element.tagName === 'TEXTAREA' || element.getAttribute('role') === 'combobox';
}
