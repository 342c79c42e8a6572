import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Gives charts, which are drawn to the pixel, the size of the place they stand in, and again whenever it changes. */
export function Sized(props: { readonly class?: string; readonly children: (size: Size) => ComponentChildren }) {
  const element = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<Size | null>(null);
  useLayoutEffect(() => {
    const box = element.current;
    if (!box) return undefined;
    const measure = () => {
      const width = Math.floor(box.clientWidth);
      const height = Math.floor(box.clientHeight);
      setSize((old) => (old && old.width === width && old.height === height ? old : { width, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => {
      observer.disconnect();
    };
  }, []);
  return (
    <div class={`sized ${props.class ?? ''}`} ref={element}>
      {size && size.width > 0 ? props.children(size) : null}
    </div>
  );
}
