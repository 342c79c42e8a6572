import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { QuantizedState } from '../../../extension/protocol/fix';
import { PLAIN_RECIPE } from '../../../worker/core/fix/editRecipe';
import type { FixRow } from '../../../worker/core/fix/fixRows';
import type { Report } from '../../../worker/core/report/report';
import { bound, count, decibel, gain, NOT_MEASURED, real, shareOrCount } from '../../charts/format';
import { RangeBar } from '../../charts/RangeBar';
import { Sized } from '../../ui/Sized';
import { pageOf, rowForKey } from '../../ui/rowKeys';
import { useVirtualRows } from '../../ui/useVirtualRows';
import { useInspector } from '../InspectorContext';
import { plural } from '../text';
import { formatDetail, formatLabel, partLabel, rowLabel, tableRows, type TableRow } from './rows';

const ROW = 24;
const HEAD = 26;
/** At least. */
const BAR = 150;

interface Props {
  readonly quantized: QuantizedState;
  readonly report: Report | null;
  /** The figures are those of the step before. */
  readonly isStale: boolean;
  readonly selected: string | null;
}

type Column = 'value' | 'format' | 'holds' | 'seen' | 'bar' | 'lost' | 'local' | 'cost';

const COLUMNS: Readonly<
  Record<Column, { readonly label: string; readonly tip: string; readonly track: string; readonly from: number }>
> = {
  value: { label: 'value', tip: 'What a recipe can change, in the order of the graph', track: 'minmax(120px, 1.4fr)', from: 0 },
  format: {
    label: 'format',
    tip: 'Integer type in the quantized model; Q3.12 has 3 bits before the point and 12 after',
    track: '60px',
    from: 0,
  },
  holds: { label: 'holds', tip: 'Reals of the lowest and highest code', track: 'minmax(132px, 0.8fr)', from: 0 },
  seen: { label: 'calibration saw', tip: 'Smallest and largest value', track: 'minmax(132px, 0.8fr)', from: 600 },
  bar: {
    label: 'seen in what is held',
    tip: 'Line: all values; thick: 99.9 %; upright: what is held; red: beyond',
    track: `${BAR}px`,
    from: 760,
  },
  lost: {
    label: 'lost',
    tip: 'Values lost at the rails in the last run, as share, or count below 0.1 %',
    track: '64px',
    from: 0,
  },
  local: { label: 'local dB', tip: 'SQNR that the operator has with exact inputs', track: '62px', from: 680 },
  cost: { label: 'cost dB', tip: 'What the output of the LSTM gains if this alone were float', track: '60px', from: 440 },
};
const NUMERIC: ReadonlySet<Column> = new Set(['holds', 'seen', 'lost', 'local', 'cost']);

/** Everything that a recipe can change, with what is held, what was seen, what is lost and what it costs. */
export function FixTable(props: Props) {
  const { rows } = props.quantized;
  return (
    <section
      class="panel fix-table-panel"
      aria-label="What can be changed"
      data-testid="panel-fix-table"
      style={{ '--rows': `${HEAD + Math.max(1, rows.length) * ROW}px` }}
    >
      <header class="panel-title">
        <h2>What can be changed</h2>
        <span class="panel-detail">{plural(rows.length, 'value')}; costs overlap and do not add up</span>
      </header>
      <Sized class="fix-table">{({ width }) => <Grid {...props} width={width} />}</Sized>
    </section>
  );
}

function Grid({ quantized, report, isStale, selected, width }: Props & { readonly width: number }) {
  const inspector = useInspector();
  const scroller = useRef<HTMLDivElement>(null);
  const recipe = quantized.steps[quantized.step]?.recipe ?? PLAIN_RECIPE;
  const rows = useMemo(() => tableRows(quantized.rows, recipe, report), [quantized.rows, recipe, report]);
  const virtual = useVirtualRows(rows.length, ROW, scroller, HEAD);
  const columns = (Object.keys(COLUMNS) as Column[]).filter((column) => width >= COLUMNS[column].from);
  // The picture takes what numbers do not need.
  const barWidth = Math.max(BAR, Math.floor(width * 0.45) - 290);
  const at = rows.findIndex(({ row }) => row.id === selected);
  useLayoutEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at);
  }, [at]);
  const select = (index: number) => {
    const row = rows[Math.min(Math.max(0, index), rows.length - 1)]?.row;
    if (row) inspector.view({ fixRow: row.id });
  };
  const onKeyDown = (event: JSX.TargetedKeyboardEvent<HTMLElement>) => {
    const to = rowForKey(event.key, { at, rows: rows.length, page: pageOf(scroller.current, ROW, HEAD) });
    if (to !== null) select(to);
    else if (event.key === 'Enter')
      document
        .querySelector<HTMLElement>(
          '[data-testid="panel-row"] :is(vscode-dropdown, vscode-text-field, [role="radio"][tabindex="0"], vscode-checkbox)',
        )
        ?.focus();
    else return;
    event.preventDefault();
  };
  return (
    <div
      class="grid"
      role="grid"
      aria-label="What can be changed"
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      data-testid="fix-grid"
      ref={scroller}
      tabIndex={0}
      aria-activedescendant={at >= 0 && selected !== null ? elementId(selected) : undefined}
      style={{ '--tracks': columns.map((column) => (column === 'bar' ? `${barWidth}px` : COLUMNS[column].track)).join(' ') }}
      onKeyDown={onKeyDown}
    >
      <div class="grid-rows" role="presentation" style={{ height: `${virtual.totalSize}px` }}>
        <div class="grid-head" role="row" aria-rowindex={1}>
          {columns.map((column) => (
            <div key={column} role="columnheader" class={NUMERIC.has(column) ? 'numeric' : ''} data-tip={COLUMNS[column].tip}>
              {COLUMNS[column].label}
            </div>
          ))}
        </div>
        {virtual.items.map(({ index, start }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <div
              key={row.row.id}
              id={elementId(row.row.id)}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={index === at}
              class={`grid-row ${index === at ? 'selected' : ''} ${isPart(row.row) ? 'part' : ''}`}
              data-testid={`fix-row-${row.row.id}`}
              style={{ transform: `translateY(${start}px)` }}
              onClick={() => {
                select(index);
              }}
            >
              {columns.map((column) => (
                <div
                  key={column}
                  role="gridcell"
                  class={`${NUMERIC.has(column) ? 'figure small numeric' : ''} ${isStale && isMeasured(column) ? 'stale' : ''}`}
                >
                  <Cell column={column} row={row} barWidth={barWidth} />
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

const elementId = (row: string): string => `fix-${row.replaceAll(' ', '-')}`;
const isPart = ({ kind }: FixRow): boolean => kind === 'cell' || kind === 'gate' || kind === 'hidden';
const isMeasured = (column: Column): boolean => column === 'lost' || column === 'local' || column === 'cost';

function Cell({
  column,
  barWidth,
  row: { row, lost, localDb, costDb, isChanged, isKeptFloat },
}: {
  readonly column: Column;
  readonly barWidth: number;
  readonly row: TableRow;
}) {
  const { format, seen } = row;
  switch (column) {
    case 'value':
      return (
        <span class="fix-name" data-tip={rowLabel(row)}>
          {isPart(row) ? null : <span class="dim">{row.kind === 'input' ? 'input ' : `${row.lstm ?? row.opName ?? ''} `}</span>}
          <span>{partLabel(row)}</span>
          {isChanged ? <span class="badge">{isKeptFloat ? 'float' : 'changed'}</span> : null}
        </span>
      );
    case 'format':
      return (
        <span class={format === null ? 'dim' : ''} data-tip={formatDetail(row)}>
          {formatLabel(row)}
        </span>
      );
    case 'holds':
      return <>{format === null ? NOT_MEASURED : interval(format.low, format.high)}</>;
    case 'seen':
      return <>{seen === null ? NOT_MEASURED : interval(seen.min, seen.max)}</>;
    case 'bar':
      return (
        <RangeBar
          width={barWidth - 16}
          height={16}
          title={rowLabel(row)}
          summary={barSummary(row)}
          holds={format === null ? null : { min: format.low, max: format.high }}
          seen={seen}
          inner={seen?.inner ?? null}
        />
      );
    case 'lost':
      return (
        <span
          class={lost !== null && lost.count > 0 ? 'lost' : 'dim'}
          data-tip={lost === null ? undefined : `${count(lost.count)} of ${count(lost.values)} values`}
        >
          {lost === null ? NOT_MEASURED : shareOrCount(lost.count, lost.values)}
        </span>
      );
    case 'local':
      return <>{row.kind === 'tensor' ? decibel(localDb) : ''}</>;
    case 'cost':
      return <>{costDb === null ? '' : gain(costDb)}</>;
  }
}

/** Ends of a fixed-point format are whole but for one code; all others have three digits, so that they compare. */
const endText = (end: number): string => (Number.isInteger(Number(end.toPrecision(3))) ? bound(end) : real(end));

function interval(low: number, high: number): string {
  return `${endText(low)} to ${endText(high)}`;
}

function barSummary({ format, seen }: FixRow): string {
  if (seen === null) return 'no value seen';
  const saw = `saw ${interval(seen.min, seen.max)}`;
  return format === null ? saw : `${saw}, holds ${interval(format.low, format.high)}`;
}
