import type { ComponentChildren } from 'preact';

export type Tone = 'fg' | 'dim' | 'sat' | 'float' | 'int' | 'bg' | 'ghost' | 'warn';

export interface LabelProps {
  readonly x: number;
  /** Baseline. */
  readonly y: number;
  /** Default: `start`. */
  readonly anchor?: 'start' | 'middle' | 'end';
  /** Default: `fg`. */
  readonly tone?: Tone;
  /** Figures and codes: the editor's font. Default: false. */
  readonly mono?: boolean;
  readonly bold?: boolean;
  /** Pixels. Default: 11, or 10.5 for figures. */
  readonly size?: number;
  /** Outline in the background's colour, for text over lines. Default: false. */
  readonly halo?: boolean;
  readonly children: ComponentChildren;
}

/** Text in a chart. */
export function Label({
  x,
  y,
  anchor = 'start',
  tone = 'fg',
  mono = false,
  bold = false,
  size,
  halo = false,
  children,
}: LabelProps) {
  return (
    <text
      x={round(x)}
      y={round(y)}
      fill={`var(--gs-${tone})`}
      font-size={size ?? (mono ? 10.5 : 11)}
      {...(anchor !== 'start' && { 'text-anchor': anchor })}
      {...(mono && { 'font-family': 'var(--gs-mono)' })}
      {...(bold && { 'font-weight': 600 })}
      {...(halo && { stroke: 'var(--gs-bg)', 'stroke-width': 4, 'stroke-linejoin': 'round', 'paint-order': 'stroke' })}
    >
      {children}
    </text>
  );
}

/** Coordinates to a tenth of a pixel: what the eye can tell, and short. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
