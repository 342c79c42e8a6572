import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

const DELAY_MS = 150;

interface Shown {
  readonly text: string;
  readonly box: DOMRect;
}

/**
 * The one tooltip of the page: shows the `data-tip` of what is under the pointer or has the focus.
 * It only repeats or explains; nothing is said in it alone.
 */
export function TooltipLayer() {
  const [shown, setShown] = useState<Shown | null>(null);
  const tip = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let current: Element | null = null;
    const show = (event: Event) => {
      const found = event.composedPath().find((node) => node instanceof Element && node.hasAttribute('data-tip'));
      const element = found instanceof Element ? found : null;
      if (element === current) return;
      current = element;
      clearTimeout(timer);
      if (!element) setShown(null);
      else
        timer = setTimeout(() => {
          const text = element.getAttribute('data-tip');
          setShown(text ? { text, box: element.getBoundingClientRect() } : null);
        }, DELAY_MS);
    };
    const hide = () => {
      clearTimeout(timer);
      current = null;
      setShown(null);
    };
    document.addEventListener('pointerover', show);
    document.addEventListener('focusin', show);
    document.addEventListener('focusout', hide);
    document.addEventListener('pointerdown', hide);
    document.addEventListener('scroll', hide, true);
    document.addEventListener('keydown', hide);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('pointerover', show);
      document.removeEventListener('focusin', show);
      document.removeEventListener('focusout', hide);
      document.removeEventListener('pointerdown', hide);
      document.removeEventListener('scroll', hide, true);
      document.removeEventListener('keydown', hide);
    };
  }, []);
  useLayoutEffect(() => {
    const element = tip.current;
    if (!shown || !element) return;
    const { width, height } = element.getBoundingClientRect();
    const left = Math.min(Math.max(8, shown.box.left), Math.max(8, window.innerWidth - width - 8));
    const below = shown.box.bottom + 6;
    const top = below + height > window.innerHeight ? shown.box.top - height - 6 : below;
    element.style.left = `${left}px`;
    element.style.top = `${Math.max(4, top)}px`;
  }, [shown]);
  return shown ? (
    <div class="tooltip" role="tooltip" ref={tip}>
      {shown.text}
    </div>
  ) : null;
}
