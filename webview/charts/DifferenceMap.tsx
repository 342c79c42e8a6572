import { Chart, type ChartFrame } from './chart';
import { layoutDifferences, ROW, type DifferenceLayout, type DifferenceRow } from './differenceLayout';
import { decibel, percent, withUnit } from './format';
import { Label, round } from './Label';
import { fitText } from './textWidth';

export interface DifferenceMapProps extends Omit<ChartFrame, 'height'> {
  readonly rows: readonly DifferenceRow[];
  /** Steps that an entry of the time axis covers. Default: 1. */
  readonly stepsPerEntry?: number;
  /** Row and entry of the first difference: outlined. */
  readonly first: { readonly row: number; readonly entry: number } | null;
  /** Makes rows buttons. */
  readonly onSelect?: (row: number) => void;
}

/** Share of values that differ, signal by step, and each side's dB against float: A a filled square, B a ring. */
export function DifferenceMap(props: DifferenceMapProps) {
  const { rows, width, first, onSelect, stepsPerEntry = 1 } = props;
  const layout = layoutDifferences(rows, width);
  const { nameEnd, cellWidth, tops, labelled, db, height } = layout;
  const bottom = height - 6;
  const outlined = first === null ? undefined : tops[first.row];
  return (
    <Chart {...props} height={height} role={onSelect ? 'figure' : 'img'}>
      <Label x={nameEnd - 8} y={24} anchor="end" tone="dim">
        step
      </Label>
      {labelled.map((entry) => (
        <Label x={nameEnd + (entry + 0.5) * cellWidth} y={24} anchor="middle" tone="dim" mono>
          {entry * stepsPerEntry}
        </Label>
      ))}
      {db && (
        <>
          <Label x={db.left} y={10}>
            SQNR against float, dB
          </Label>
          <path d={db.ticks.map((tick) => `M${round(db.x(tick))},30V${bottom}`).join('')} stroke="var(--gs-hair)" />
          {db.ticks.map((tick) => (
            <Label x={db.x(tick)} y={24} anchor="middle" tone="dim" mono>
              {tick.toString().replace('-', '\u2212')}
            </Label>
          ))}
        </>
      )}
      {rows.map((row, at) => (
        <Row
          key={at}
          row={row}
          top={tops[at] ?? 0}
          layout={layout}
          width={width}
          select={onSelect && (() => onSelect(at))}
          isTabStop={at === 0}
        />
      ))}
      {outlined !== undefined && first && (
        <rect
          x={round(nameEnd + first.entry * cellWidth)}
          y={outlined}
          width={round(Math.max(4, cellWidth))}
          height={ROW}
          rx={2}
          fill="none"
          stroke="var(--gs-focus)"
          stroke-width={2}
          pointer-events="none"
        />
      )}
    </Chart>
  );
}

interface RowProps {
  readonly row: DifferenceRow;
  readonly top: number;
  readonly layout: DifferenceLayout;
  readonly width: number;
  readonly select: (() => void) | undefined;
  readonly isTabStop: boolean;
}

function Row({ row, top, layout, width, select, isTabStop }: RowProps) {
  const { nameEnd } = layout;
  const name = `${row.name} ${row.stage}`;
  return (
    <g
      {...(select && {
        class: 'gs-choice',
        role: 'button',
        tabIndex: isTabStop ? 0 : -1,
        'aria-label': describeDifference(row),
        'data-tip': describeDifference(row),
        onClick: select,
        onKeyDown: (event: KeyboardEvent) => onRowKey(event, select),
      })}
    >
      {select && <rect class="gs-outline" x={0} y={top} width={width} height={ROW} fill="transparent" stroke="transparent" />}
      <text x={round(nameEnd - 8)} y={top + 17} text-anchor="end" font-size={11.5} fill="var(--gs-dim)">
        <tspan font-weight={600} fill="var(--gs-fg)">
          {row.name}
        </tspan>{' '}
        {fitText(row.stage, Math.max(20, nameEnd - 8 - (name.length - row.stage.length) * 8), 11.5)}
      </text>
      {layout.written ? (
        <WrittenCells shares={row.shares} top={top} layout={layout} />
      ) : (
        <ShadedCells shares={row.shares} top={top} layout={layout} />
      )}
      <Pair row={row} y={top + ROW / 2} db={layout.db} />
    </g>
  );
}

/** Grey by share; nothing differs is all but invisible. */
const shade = (share: number): number => (share > 0 ? round2(0.08 + share * 0.27) : 0.03);
const round2 = (value: number): number => Math.round(value * 100) / 100;

interface CellsProps {
  readonly shares: readonly number[];
  readonly top: number;
  readonly layout: DifferenceLayout;
}

function WrittenCells({ shares, top, layout: { nameEnd, cellWidth } }: CellsProps) {
  return (
    <>
      {shares.map((share, k) => (
        <rect
          key={k}
          x={round(nameEnd + k * cellWidth + 1)}
          y={top + 1}
          width={round(cellWidth - 2)}
          height={ROW - 2}
          rx={1}
          fill="var(--gs-fg)"
          fill-opacity={shade(share)}
        />
      ))}
      {shares.map((share, k) => (
        <Label key={k} x={nameEnd + (k + 0.5) * cellWidth} y={top + 17} anchor="middle" mono tone={share > 0 ? 'fg' : 'dim'}>
          {shareText(share)}
        </Label>
      ))}
    </>
  );
}

/** `=` where nothing differs, whole percents, never 0 or 100 where it is neither. */
export function shareText(share: number): string {
  if (share === 0) return '=';
  if (share === 1) return '100\u00a0%';
  return `${Math.min(99, Math.max(1, Math.round(share * 100)))}\u00a0%`;
}

const LEVELS = 8;

/** Cells too narrow for figures: one path per level of grey, however many steps there are. */
function ShadedCells({ shares, top, layout: { nameEnd, cellWidth } }: CellsProps) {
  const gap = cellWidth > 6 ? 1 : 0;
  const levels = Array.from({ length: LEVELS + 1 }, (): string[] => []);
  shares.forEach((share, k) => {
    const level = Math.ceil(share * LEVELS);
    levels[level]?.push(
      `M${round(nameEnd + k * cellWidth)},${top + 2}h${round(Math.max(0.5, cellWidth - gap))}v${ROW - 4}h${-round(Math.max(0.5, cellWidth - gap))}z`,
    );
  });
  return (
    <>
      {levels.map((cells, level) =>
        cells.length === 0 ? null : (
          <path key={level} d={cells.join('')} fill="var(--gs-fg)" fill-opacity={shade(level / LEVELS)} />
        ),
      )}
    </>
  );
}

function Pair({
  row: { a, b },
  y,
  db,
}: {
  readonly row: DifferenceRow;
  readonly y: number;
  readonly db: DifferenceLayout['db'];
}) {
  if (!db) return null;
  // Where both fall together, A stands inside the ring.
  const near = a !== null && b !== null && Math.abs(db.x(a) - db.x(b)) < 8;
  return (
    <>
      {a !== null && b !== null && (
        <path d={`M${round(db.x(a))},${y}H${round(db.x(b))}`} stroke="var(--gs-wire)" stroke-width={2} />
      )}
      {b !== null && <SideB x={db.x(b)} y={y} />}
      {a !== null && <SideA x={db.x(a)} y={y} size={near ? 5 : 8} />}
    </>
  );
}

/** The mark of side A in every chart. */
export function SideA({ x, y, size = 8 }: { readonly x: number; readonly y: number; readonly size?: number }) {
  return <rect x={round(x - size / 2)} y={round(y - size / 2)} width={size} height={size} fill="var(--gs-fg)" />;
}

/** The mark of side B in every chart. */
export function SideB({ x, y }: { readonly x: number; readonly y: number }) {
  return <circle cx={round(x)} cy={round(y)} r={4.3} fill="var(--gs-bg)" stroke="var(--gs-fg)" stroke-width={1.5} />;
}

/** `f after peephole: differs from step 1 on in 85 % of values; A 17.2 dB, B 54.1 dB`. */
export function describeDifference({ name, stage, shares, a, b }: DifferenceRow): string {
  const all = shares.length > 0 ? shares.reduce((sum, share) => sum + share, 0) / shares.length : 0;
  const differs = all === 0 ? 'no value differs' : `differs in ${percent(all)} of values on average over steps`;
  const side = (which: string, value: number | null) => (value === null ? [] : [`${which} ${withUnit(decibel(value), 'dB')}`]);
  return [`${name} ${stage}: ${differs}`, [...side('A', a), ...side('B', b)].join(', ')].filter((part) => part !== '').join('; ');
}

/** Enter and space press; arrows go to the row above or below. */
function onRowKey(event: KeyboardEvent, select: () => void): void {
  const row = event.currentTarget as SVGGElement;
  if (event.key === 'Enter' || event.key === ' ') select();
  else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    const rows = Array.from(row.parentElement?.querySelectorAll<SVGGElement>('[role="button"]') ?? []);
    rows[rows.indexOf(row) + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
  } else return;
  event.preventDefault();
}
