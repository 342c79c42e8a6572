import { elementScroll, observeElementOffset, observeElementRect, Virtualizer, type VirtualItem } from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';

export interface VirtualRows {
  readonly items: readonly VirtualItem[];
  /** Height of all rows, in px. */
  readonly totalSize: number;
  readonly scrollToIndex: (index: number) => void;
}

/**
 * Rows of one height inside a scrolling element: only those in sight, and a few more, exist.
 * @param headHeight height of a head that stays on top of the rows
 */
export function useVirtualRows(count: number, rowHeight: number, scroller: RefObject<HTMLElement>, headHeight = 0): VirtualRows {
  const [, redraw] = useReducer((n: number, _: null) => n + 1, 0);
  const [virtualizer] = useState(
    () =>
      new Virtualizer<HTMLElement, HTMLElement>({
        count,
        getScrollElement: () => scroller.current,
        estimateSize: () => rowHeight,
        overscan: 12,
        paddingStart: headHeight,
        scrollPaddingStart: headHeight,
        scrollToFn: elementScroll,
        observeElementRect,
        observeElementOffset,
      }),
  );
  virtualizer.setOptions({
    ...virtualizer.options,
    count,
    estimateSize: () => rowHeight,
    getScrollElement: () => scroller.current,
    onChange: () => {
      redraw(null);
    },
  });
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => {
    virtualizer._willUpdate();
  });
  return {
    items: virtualizer.getVirtualItems(),
    totalSize: virtualizer.getTotalSize(),
    scrollToIndex: (index) => {
      virtualizer.scrollToIndex(index, { align: 'auto' });
    },
  };
}
