import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

const DELAY_MS = 150;
/** Pointers shake while they click. */
const STILL_PX = 3;

interface Shown {
  readonly text: string;
  readonly element: Element;
}

/** The element with a `data-tip` that an event came from. */
function tipped(event: Event): Element | null {
  const found = event.composedPath().find((node) => node instanceof Element && node.hasAttribute('data-tip'));
  return found instanceof Element ? found : null;
}

/**
 * The one tooltip of the page: shows the `data-tip` of what is under the pointer or has the focus, until the pointer leaves, a key or
 * button is pressed, or the element goes or means something else. After a click the next one waits until the pointer has moved: what
 * appears under a pointer at rest was not asked for. It only repeats or explains; nothing is said in it alone.
 */
export function TooltipLayer() {
  const [shown, setShown] = useState<Shown | null>(null);
  const tip = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let current: Element | null = null;
    let pressedAt: PointerEvent | null = null;
    const hide = () => {
      clearTimeout(timer);
      current = null;
      setShown(null);
    };
    const show = (element: Element | null) => {
      if (element === current) return;
      hide();
      current = element;
      if (!element) return;
      timer = setTimeout(() => {
        const text = element.getAttribute('data-tip');
        if (text && element.isConnected) setShown({ text, element });
      }, DELAY_MS);
    };
    const onMove = (event: PointerEvent) => {
      if (pressedAt && Math.hypot(event.clientX - pressedAt.clientX, event.clientY - pressedAt.clientY) < STILL_PX) return;
      pressedAt = null;
      show(tipped(event));
    };
    const onPress = (event: PointerEvent) => {
      pressedAt = event;
      hide();
    };
    const onFocus = (event: FocusEvent) => {
      // A click also moves the focus; only the keyboard's asks for words.
      if (pressedAt === null) show(tipped(event));
    };
    const onKey = () => {
      pressedAt = null;
      hide();
    };
    document.addEventListener('pointermove', onMove);
    document.addEventListener('pointerdown', onPress);
    document.addEventListener('focusin', onFocus);
    document.addEventListener('focusout', hide);
    document.addEventListener('scroll', hide, true);
    document.addEventListener('keydown', onKey);
    document.documentElement.addEventListener('pointerleave', hide);
    window.addEventListener('blur', hide);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('pointermove', onMove);
      document.removeEventListener('pointerdown', onPress);
      document.removeEventListener('focusin', onFocus);
      document.removeEventListener('focusout', hide);
      document.removeEventListener('scroll', hide, true);
      document.removeEventListener('keydown', onKey);
      document.documentElement.removeEventListener('pointerleave', hide);
      window.removeEventListener('blur', hide);
    };
  }, []);
  useEffect(() => {
    if (!shown) return undefined;
    const { element, text } = shown;
    const observer = new MutationObserver(() => {
      if (!element.isConnected || element.getAttribute('data-tip') !== text) setShown(null);
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-tip'] });
    return () => {
      observer.disconnect();
    };
  }, [shown]);
  useLayoutEffect(() => {
    const element = tip.current;
    if (!shown || !element) return;
    const box = shown.element.getBoundingClientRect();
    const { width, height } = element.getBoundingClientRect();
    const left = Math.min(Math.max(8, box.left), Math.max(8, window.innerWidth - width - 8));
    const below = box.bottom + 6;
    const top = below + height > window.innerHeight ? box.top - height - 6 : below;
    element.style.left = `${left}px`;
    element.style.top = `${Math.max(4, top)}px`;
  }, [shown]);
  return shown ? (
    <div class="tooltip" role="tooltip" ref={tip}>
      {shown.text}
    </div>
  ) : null;
}
