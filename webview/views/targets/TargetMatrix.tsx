import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { OperatorInfo } from '../../../worker/core/report/overview';
import { sameOp } from '../../derived';
import { Sized } from '../../ui/Sized';
import { useVirtualRows } from '../../ui/useVirtualRows';
import type { Placement } from '../../viewState';
import { useInspector } from '../InspectorContext';
import { layoutMatrix } from './matrixLayout';
import { cellId, isTinted, OpCells, StretchCells } from './RowCells';
import type { MatrixRow } from './matrixRows';
import type { TargetColumn } from './placements';

/** Height of a row, in px. */
export const MATRIX_ROW = 22;

interface Props {
  readonly ops: readonly OperatorInfo[];
  readonly rows: readonly MatrixRow[];
  /** Neighbouring rows are then no neighbours in the file: no hand-overs are marked. */
  readonly filtered: boolean;
  readonly columns: readonly TargetColumn[];
  readonly selected: Placement | null;
  /** Targets whose columns are tinted, with spaces between. */
  readonly tinted: string;
  readonly nothing: string;
}

/** Where the keyboard stands: a row, and a column; -1 is the row's head. */
interface Cursor {
  readonly row: string;
  readonly column: number;
}

/** One mark per operator and target; rows exist while they are in sight, arrows move over the cells. */
export function TargetMatrix(props: Props) {
  return <Sized class="matrix-sized">{({ width }) => <Matrix {...props} width={width} />}</Sized>;
}

function Matrix({ ops, rows, filtered, columns, selected, tinted, nothing, width }: Props & { readonly width: number }) {
  const inspector = useInspector();
  const scroller = useRef<HTMLDivElement>(null);
  const names = useMemo(() => [...new Set(ops.map(({ op }) => op))], [ops]);
  const layout = useMemo(
    () =>
      layoutMatrix(
        width,
        names,
        columns.map(({ placement }) => placement.label),
      ),
    [width, names, columns],
  );
  const virtual = useVirtualRows(rows.length, MATRIX_ROW, scroller, layout.head);
  const [standing, setStanding] = useState<Cursor | null>(null);
  const selectedCursor = cursorOf(selected, ops, columns);
  // The head of a stretch is no place in the model: only the page knows that the keyboard stands on it.
  const cursor = standing ?? selectedCursor;
  const at = cursor === null ? -1 : rows.findIndex(({ id }) => id === cursor.row);
  const column = cursor?.column ?? -1;
  useLayoutEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at);
  }, [at]);
  const fold = (row: MatrixRow | undefined) => {
    if (row?.kind !== 'stretch') return;
    const { foldedStretches } = inspector.store.state.view;
    const others = foldedStretches.filter((id) => id !== row.stretch.id);
    inspector.view({ foldedStretches: row.folded ? others : [...others, row.stretch.id] });
  };
  const move = (toRow: number, toColumn: number) => {
    const row = rows[Math.min(Math.max(0, toRow), rows.length - 1)];
    if (!row) return;
    const next = Math.min(Math.max(row.kind === 'stretch' ? -1 : 0, toColumn), columns.length - 1);
    const target = columns[next]?.name;
    const op = row.kind === 'op' ? ops[row.position] : undefined;
    setStanding(op ? null : { row: row.id, column: next });
    if (op && target !== undefined) inspector.view({ target, placement: { target, subgraph: op.subgraph, index: op.index } });
  };
  const onKeyDown = (event: JSX.TargetedKeyboardEvent<HTMLElement>) => {
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - layout.head) / MATRIX_ROW) - 1);
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowDown: [at + 1, column],
      ArrowUp: [at - 1, column],
      ArrowLeft: [at, column - 1],
      ArrowRight: [at, column + 1],
      PageDown: [at + page, column],
      PageUp: [at - page, column],
      Home: [event.ctrlKey ? 0 : at, 0],
      End: [event.ctrlKey ? rows.length - 1 : at, columns.length - 1],
    };
    const to = moves[event.key];
    if (to) move(...to);
    else if (event.key === 'Enter' || event.key === ' ') fold(rows[at]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onClick = (event: JSX.TargetedMouseEvent<HTMLElement>) => {
    const from = event.target instanceof Element ? event.target : null;
    const row = Number(from?.closest('[data-row]')?.getAttribute('data-row') ?? NaN);
    if (!Number.isInteger(row)) return;
    const chosen = Number(from?.closest('[data-column]')?.getAttribute('data-column') ?? -1);
    move(row, chosen);
    fold(rows[row]);
  };
  return (
    <div
      class={`grid matrix ${layout.upright ? 'upright' : ''}`}
      role="treegrid"
      aria-label="Ops by targets"
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
      data-testid="target-grid"
      ref={scroller}
      tabIndex={0}
      aria-activedescendant={at >= 0 && cursor !== null ? cellId(cursor.row, columns[column]?.name ?? '') : undefined}
      style={{ '--tracks': layout.tracks, '--head': `${layout.head}px` }}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <div class="grid-rows" role="presentation" style={{ height: `${virtual.totalSize}px`, minWidth: `${layout.width}px` }}>
        <div class="grid-head" role="row" aria-rowindex={1}>
          <div role="columnheader">op</div>
          {columns.map(({ name, placement }) => (
            <div role="columnheader" key={name} class={`target-name ${isTinted(tinted, name) ? 'in-focus' : ''}`}>
              <button
                type="button"
                tabIndex={-1}
                data-tip={`${placement.label} ${placement.version}`}
                data-testid={`column-${name}`}
                onClick={() => {
                  setStanding(null);
                  inspector.view({ target: name, placement: null });
                }}
              >
                {placement.label}
              </button>
            </div>
          ))}
        </div>
        {virtual.items.map(({ index, start }) => {
          const row = rows[index];
          if (!row) return null;
          const op = row.kind === 'op' ? ops[row.position] : undefined;
          const shared = { columns, tinted, filtered, active: index === at ? column : -2 };
          return (
            <div
              key={row.id}
              role="row"
              aria-rowindex={index + 2}
              aria-level={row.kind === 'stretch' || rows[0]?.kind === 'op' ? 1 : 2}
              aria-expanded={row.kind === 'stretch' ? !row.folded : undefined}
              data-row={index}
              data-testid={row.kind === 'stretch' ? `stretch-row-${row.stretch.id}` : undefined}
              class={`grid-row ${row.kind === 'stretch' ? 'stretch' : ''} ${index === at ? 'selected' : ''} ${index === at && column < 0 ? 'on-head' : ''}`}
              style={{ transform: `translateY(${start}px)` }}
            >
              {row.kind === 'stretch' ? <StretchCells {...shared} row={row} /> : null}
              {row.kind === 'op' && op ? (
                <OpCells {...shared} op={op} rowId={row.id} position={row.position} cut={layout.cut} />
              ) : null}
            </div>
          );
        })}
      </div>
      {rows.length === 0 ? <p class="nothing">{nothing}</p> : null}
    </div>
  );
}

function cursorOf(selected: Placement | null, ops: readonly OperatorInfo[], columns: readonly TargetColumn[]): Cursor | null {
  if (selected === null) return null;
  const position = ops.findIndex((op) => sameOp(op, selected));
  const column = columns.findIndex(({ name }) => name === selected.target);
  return position < 0 || column < 0 ? null : { row: `op-${position}`, column };
}
