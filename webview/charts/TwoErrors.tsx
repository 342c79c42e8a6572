import { scaleLinear } from 'd3';
import { Chart, type ChartFrame } from './chart';
import { bound } from './format';
import { Label, round } from './Label';
import { textWidth } from './textWidth';

export interface TwoErrorsProps extends ChartFrame {
  /** Root mean square error against float per entry along time; null: not compared. */
  readonly a: readonly (number | null)[];
  readonly b: readonly (number | null)[];
  /** Default: 1. */
  readonly stepsPerEntry?: number;
}

const TOP = 12;
const UNDER = 30;

/** Error of both sides along time: A drawn through, B dashed. */
export function TwoErrors(props: TwoErrorsProps) {
  const { a, b, width, height, stepsPerEntry = 1 } = props;
  const entries = Math.max(1, a.length, b.length);
  const known = [...a, ...b].filter((value) => value !== null);
  const y = scaleLinear([0, Math.max(...known, 0) * 1.1 || 1], [height - UNDER, TOP]);
  const ticks = y.ticks(Math.max(2, Math.floor((height - UNDER) / 36)));
  const left = Math.max(...ticks.map((tick) => textWidth(bound(tick), 10.5, { mono: true }))) + 10;
  const x = scaleLinear([0, entries], [left, width - 18]);
  const steps = [...new Set(x.ticks(Math.max(2, Math.floor((width - left) / 56))).map(Math.floor))].filter(
    (entry) => entry < entries,
  );
  return (
    <Chart {...props}>
      <path d={ticks.map((tick) => `M${round(left)},${round(y(tick))}H${width - 18}`).join('')} stroke="var(--gs-hair)" />
      {ticks.map((tick) => (
        <Label x={left - 6} y={y(tick) + 4} anchor="end" tone="dim" mono>
          {bound(tick)}
        </Label>
      ))}
      <path d={staircase(a, x, y)} fill="none" stroke="var(--gs-fg)" stroke-width={1.8} />
      <path d={staircase(b, x, y)} fill="none" stroke="var(--gs-fg)" stroke-width={1.4} stroke-dasharray="4 3" />
      <Ends a={a} b={b} x={x(entries) + 5} y={y} />
      {steps.map((entry) => (
        <Label x={x(entry + 0.5)} y={height - 15} anchor="middle" tone="dim" mono>
          {entry * stepsPerEntry}
        </Label>
      ))}
      <Label x={width - 18} y={height - 2} anchor="end" tone="dim">
        step
      </Label>
    </Chart>
  );
}

/** The letters at the right ends of the lines, apart from each other. */
function Ends({ a, b, x, y }: Pick<TwoErrorsProps, 'a' | 'b'> & { readonly x: number; readonly y: (value: number) => number }) {
  const [lastA, lastB] = [a.at(-1) ?? null, b.at(-1) ?? null];
  const [atA, atB] = [lastA === null ? null : y(lastA) + 4, lastB === null ? null : y(lastB) + 4];
  const near = atA !== null && atB !== null && Math.abs(atA - atB) < 12;
  const apart = near ? (12 - Math.abs(atA - atB)) / 2 + 0.5 : 0;
  const up = near && atA > atB ? -1 : 1;
  return (
    <>
      {atA !== null && (
        <Label x={x} y={atA - up * apart}>
          A
        </Label>
      )}
      {atB !== null && (
        <Label x={x} y={atB + up * apart}>
          B
        </Label>
      )}
    </>
  );
}

function staircase(values: readonly (number | null)[], x: (entry: number) => number, y: (value: number) => number): string {
  let isDrawing = false;
  return values
    .map((value, k) => {
      if (value === null) {
        isDrawing = false;
        return '';
      }
      const start = `${isDrawing ? 'L' : 'M'}${round(x(k))},${round(y(value))}H${round(x(k + 1))}`;
      isDrawing = true;
      return start;
    })
    .join('');
}
