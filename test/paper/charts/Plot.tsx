import type { ComponentChildren } from 'preact';
import { Label, round } from '../../../webview/charts/Label';

/** Where a plot's values lie in the picture, in pixels. */
export interface PlotArea {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Tick {
  readonly at: number;
  readonly text: string;
}

interface PlotProps {
  readonly area: PlotArea;
  /** Above the plot. */
  readonly title: string;
  /** Pixels. */
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  /** Below the figures of the axis. */
  readonly xLabel: string;
  readonly children: ComponentChildren;
}

/** A plot with its grid and axes. */
export function Plot({ area: { left, right, top, bottom }, title, xTicks, yTicks, xLabel, children }: PlotProps) {
  const grid = [
    ...xTicks.map(({ at }) => `M${round(at)},${top}V${bottom}`),
    ...yTicks.map(({ at }) => `M${left},${round(at)}H${right}`),
  ];
  return (
    <>
      <Label x={left} y={top - 12} bold>
        {title}
      </Label>
      <path d={grid.join('')} stroke="var(--gs-hair)" fill="none" />
      {xTicks.map(({ at, text }) => (
        <Label x={at} y={bottom + 15} anchor="middle" tone="dim" mono>
          {text}
        </Label>
      ))}
      {yTicks.map(({ at, text }) => (
        <Label x={left - 7} y={at + 4} anchor="end" tone="dim" mono>
          {text}
        </Label>
      ))}
      <Label x={(left + right) / 2} y={bottom + 32} anchor="middle" tone="dim">
        {xLabel}
      </Label>
      {children}
    </>
  );
}

/** Ticks at values of a scale. */
export function ticksOf(
  values: readonly number[],
  scale: (value: number) => number,
  text: (value: number) => string = String,
): Tick[] {
  return values.map((value) => ({ at: scale(value), text: text(value).replace('-', '\u2212') }));
}

/** Through points, in pixels. */
export function linePath(points: readonly (readonly [x: number, y: number])[]): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${round(x)},${round(y)}`).join('');
}
