import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { INTEGER_RAILS } from '../../../../worker/core/model/dtype';
import type { TensorDetail, ValueGrid as Values } from '../../../../worker/core/report/detail';
import { code, count, scale, signedReal } from '../../../charts/format';
import { textWidth } from '../../../charts/textWidth';
import type { ValuesAs } from '../../../layersState';
import { useDetail } from '../../useDetail';
import { cellsInSight, MOST_COLUMNS, MOST_ROWS, piecesAround, rowLabel, type CellWindow, type Scrolled } from './gridWindow';

const CELL = { width: 78, height: 20 };
const HEAD = 20;
/** Of the row labels, at least. */
const SIDE = 76;
const LABEL = { size: 11, padding: 18 };

interface Props {
  readonly tensor: number;
  readonly sample: number | null;
  readonly about: string;
  readonly as: ValuesAs;
  /** Real size of one code; null where there are none, or one for each channel. */
  readonly codeSize: number | null;
}

/** Values of a tensor as a table that exists as far as it is in sight, and is asked for as far as that. */
export function ValueGrid({ tensor, sample, about, as, codeSize }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const [scrolled, setScrolled] = useState<Scrolled>({ top: 0, left: 0, width: 400, height: 300 });
  const [size, setSize] = useState({ rows: 1, columns: 1 });
  const shownRows = Math.min(size.rows, MOST_ROWS);
  const shownColumns = Math.min(size.columns, MOST_COLUMNS);
  const sight = cellsInSight(scrolled, CELL, shownRows, shownColumns);
  const asked = piecesAround(sight, Math.max(32, shownRows), Math.max(16, shownColumns));
  const { detail, waiting, problem } = useDetail('tensorDetail', about, { tensor, sample, grid: asked });
  useLayoutEffect(() => {
    if (detail) setSize({ rows: detail.rows, columns: detail.columns });
  }, [detail?.rows, detail?.columns]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const look = () => {
      const { scrollTop: top, scrollLeft: left, clientWidth, clientHeight } = element;
      setScrolled({ top, left, width: clientWidth - SIDE, height: clientHeight - HEAD });
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);
  if (problem !== null) return <p class="dim">{problem}</p>;
  const side = detail === null ? SIDE : sideOf(detail);
  const isCut = size.rows > MOST_ROWS || size.columns > MOST_COLUMNS;
  return (
    <>
      <div
        class="value-grid"
        ref={scroller}
        role="table"
        tabIndex={0}
        aria-label="Values"
        aria-rowcount={size.rows + 1}
        aria-colcount={size.columns + 1}
        aria-busy={waiting}
        data-testid="value-grid"
        onScroll={(event) => {
          const { scrollTop: top, scrollLeft: left, clientWidth, clientHeight } = event.currentTarget;
          setScrolled({ top, left, width: clientWidth - SIDE, height: clientHeight - HEAD });
        }}
      >
        <div
          style={{ width: `${side + shownColumns * CELL.width}px`, height: `${HEAD + shownRows * CELL.height}px` }}
          role="presentation"
        >
          {detail?.grid ? (
            <Cells detail={detail} grid={detail.grid} sight={sight} side={side} as={as} codeSize={codeSize} />
          ) : null}
        </div>
      </div>
      <p class="caption" data-testid="value-range">
        {detail?.grid ? rangeText(detail.grid, sight, as) : 'Reading the values…'}
        {isCut ? ` Shown are the first ${count(shownRows)} rows of ${count(size.rows)}, ${count(shownColumns)} columns.` : ''}
      </p>
    </>
  );
}

/** Wide enough for the last row's label, whose indices have the most digits. */
function sideOf({ shape, rows }: TensorDetail): number {
  return Math.max(SIDE, Math.ceil(textWidth(rowLabel(shape, rows - 1), LABEL.size, { mono: true })) + LABEL.padding);
}

interface CellsProps {
  readonly detail: TensorDetail;
  readonly grid: Values;
  readonly sight: CellWindow;
  /** Width of the row labels. */
  readonly side: number;
  readonly as: ValuesAs;
  readonly codeSize: number | null;
}

function Cells({ detail, grid, sight, side, as, codeSize }: CellsProps) {
  const rows = numbers(sight.rows);
  const columns = numbers(sight.columns);
  const rails = INTEGER_RAILS[detail.dtype];
  return (
    <>
      <div class="value-head" role="row" aria-rowindex={1} style={{ width: `${side + detail.columns * CELL.width}px` }}>
        <span role="columnheader" class="value-corner" style={{ width: `${side}px` }} aria-colindex={1}>
          row
        </span>
        {columns.map((column) => (
          <span
            role="columnheader"
            key={column}
            aria-colindex={column + 2}
            class="figure small"
            style={{ left: `${side + column * CELL.width}px` }}
          >
            {count(column)}
          </span>
        ))}
      </div>
      {rows.map((row) => (
        <div key={row} role="row" aria-rowindex={row + 2} class="value-row" style={{ top: `${HEAD + row * CELL.height}px` }}>
          <span role="rowheader" aria-colindex={1} class="figure small" style={{ width: `${side}px` }}>
            {rowLabel(detail.shape, row) || '0'}
          </span>
          {columns.map((column) => {
            const at = placeOf(grid, row, column);
            const mark = at === null ? '' : railMark(grid, at, rails, codeSize);
            return (
              <span
                role="cell"
                key={column}
                aria-colindex={column + 2}
                class={`figure small ${mark}`}
                {...(mark === '' ? {} : { 'data-tip': RAIL_TIPS[mark] })}
                style={{ left: `${side + column * CELL.width}px` }}
              >
                {at === null ? '' : valueText(grid, at, as)}
              </span>
            );
          })}
        </div>
      ))}
    </>
  );
}

/** With room for the rounding of a stored scale. */
const ONE_CODE = 1.001;

const RAIL_TIPS = {
  'at-rail': 'At a rail, as far as float goes: nothing is lost',
  lost: 'At a rail, and float goes beyond',
} as const;

/** `lost`: the value lies at a rail and float, where it is known, beyond it by more than one code, as the report counts losses. */
function railMark(
  grid: Values,
  at: number,
  rails: readonly [number, number] | undefined,
  scale: number | null,
): '' | keyof typeof RAIL_TIPS {
  const own = grid.codes?.[at];
  if (rails === undefined || own === undefined) return '';
  const side = own <= rails[0] ? -1 : own >= rails[1] ? 1 : 0;
  if (side === 0) return '';
  const [float, stored] = [grid.float?.[at], grid.reals[at]];
  if (float === undefined || stored === undefined || scale === null) return 'at-rail';
  return side * (float - stored) > ONE_CODE * scale ? 'lost' : 'at-rail';
}

const numbers = ({ from, to }: CellWindow['rows']): readonly number[] => Array.from({ length: to - from }, (_, k) => from + k);

/** Place in the answer; null where it does not cover the cell. */
function placeOf({ rows, columns }: Values, row: number, column: number): number | null {
  if (row < rows.from || row >= rows.to || column < columns.from || column >= columns.to) return null;
  return (row - rows.from) * (columns.to - columns.from) + column - columns.from;
}

function valueOf(grid: Values, at: number, as: ValuesAs): number | null {
  const stored = grid.reals[at] ?? null;
  const float = grid.float?.[at] ?? null;
  switch (as) {
    case 'float':
      return float;
    case 'quantized':
      return stored;
    case 'difference':
      return stored === null || float === null ? null : stored - float;
    case 'codes':
      return grid.codes?.[at] ?? null;
  }
}

function valueText(grid: Values, at: number, as: ValuesAs): string {
  const value = valueOf(grid, at, as);
  if (value === null) return '–';
  return as === 'codes' ? code(value) : as === 'difference' ? signedReal(value) : scale(value);
}

/** What is in sight, from the lowest to the highest. */
function rangeText(grid: Values, sight: CellWindow, as: ValuesAs): string {
  let [low, high] = [Infinity, -Infinity];
  for (const row of numbers(sight.rows)) {
    for (const column of numbers(sight.columns)) {
      const at = placeOf(grid, row, column);
      const value = at === null ? null : valueOf(grid, at, as);
      if (value === null) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) return 'No values here.';
  const text = as === 'codes' ? code : signedReal;
  const { rows, columns } = sight;
  return `In sight: ${text(low)} to ${text(high)}; rows ${count(rows.from)} – ${count(rows.to - 1)}, columns ${count(columns.from)} – ${count(columns.to - 1)}.`;
}
