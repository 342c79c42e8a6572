import { endBrush, isBrushing, switchBrush } from './brushKeys';
import { beginDrag, beginPan, dragBegan, endDrag, endPan, pannedTo, wantsPan } from './dragAnchor';
import { round } from './Label';
import type { StepLanesProps, StepPoint, StepRange } from './StepLanes';
import { WHOLE } from './stepLayout';
import { describeStep } from './stepText';
import { axesOf, wheelFactor, within, ZOOM_STEP, zoomedLanes } from './stepZoom';

/** Pointing, selecting and zooming over all lanes. */
export function StepHitArea({ layout, zoom = WHOLE, allSteps = layout.domain, onPoint, onBrush, onZoom, brush }: StepLanesProps) {
  if (!onPoint) return null;
  const top = layout.error.top - 4;
  const pointOf = (event: PointerEvent): StepPoint => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const scale = box.width > 0 ? layout.plotWidth / box.width : 1;
    const y = (event.clientY - box.top) * scale + top - layout.heatTop;
    return { step: layout.stepAt((event.clientX - box.left) * scale), heatY: y >= 0 ? y : null };
  };
  return (
    <rect
      class="gs-steps"
      x={0}
      y={top}
      width={round(layout.plotWidth)}
      height={round(layout.axisTop - top)}
      fill="transparent"
      onPointerLeave={() => onPoint(null)}
      onPointerDown={(event: PointerEvent) => {
        if (onZoom && wantsPan(event)) beginPan(event, layout.domain);
        else if (event.button === 0 && onBrush) beginDrag(event, pointOf(event).step);
      }}
      onPointerMove={(event: PointerEvent) => {
        const moved = pannedTo(event);
        if (moved) return onZoom?.({ ...zoom, steps: within([Math.round(moved[0]), Math.round(moved[1])], allSteps) });
        const point = pointOf(event);
        onPoint(point);
        const anchor = dragBegan(event);
        if (anchor !== null && point.step !== anchor) onBrush?.(between(anchor, point.step), false);
      }}
      onPointerUp={(event: PointerEvent) => {
        const anchor = endDrag(event);
        if (endPan(event) || anchor === null) return;
        const { step } = pointOf(event);
        if (step !== anchor) onBrush?.(between(anchor, step), true);
        else if (brush) onBrush?.(null, true);
      }}
      onDblClick={() => onZoom?.(null)}
      {...(onZoom && {
        onWheel: (event: WheelEvent) => {
          event.preventDefault();
          const box = (event.currentTarget as Element).getBoundingClientRect();
          const at = { x: event.clientX - box.left, y: event.clientY - box.top + top };
          onZoom(zoomedLanes(zoom, layout, at, wheelFactor(event), axesOf(event), allSteps));
        },
      })}
    />
  );
}

function between(a: number, b: number): StepRange {
  return { from: Math.min(a, b), to: Math.max(a, b) + 1 };
}

const ZOOMS: Readonly<Record<string, number>> = { '+': 1 / ZOOM_STEP, '-': ZOOM_STEP, '0': 0 };

/** Arrows walk the steps and the units; with Shift or after b they select; + - 0 zoom. Each step is read out with its figures. */
export function stepKeyboard(props: StepLanesProps) {
  const { title, cursor, brush, figures, path, layout, zoom = WHOLE, onPoint, onBrush, onZoom } = props;
  const { allSteps = layout.domain } = props;
  if (!onPoint) return {};
  const [from, to] = layout.domain;
  const strides: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };
  return {
    tabindex: 0,
    role: 'slider',
    'aria-label': `Steps of ${title}`,
    'aria-valuemin': from,
    'aria-valuemax': to - 1,
    'aria-valuenow': cursor ?? from,
    'aria-valuetext': describeStep(figures, cursor ?? from, path),
    class: 'gs-choice',
    onBlur: endBrush,
    onKeyDown: (event: KeyboardEvent) => {
      if (onBrush && !event.altKey && !event.ctrlKey && !event.metaKey && switchBrush(event)) return;
      const factor = ZOOMS[event.key];
      if (onZoom && factor !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey) {
        event.stopPropagation();
        const x = layout.x((cursor ?? (from + to) / 2) + 0.5);
        onZoom(factor === 0 ? null : zoomedLanes(zoom, layout, { x, y: 0 }, factor, { steps: true, values: false }, allSteps));
        return;
      }
      const row = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : null;
      if (row !== null && props.onRow && !event.shiftKey) {
        event.preventDefault();
        event.stopPropagation();
        props.onRow(row);
        return;
      }
      const stride = strides[event.key];
      const target =
        event.key === 'Home' ? from : event.key === 'End' ? to - 1 : stride === undefined ? null : (cursor ?? from - 1) + stride;
      if (target === null || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      const step = Math.max(from, Math.min(to - 1, target));
      onPoint({ step, heatY: null });
      if (!isBrushing(event) || !onBrush || cursor === null) return;
      // The end that the line stood at moves with it; the other one stays.
      const fixed = brush === null ? cursor : brush.from === cursor ? brush.to - 1 : brush.from;
      onBrush(between(fixed, step), true);
    },
  } as const;
}
