import { useEffect } from 'preact/hooks';

/**
 * Where the focus goes when what had it is gone: without this it falls back to the start of the page.
 * @param cause when it changes, the focus may have been lost
 * @param selector of the place it then goes to
 */
export function useFocusFallback(cause: unknown, selector: string): void {
  useEffect(() => {
    if (document.hasFocus() && document.activeElement === document.body)
      document.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });
  }, [cause, selector]);
}
