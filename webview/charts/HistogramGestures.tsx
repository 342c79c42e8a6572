import { endBrush, fixedEnd, isBrushing, switchBrush, walkedTo } from './brushKeys';
import { dragHandlers } from './dragAnchor';
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
      {...dragHandlers({
        window: layout.domain,
        at: binAt,
        onPoint: (event) => onHover?.(binAt(event)),
        onPan: onZoom ? ([from, to]) => onZoom({ from, to }) : null,
        onBrush: onBrush ? (ends, final) => onBrush(ends && binRange(data, ...ends), final) : null,
        hasBrush: brush !== null,
      })}
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
      const bin = walkedTo(event.key, hover, 0, last);
      if (bin === null) return;
      event.preventDefault();
      onHover(bin);
      if (!isBrushing(event) || !onBrush || hover === null) return;
      const brushed = brush === null ? null : ([binOf(data.edges, brush.from), binOf(data.edges, brush.to) - 1] as const);
      onBrush(binRange(data, fixedEnd(brushed, hover), bin), true);
    },
  } as const;
}
