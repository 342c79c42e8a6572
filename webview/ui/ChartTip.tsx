import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

const GAP = 10;

/**
 * Box of figures beside a place in a chart, on its other side near the end. It repeats what is read out elsewhere.
 * @param x of the place, in pixels of the element that holds the box; `y` of the box's top
 */
export function ChartTip(props: {
  readonly x: number;
  readonly y: number;
  /** Pixels that the box keeps inside. */
  readonly within: number;
  readonly testId: string;
  readonly children: ComponentChildren;
}) {
  const { x, y, within } = props;
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    setWidth(box.current?.offsetWidth ?? 0);
  }, [props.children]);
  const right = x + GAP;
  const left = right + width <= within ? right : Math.max(0, x - GAP - width);
  return (
    <div class="chart-tip" ref={box} aria-hidden="true" data-testid={props.testId} style={{ left: `${left}px`, top: `${y}px` }}>
      {props.children}
    </div>
  );
}
