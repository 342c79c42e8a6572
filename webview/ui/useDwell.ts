import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

const DELAY_MS = 150;

/** Whether a chart shows its box of figures: some time after the pointer came in, at once while it moves inside, at once for keys. */
export function useDwell(): {
  readonly shown: boolean;
  readonly enter: () => void;
  readonly leave: () => void;
  readonly now: () => void;
} {
  const [shown, setShown] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const stop = useCallback(() => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
  }, []);
  const now = useCallback(() => {
    stop();
    setShown(true);
  }, [stop]);
  const enter = useCallback(() => {
    timer.current ??= setTimeout(() => {
      setShown(true);
    }, DELAY_MS);
  }, []);
  const leave = useCallback(() => {
    stop();
    setShown(false);
  }, [stop]);
  useEffect(() => stop, [stop]);
  return { shown, enter, leave, now };
}
