import { endBrush, fixedEnd, isBrushing, switchBrush, walkedTo } from './brushKeys';
import { dragHandlers } from './dragAnchor';
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
      {...dragHandlers({
        window: layout.domain,
        at: (event) => pointOf(event).step,
        onPoint: (event) => onPoint(pointOf(event)),
        onPan: onZoom ? ([from, to]) => onZoom({ ...zoom, steps: within([Math.round(from), Math.round(to)], allSteps) }) : null,
        onBrush: onBrush ? (ends, final) => onBrush(ends && between(...ends), final) : null,
        hasBrush: brush !== null,
      })}
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
      const step = walkedTo(event.key, cursor, from, to - 1);
      if (step === null || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      onPoint({ step, heatY: null });
      if (!isBrushing(event) || !onBrush || cursor === null) return;
      onBrush(between(fixedEnd(brush && [brush.from, brush.to - 1], cursor), step), true);
    },
  } as const;
}
