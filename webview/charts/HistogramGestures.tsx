import { endBrush, isBrushing, switchBrush } from './brushKeys';
import { beginDrag, beginPan, dragBegan, endDrag, endPan, pannedTo, wantsPan } from './dragAnchor';
import { describeBin, type HistogramProps, type RealRange } from './Histogram';
import { binOf } from './histogramData';
import type { HistogramLayout } from './histogramLayout';
import { round } from './Label';
import { axesOf, wheelFactor, ZOOM_STEP } from './stepZoom';

/** One area for all bins, however many there are. */
export function HistogramHitArea({
  data,
  layout,
  brush = null,
  onHover,
  onBrush,
  onZoom,
}: HistogramProps & { layout: HistogramLayout }) {
  const { width, height } = layout;
  const [low, high] = layout.domain;
  const realAt = (event: MouseEvent): number => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    return low + (box.width > 0 ? Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) : 0) * (high - low);
  };
  const binAt = (event: MouseEvent): number => Math.max(0, binOf(data.edges, realAt(event)));
  return (
    <rect
      class="gs-bins"
      x={0}
      y={0}
      width={round(width)}
      height={round(height)}
      fill="transparent"
      onPointerLeave={() => onHover?.(null)}
      onPointerDown={(event: PointerEvent) => {
        if (onZoom && wantsPan(event)) beginPan(event, layout.domain);
        else if (event.button === 0 && onBrush) beginDrag(event, binAt(event));
      }}
      onPointerMove={(event: PointerEvent) => {
        const moved = pannedTo(event);
        if (moved) return onZoom?.({ from: moved[0], to: moved[1] });
        const bin = binAt(event);
        onHover?.(bin);
        const anchor = dragBegan(event);
        if (anchor !== null && anchor !== bin) onBrush?.(binRange(data, anchor, bin), false);
      }}
      onPointerUp={(event: PointerEvent) => {
        const anchor = endDrag(event);
        if (endPan(event) || anchor === null) return;
        const bin = binAt(event);
        if (bin !== anchor) onBrush?.(binRange(data, anchor, bin), true);
        else if (brush) onBrush?.(null, true);
      }}
      onDblClick={() => onZoom?.(null)}
      {...(onZoom && {
        onWheel: (event: WheelEvent) => {
          event.preventDefault();
          // There is no time on these axes.
          if (axesOf(event).values) onZoom(zoomed([low, high], realAt(event), wheelFactor(event)));
        },
      })}
    />
  );
}

/** `window` made `factor` times as wide, the place under the pointer staying where it is. */
function zoomed([low, high]: readonly [number, number], at: number, factor: number): RealRange {
  return { from: at - (at - low) * factor, to: at + (high - at) * factor };
}

function binRange({ edges }: HistogramProps['data'], a: number, b: number): RealRange {
  return { from: edges[Math.min(a, b)] ?? 0, to: edges[Math.max(a, b) + 1] ?? 0 };
}

/** Arrow keys walk the bins, with Shift or after b they select; + - 0 zoom. Each bin is read out with its figures. */
export function histogramKeyboard(
  { data, codes, title, hover = null, brush = null, onHover, onBrush, onZoom }: HistogramProps,
  ends: HistogramLayout['domain'],
) {
  if (!onHover) return {};
  const last = data.float.length - 1;
  const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };
  const zooms: Readonly<Record<string, number>> = { '+': 1 / ZOOM_STEP, '-': ZOOM_STEP };
  return {
    tabindex: 0,
    role: 'slider',
    'aria-label': `Bins of ${title}`,
    'aria-valuemin': 0,
    'aria-valuemax': last,
    'aria-valuenow': hover ?? 0,
    'aria-valuetext': describeBin({ data, codes }, hover ?? 0).join(', '),
    class: 'gs-choice',
    onBlur: (event: FocusEvent) => {
      endBrush(event);
      onHover(null);
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.altKey || event.ctrlKey || event.metaKey || (onBrush && switchBrush(event))) return;
      const zoom = zooms[event.key];
      if (onZoom && (zoom !== undefined || event.key === '0')) {
        event.stopPropagation();
        const middle = hover === null ? (ends[0] + ends[1]) / 2 : (data.edges[hover] ?? 0);
        onZoom(zoom === undefined ? null : zoomed(ends, middle, zoom));
        return;
      }
      const step = steps[event.key];
      const target = event.key === 'Home' ? 0 : event.key === 'End' ? last : step === undefined ? null : (hover ?? -1) + step;
      if (target === null) return;
      event.preventDefault();
      const bin = Math.max(0, Math.min(last, target));
      onHover(bin);
      if (!isBrushing(event) || !onBrush || hover === null) return;
      // The end that the focus stood at moves with it; the other one stays.
      const brushed = brush === null ? null : [binOf(data.edges, brush.from), binOf(data.edges, brush.to) - 1];
      const fixed = brushed === null ? hover : brushed[0] === hover ? (brushed[1] ?? hover) : (brushed[0] ?? hover);
      onBrush(binRange(data, fixed, bin), true);
    },
  } as const;
}
