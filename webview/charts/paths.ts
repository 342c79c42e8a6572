import { round } from './Label';

type Scale = (value: number) => number;

/** Filled columns from `base` up, one subpath per bin that has a count. `gap` pixels stay free between columns. */
export function columnsPath(
  edges: readonly number[],
  counts: readonly number[],
  x: Scale,
  y: Scale,
  base: number,
  gap: number,
): string {
  return counts
    .map((value, k) => {
      if (value <= 0) return '';
      const left = x(edges[k] ?? 0);
      const width = Math.max(0.6, x(edges[k + 1] ?? 0) - left - gap);
      return `M${round(left)},${round(base)}V${round(y(value))}h${round(width)}V${round(base)}Z`;
    })
    .join('');
}

/** Outline of a histogram: one step per bin. */
export function stepsPath(edges: readonly number[], counts: readonly number[], x: Scale, y: Scale): string {
  return counts
    .map((value, k) => `${k === 0 ? 'M' : 'L'}${round(x(edges[k] ?? 0))},${round(y(value))}H${round(x(edges[k + 1] ?? 0))}`)
    .join('');
}

/** Diagonal lines every `step` pixels, cut to the rectangle: a hatch that needs no pattern and so no ids. */
export function hatchPath(x: number, y: number, width: number, height: number, step = 8.5): string {
  if (width < 1) return '';
  const lines: string[] = [];
  // Each line runs along u = (px - x) + (py - y); they start on a common raster so that neighbouring zones line up.
  const first = Math.ceil((x + y) / step) * step - (x + y);
  for (let u = first; u < width + height; u += step) {
    const fromX = Math.max(0, u - height);
    const toX = Math.min(width, u);
    if (toX > fromX) lines.push(`M${round(x + fromX)},${round(y + u - fromX)}L${round(x + toX)},${round(y + u - toX)}`);
  }
  return lines.join('');
}
