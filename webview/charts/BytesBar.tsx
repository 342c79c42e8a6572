import { Chart, type ChartFrame } from './chart';
import { count } from './format';
import { Label, round } from './Label';
import { textWidth } from './textWidth';

export interface BytesBarProps extends Omit<ChartFrame, 'height'> {
  readonly parts: readonly { readonly label: string; readonly bytes: number }[];
}

const LINE = 16;
const GAP = 16;

/** One bar split by bytes in the order given, with a legend below that wraps to the width. */
export function BytesBar({ parts, ...frame }: BytesBarProps) {
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const legend = wrapLegend(parts, frame.width);
  const scale = Math.max(0, frame.width - 2 * (parts.length - 1)) / Math.max(1, total);
  let left = 0;
  return (
    <Chart {...frame} height={18 + (1 + Math.max(0, ...legend.map(({ line }) => line))) * LINE}>
      {parts.map(({ bytes }, k) => {
        const x = left;
        left += bytes * scale + 2;
        return (
          <rect
            x={round(x)}
            y={0}
            width={round(Math.max(1, bytes * scale))}
            height={12}
            fill="var(--gs-fg)"
            fill-opacity={shade(k, parts.length)}
          />
        );
      })}
      {legend.map(({ x, line, label, bytes }, k) => (
        <>
          <rect x={x} y={19 + line * LINE} width={8} height={8} fill="var(--gs-fg)" fill-opacity={shade(k, parts.length)} />
          <Label x={x + 12} y={27 + line * LINE} tone="dim">
            {label}
          </Label>
          <Label x={x + 12 + textWidth(label, 11) + 4} y={27 + line * LINE} mono size={11}>
            {count(bytes)}
          </Label>
        </>
      ))}
    </Chart>
  );
}

/** From dark to faint, so that neighbours differ in greyscale too. */
function shade(index: number, of: number): number {
  return of < 2 ? 0.75 : round(0.75 - (0.57 * index) / (of - 1)) || 0.1;
}

function wrapLegend(parts: BytesBarProps['parts'], width: number) {
  let x = 0;
  let line = 0;
  return parts.map((part) => {
    const needs = 16 + textWidth(part.label, 11) + textWidth(count(part.bytes), 11, { mono: true });
    if (x > 0 && x + needs > width) [x, line] = [0, line + 1];
    const place = { ...part, x: round(x), line };
    x += needs + GAP;
    return place;
  });
}
