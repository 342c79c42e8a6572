import { scaleLinear } from 'd3';
import { Chart, type ChartFrame } from './chart';
import { decibel } from './format';
import { Label, round } from './Label';
import { fitText, textWidth } from './textWidth';

export interface DotRow {
  readonly label: string;
  /** dB of the filled dot and of the ring; null: not measured. */
  readonly accumulated: number | null;
  readonly local: number | null;
  /** Written instead of a dot where no value differs. */
  readonly exact: boolean;
}

export interface DotPlotProps extends ChartFrame {
  readonly rows: readonly DotRow[];
  /** Pixels for the rows' names. Default: 78. */
  readonly labelWidth?: number;
}

const ROW = 32;
const TOP = 16;

/** Rows of two dots on one dB axis, worse on the left: accumulated filled, local as a ring. */
export function DotPlot(props: DotPlotProps) {
  const { rows, width, height, labelWidth = 78 } = props;
  const values = rows.flatMap(({ accumulated, local }) => [accumulated, local]).filter((v) => v !== null);
  const widest = Math.max(0, ...rows.map(({ label }) => textWidth(label, 11)));
  const left = Math.min(labelWidth, Math.max(40, widest)) + 8;
  const x = scaleLinear(dbDomain(values), [left + 30, width - 34]);
  const bottom = height - 20;
  const ticks = x.ticks(Math.max(2, Math.floor((width - left) / 80)));
  const named = rows.findIndex(({ accumulated, local }) => accumulated !== null && local !== null);
  return (
    <Chart {...props}>
      <path d={ticks.map((tick) => `M${round(x(tick))},${TOP - 2}V${bottom}`).join('')} stroke="var(--gs-hair)" />
      {ticks.map((tick) => (
        <Label x={x(tick)} y={height - 6} anchor="middle" tone="dim" mono>
          {tick.toString().replace('-', '\u2212')}
        </Label>
      ))}
      <Label x={left} y={10} tone="dim" size={10}>
        worse
      </Label>
      <Label x={width} y={10} anchor="end" tone="dim" size={10}>
        better
      </Label>
      {rows.map((row, k) => (
        <Row row={row} y={TOP + ROW / 2 + k * ROW} x={x} left={left} explain={k === named} />
      ))}
    </Chart>
  );
}

/** Height that `rows` rows need. */
export function dotPlotHeight(rows: number): number {
  return rows * ROW + TOP + 20;
}

/** Axis that holds all values with some room, never shorter than 6 dB: small differences stay small. */
function dbDomain(values: readonly number[]): [number, number] {
  if (values.length === 0) return [0, 40];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(2, (6 - (high - low)) / 2, (high - low) * 0.12);
  return [low - room, high + room];
}

interface RowProps {
  readonly row: DotRow;
  readonly y: number;
  readonly x: (db: number) => number;
  readonly left: number;
  /** Writes what dot and ring are, once. */
  readonly explain: boolean;
}

function Row({ row: { label, accumulated, local, exact }, y, x, left, explain }: RowProps) {
  // Both figures stand outside the pair, so that they never meet: the lower value's on its left.
  const ringFirst = local !== null && accumulated !== null && local < accumulated;
  return (
    <>
      <Label x={0} y={y + 4}>
        {fitText(label, left - 8, 11)}
      </Label>
      {accumulated !== null && local !== null && (
        <path d={`M${round(x(accumulated))},${y}H${round(x(local))}`} stroke="var(--gs-wire)" stroke-width={2} />
      )}
      {local !== null && (
        <>
          <circle cx={round(x(local))} cy={y} r={4} fill="var(--gs-bg)" stroke="var(--gs-fg)" stroke-width={1.4} />
          <Label x={x(local) + (ringFirst ? -8 : 8)} y={y + 4} anchor={ringFirst ? 'end' : 'start'} tone="dim" mono>
            {decibel(local) + (explain ? ' local' : '')}
          </Label>
        </>
      )}
      {accumulated !== null && (
        <>
          <circle cx={round(x(accumulated))} cy={y} r={4.5} fill="var(--gs-fg)" />
          <Label x={x(accumulated) + (ringFirst ? 9 : -9)} y={y + 4} anchor={ringFirst ? 'start' : 'end'} mono>
            {decibel(accumulated) + (explain ? ' accumulated' : '')}
          </Label>
        </>
      )}
      {accumulated === null && (
        <Label x={left + 30} y={y + 4} tone="dim">
          {exact ? 'exact' : 'not measured'}
        </Label>
      )}
    </>
  );
}
