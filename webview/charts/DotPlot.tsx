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
  /** Makes every row a way to its place. */
  readonly onSelect?: (row: number) => void;
}

const ROW = 32;
const TOP = 18;
/** Between a dot and its figure. */
const GAP = 9;

const figureWidth = (db: number): number => textWidth(decibel(db), 10.5, { mono: true });

/** Rows of two dots on one dB axis, worse on the left: accumulated filled, local as a ring. */
export function DotPlot(props: DotPlotProps) {
  const { rows, width, height, labelWidth = 78, onSelect } = props;
  const values = rows.flatMap(({ accumulated, local }) => [accumulated, local]).filter((v) => v !== null);
  const widest = Math.max(0, ...rows.map(({ label }) => textWidth(label, 11)));
  const left = Math.min(labelWidth, Math.max(40, widest)) + 8;
  // The lowest and the highest value have their figures outside.
  const room = Math.max(24, ...values.map(figureWidth)) + GAP + 3;
  const x = scaleLinear(dbDomain(values), [left + room, Math.max(left + room + 20, width - room)]);
  const bottom = height - 20;
  const ticks = x.ticks(Math.max(2, Math.floor((width - left) / 80)));
  return (
    <Chart {...props} role={onSelect ? 'figure' : 'img'}>
      <path d={ticks.map((tick) => `M${round(x(tick))},${TOP - 2}V${bottom}`).join('')} stroke="var(--gs-hair)" />
      {ticks.map((tick) => (
        <Label x={x(tick)} y={height - 6} anchor="middle" tone="dim" mono>
          {tick.toString().replace('-', '\u2212')}
        </Label>
      ))}
      <Head left={left} width={width} />
      {rows.map((row, k) => (
        <Row row={row} y={TOP + ROW / 2 + k * ROW} x={x} left={left} />
      ))}
      {onSelect &&
        rows.map((row, k) => (
          <rect
            x={0}
            y={TOP + k * ROW}
            width={width}
            height={ROW}
            fill="transparent"
            class="gs-choice"
            role="button"
            tabindex={0}
            aria-label={`Show ${row.label}${rowText(row)}`}
            onClick={() => {
              onSelect(k);
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' && event.key !== ' ') return;
              event.preventDefault();
              onSelect(k);
            }}
          />
        ))}
    </Chart>
  );
}

/** Height that `rows` rows need. */
export function dotPlotHeight(rows: number): number {
  return rows * ROW + TOP + 20;
}

/** `, accumulated 9.7 dB, local 7.4 dB`, for assistive technology. */
function rowText({ accumulated, local, exact }: DotRow): string {
  if (exact) return ', exact';
  const parts = [
    ...(accumulated === null ? [] : [`accumulated ${decibel(accumulated)} dB`]),
    ...(local === null ? [] : [`local ${decibel(local)} dB`]),
  ];
  return parts.length === 0 ? ', not measured' : `, ${parts.join(', ')}`;
}

/** What dot and ring are, and which way is worse. */
function Head({ left, width }: { readonly left: number; readonly width: number }) {
  const names = [
    { text: 'accumulated', ring: false },
    { text: 'local', ring: true },
  ];
  const widths = names.map(({ text }) => 12 + textWidth(text, 10) + 10);
  const all = widths.reduce((a, b) => a + b, 0);
  const hasEnds = width - left >= all + 90;
  let at = left + Math.max(0, (width - left - all) / 2);
  return (
    <>
      {hasEnds && (
        <>
          <Label x={left} y={10} tone="dim" size={10}>
            worse
          </Label>
          <Label x={width} y={10} anchor="end" tone="dim" size={10}>
            better
          </Label>
        </>
      )}
      {names.map(({ text, ring }, k) => {
        const start = at;
        at += widths[k] ?? 0;
        return (
          <>
            <Dot cx={start + 4} cy={6.5} r={3.5} ring={ring} />
            <Label x={start + 12} y={10} tone="dim" size={10}>
              {text}
            </Label>
          </>
        );
      })}
    </>
  );
}

function Dot({ cx, cy, r, ring }: { readonly cx: number; readonly cy: number; readonly r: number; readonly ring: boolean }) {
  if (!ring) return <circle cx={round(cx)} cy={cy} r={r + 0.5} fill="var(--gs-fg)" />;
  return <circle cx={round(cx)} cy={cy} r={r} fill="var(--gs-bg)" stroke="var(--gs-fg)" stroke-width={1.4} />;
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
}

function Row({ row: { label, accumulated, local, exact }, y, x, left }: RowProps) {
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
          <Dot cx={x(local)} cy={y} r={4} ring />
          <Label x={x(local) + (ringFirst ? -GAP : GAP)} y={y + 4} anchor={ringFirst ? 'end' : 'start'} tone="dim" mono>
            {decibel(local)}
          </Label>
        </>
      )}
      {accumulated !== null && (
        <>
          <Dot cx={x(accumulated)} cy={y} r={4} ring={false} />
          <Label x={x(accumulated) + (ringFirst ? GAP : -GAP)} y={y + 4} anchor={ringFirst ? 'start' : 'end'} mono>
            {decibel(accumulated)}
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
