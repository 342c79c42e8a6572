import type { ComponentChildren } from 'preact';

/** What every chart takes: its size, its name, and one sentence that states what it shows. */
export interface ChartFrame {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Name for assistive technology, such as `o before σ`. */
  readonly title: string;
  /** One sentence with the finding, such as `27.5 % of values at the rails`. */
  readonly summary: string;
}

interface ChartProps extends ChartFrame {
  /** `figure` keeps the parts inside reachable (buttons, points); `img` is one picture. */
  readonly role?: 'img' | 'figure';
  readonly children: ComponentChildren;
}

/** The root of a chart: sized, named, scalable in print. Only a picture gets a `<title>`, whose native tooltip would cover that of parts. */
export function Chart({ width, height, title, summary, role = 'img', children }: ChartProps) {
  return (
    <svg
      role={role}
      aria-label={`${title}: ${summary}`}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      font-family="var(--gs-ui)"
      style={{ display: 'block', overflow: 'visible' }}
    >
      {role === 'img' && <title>{`${title}: ${summary}`}</title>}
      {children}
    </svg>
  );
}
