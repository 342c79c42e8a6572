import { useRef } from 'preact/hooks';
import { endBrush, fixedEnd, isBrushing, switchBrush } from './brushKeys';
import { round } from './Label';
import type { ProfileFrame, ProfileStretch } from './profileFrame';

/** What a profile tells of pointer and keys. */
export interface ProfileHandlers {
  /** Index of the point. */
  readonly selected?: number | null;
  readonly hover?: number | null;
  /** Stretch picked out; null: none. */
  readonly brush?: ProfileStretch | null;
  readonly onSelect?: (index: number) => void;
  readonly onHover?: (index: number | null) => void;
  /** @param final the drag has ended */
  readonly onBrush?: (stretch: ProfileStretch | null, final: boolean) => void;
}

interface ProfileHitsProps extends ProfileHandlers {
  readonly frame: ProfileFrame;
}

/** Pointers shake while they click. */
const STILL_PX = 4;

/** One transparent area over the plot: pointer and arrow keys choose the nearest point; a drag, or arrows with Shift, a stretch. */
export function ProfileHits(props: ProfileHitsProps) {
  const { onSelect, onHover, onBrush, selected = null, hover = null, brush = null, frame } = props;
  const { points } = frame;
  const drag = useRef<{ readonly from: number; readonly x: number; moved: boolean } | null>(null);
  if (!onSelect || points.length === 0) return null;
  const clamp = (index: number): number => Math.max(0, Math.min(points.length - 1, index));
  const nearest = (event: PointerEvent | MouseEvent): number => {
    const area = (event.currentTarget as SVGRectElement).getBoundingClientRect();
    return clamp(Math.floor(((event.clientX - area.left) / Math.max(1, area.width)) * points.length));
  };
  const stretch = (a: number, b: number): ProfileStretch => ({ from: Math.min(a, b), to: Math.max(a, b) });
  const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };
  return (
    <rect
      x={round(frame.x(-0.5))}
      y={4}
      width={round(frame.x(points.length - 0.5) - frame.x(-0.5))}
      height={round(frame.base - 4)}
      fill="transparent"
      tabindex={0}
      role="slider"
      aria-label="Operator along the graph"
      aria-valuemin={0}
      aria-valuemax={points.length - 1}
      aria-valuenow={selected ?? 0}
      aria-valuetext={points[selected ?? 0]?.name ?? ''}
      class="gs-choice"
      onPointerDown={(event) => {
        if (!onBrush || event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { from: nearest(event), x: event.clientX, moved: false };
      }}
      onPointerMove={(event) => {
        const started = drag.current;
        if (started) {
          started.moved ||= Math.abs(event.clientX - started.x) >= STILL_PX;
          if (started.moved) onBrush?.(stretch(started.from, nearest(event)), false);
        }
        onHover?.(nearest(event));
      }}
      onPointerUp={(event) => {
        const started = drag.current;
        drag.current = null;
        if (started?.moved) onBrush?.(stretch(started.from, nearest(event)), true);
        else onSelect(nearest(event));
      }}
      onPointerLeave={() => onHover?.(null)}
      onBlur={endBrush}
      onKeyDown={(event) => {
        if (onBrush && !event.altKey && !event.ctrlKey && !event.metaKey && switchBrush(event)) return;
        const step = steps[event.key];
        if (step === undefined) return;
        event.preventDefault();
        const at = selected ?? hover ?? -1;
        const to = clamp(at + step);
        if (isBrushing(event) && onBrush) {
          onBrush(stretch(fixedEnd(brush && [brush.from, brush.to], clamp(at)), to), true);
        }
        onSelect(to);
      }}
    />
  );
}
