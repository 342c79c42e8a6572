import { Chart, type ChartFrame } from './chart';

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

/** Horizontal bars, one a row; the height follows the rows. */
export function Bars(props: BarsProps) {
  return (
    <Chart {...props} height={props.rows.length * 19}>
      {null}
    </Chart>
  );
}
