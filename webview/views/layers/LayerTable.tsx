import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { sameOp } from '../../derived';
import { Icon } from '../../ui/Icon';
import { Sized } from '../../ui/Sized';
import { pageOf, rowForKey } from '../../ui/rowKeys';
import { useVirtualRows } from '../../ui/useVirtualRows';
import type { LayerColumn, ViewState } from '../../viewState';
import { modeOf, selectRow, type SelectMode } from './selection';
import { useInspector } from '../InspectorContext';
import { COLUMNS, columnLabel, layoutTable, shownColumns, textWidths, type Measured } from './columns';
import { LayerCells } from './LayerCells';
import { errorBars, type LayerRow } from './layerRows';

/** Height of a row, in px. */
export const LAYER_ROW = 22;
const HEAD = 25;

interface Props {
  /** Filtered and sorted. */
  readonly rows: readonly LayerRow[];
  readonly all: readonly LayerRow[];
  readonly view: ViewState;
  readonly measured: Measured;
  readonly targetLabel: string;
  readonly selected: LayerRow | null;
  /** Ids of rows that a brush leaves; the others fade. Null: no brush. */
  readonly brushed: ReadonlySet<string> | null;
  readonly hover: string | null;
  readonly onHover: (id: string | null) => void;
}

/** The operators as a grid: rows exist while they are in sight; one tab stop, arrows move the selection, with Shift they widen it. */
export function LayerTable(props: Props) {
  return <Sized class="layer-table">{({ width }) => <Grid {...props} width={width} />}</Sized>;
}

function Grid(props: Props & { readonly width: number }) {
  const { rows, all, view, measured, targetLabel, selected, brushed, hover, onHover, width } = props;
  const inspector = useInspector();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualRows(rows.length, LAYER_ROW, scroller, HEAD);
  const texts = useMemo(() => textWidths(all), [all]);
  const columns = useMemo(
    () => shownColumns(width, view.hiddenColumns, measured, texts, view.layers.metrics),
    [width, view.hiddenColumns, measured, texts, view.layers.metrics],
  );
  const layout = useMemo(() => layoutTable(columns, width, texts), [columns, width, texts]);
  const bars = useMemo(() => errorBars(all), [all]);
  const at = selected ? rows.findIndex((row) => sameOp(row, selected)) : -1;
  useLayoutEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at);
  }, [at]);
  const point = useSettled(onHover);
  const also = useMemo(() => new Set(view.layers.also), [view.layers.also]);
  /** Where a range begins: the row last chosen by itself. */
  const anchor = useRef<string | null>(null);
  const take = (current: string | null, others: readonly string[]) => {
    const row = rows.find(({ id }) => id === current) ?? all.find(({ id }) => id === current);
    inspector.view({
      layer: row ? { subgraph: row.subgraph, index: row.index } : null,
      layers: { ...view.layers, also: others },
    });
  };
  const select = (index: number, mode: SelectMode = 'one') => {
    const row = rows[Math.min(Math.max(0, index), rows.length - 1)];
    if (!row) return;
    const before = { current: selected?.id ?? null, also: view.layers.also };
    const order = mode === 'range' ? rows.map(({ id }) => id) : [];
    const next = selectRow(order, before, row.id, mode, anchor.current);
    if (mode !== 'range') anchor.current = row.id;
    take(next.current, next.also);
  };
  const onKeyDown = (event: JSX.TargetedKeyboardEvent<HTMLElement>) => {
    const to = rowForKey(event.key, { at, rows: rows.length, page: pageOf(scroller.current, LAYER_ROW, HEAD) });
    const isAll = event.key === 'a' && (event.ctrlKey || event.metaKey);
    if (to !== null) select(to, event.shiftKey ? 'range' : 'one');
    else if (isAll) {
      const [first, ...others] = rows.map(({ id }) => id);
      const current = selected?.id ?? first ?? null;
      take(
        current,
        [first, ...others].filter((id): id is string => id !== undefined && id !== current),
      );
    } else if (event.key === 'Enter' && selected?.isLstm) inspector.openLstm(selected);
    else return;
    event.preventDefault();
  };
  return (
    <div
      class="grid"
      role="grid"
      aria-label="Layers"
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      aria-multiselectable="true"
      data-testid="layer-grid"
      ref={scroller}
      tabIndex={0}
      aria-activedescendant={at >= 0 && selected ? `layer-${selected.id}` : undefined}
      style={{ '--tracks': layout.tracks }}
      onKeyDown={onKeyDown}
    >
      <div class="grid-rows" role="presentation" style={{ height: `${virtual.totalSize}px` }}>
        <div class="grid-head" role="row" aria-rowindex={1}>
          {columns.map((column) => (
            <HeadCell key={column} column={column} sort={view.sort} label={columnLabel(column, measured, targetLabel)} />
          ))}
        </div>
        {virtual.items.map(({ index, start }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <div
              key={row.id}
              id={`layer-${row.id}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={index === at || also.has(row.id)}
              class={rowClass({
                selected: index === at,
                also: also.has(row.id),
                opens: row.isLstm,
                aside: brushed !== null && !brushed.has(row.id),
                hovered: row.id === hover,
              })}
              data-testid={`layer-row-${row.id}`}
              style={{ transform: `translateY(${start}px)` }}
              onClick={(event) => {
                select(index, modeOf(event));
              }}
              onDblClick={() => {
                if (row.isLstm) inspector.openLstm(row);
              }}
              onPointerEnter={() => {
                point(row.id);
              }}
              onPointerLeave={() => {
                point(null);
              }}
            >
              <LayerCells row={row} columns={columns} bars={bars} outputWidth={layout.outputWidth} />
            </div>
          );
        })}
      </div>
      {rows.length === 0 ? (
        <p class="nothing">{view.filter === '' ? 'No op is left by the filters.' : `No op matches “${view.filter}”.`}</p>
      ) : null}
    </div>
  );
}

/** How long the pointer rests on a row before anything else follows it. */
const REST_MS = 40;

/** Tells of the last of several calls in quick succession, as while rows scroll past the pointer. */
function useSettled(tell: (id: string | null) => void): (id: string | null) => void {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
    },
    [],
  );
  return (id) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      tell(id);
    }, REST_MS);
  };
}

function rowClass(states: Readonly<Record<string, boolean>>): string {
  return ['grid-row', ...Object.entries(states).flatMap(([name, holds]) => (holds ? [name] : []))].join(' ');
}

function HeadCell(props: { readonly column: LayerColumn; readonly sort: ViewState['sort']; readonly label: string }) {
  const inspector = useInspector();
  const { column, sort, label } = props;
  const sorted = sort.column === column;
  return (
    <div
      role="columnheader"
      aria-sort={sorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}
      class={COLUMNS[column].numeric && column !== 'index' ? 'numeric' : ''}
    >
      <button
        type="button"
        data-testid={`sort-${column}`}
        data-tip={column === 'histogram' ? 'Sorts by the bits in use' : `Sort by ${label}`}
        onClick={() => {
          inspector.view({ sort: { column, descending: sorted ? !sort.descending : false } });
        }}
      >
        {label}
        {sorted ? <Icon name={sort.descending ? 'arrow-down' : 'arrow-up'} size={10} /> : null}
      </button>
    </div>
  );
}
