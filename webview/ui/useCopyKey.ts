import { useEffect } from 'preact/hooks';
import { isTyping } from './isTyping';

const COPY_BUTTON = '.panel-copy vscode-button';

/** `y` opens the copy menu of the panel that has the focus, else of the one under the pointer, else of the first. */
export function useCopyKey(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey, altKey } = event;
      if (key !== 'y' || ctrlKey || metaKey || altKey || event.defaultPrevented || isTyping(event)) return;
      const places = [
        document.activeElement?.closest('.panel'),
        [...document.querySelectorAll('.panel:hover')].at(-1),
        document.querySelector('main'),
      ];
      const button = places.map((place) => place?.querySelector<HTMLElement>(COPY_BUTTON)).find((found) => found);
      if (!button) return;
      event.preventDefault();
      button.click();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => {
      document.removeEventListener('keydown', onKeyDown);
    };
  }, []);
}
