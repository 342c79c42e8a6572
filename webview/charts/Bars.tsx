import { Chart, type ChartFrame } from './chart';
import { Label, round } from './Label';
import { fitText } from './textWidth';

export interface BarRow {
  readonly label: string;
  /** Length of the bar; below 0 draws none. */
  readonly value: number;
  /** Written on the right, formatted. */
  readonly text: string;
  /** `strong` cost, `weak` (next to nothing or a sum of others), or a path's own colour. Default: `strong`. */
  readonly tone?: 'strong' | 'weak' | 'float' | 'int8' | 'hybrid';
}

export interface BarsProps extends Omit<ChartFrame, 'height'> {
  readonly rows: readonly BarRow[];
  /** Value at full length. Default: the largest. */
  readonly max?: number;
  /** Pixels for labels. Default: 112. */
  readonly labelWidth?: number;
  /** Pixels for the text on the right. Default: 60. */
  readonly textWidth?: number;
}

const ROW = 19;
const FILL = {
  strong: { fill: 'var(--gs-fg)', 'fill-opacity': 0.75 },
  weak: { fill: 'var(--gs-fg)', 'fill-opacity': 0.28 },
  float: { fill: 'var(--gs-float)', 'fill-opacity': 0.85 },
  int8: { fill: 'var(--gs-int)', 'fill-opacity': 0.85 },
  hybrid: { fill: 'var(--gs-wire)', 'fill-opacity': 1 },
};

/** Horizontal bars, one a row; the height follows the rows. */
export function Bars({ rows, labelWidth = 112, textWidth = 60, ...frame }: BarsProps) {
  const max = frame.max ?? Math.max(...rows.map(({ value }) => value), 0);
  const room = Math.max(0, frame.width - labelWidth - textWidth - 8);
  return (
    <Chart {...frame} height={rows.length * ROW}>
      {rows.map(({ label, value, text, tone = 'strong' }, k) => (
        <>
          <Label x={0} y={k * ROW + 13.5} size={12} tone={tone === 'strong' ? 'fg' : 'dim'}>
            {fitText(label, labelWidth - 8, 12)}
          </Label>
          <rect
            x={labelWidth}
            y={k * ROW + 5}
            width={round(Math.max(1, max > 0 ? (Math.max(0, value) / max) * room : 0))}
            height={9}
            rx={1}
            {...FILL[tone]}
          />
          <Label x={frame.width} y={k * ROW + 13.5} anchor="end" mono size={11}>
            {text}
          </Label>
        </>
      ))}
    </Chart>
  );
}
