import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { OperatorInfo } from '../../../worker/core/report/overview';
import { opId, sameOp } from '../../derived';
import { Sized } from '../../ui/Sized';
import { useVirtualRows } from '../../ui/useVirtualRows';
import { VerdictMark, verdictText } from './VerdictMark';
import type { Placement } from '../../viewState';
import { useInspector } from '../InspectorContext';
import { isHandOver, markOf, type TargetColumn } from './placements';
import { layoutMatrix } from './matrixLayout';

/** Height of a row, in px. */
export const MATRIX_ROW = 22;

interface Props {
  readonly ops: readonly OperatorInfo[];
  /** Neighbouring rows are then no neighbours in the file: no hand-overs are marked. */
  readonly filtered: boolean;
  readonly columns: readonly TargetColumn[];
  readonly selected: Placement | null;
}

/** One mark per operator and target; rows exist while they are in sight, arrows move over the cells. */
export function TargetMatrix(props: Props) {
  return <Sized class="matrix-sized">{({ width }) => <Matrix {...props} width={width} />}</Sized>;
}

function Matrix({ ops, filtered, columns, selected, width }: Props & { readonly width: number }) {
  const inspector = useInspector();
  const scroller = useRef<HTMLDivElement>(null);
  const layout = useMemo(
    () =>
      layoutMatrix(
        width,
        [...new Set(ops.map(({ op }) => op))],
        columns.map(({ placement }) => placement.label),
      ),
    [width, ops, columns],
  );
  const virtual = useVirtualRows(ops.length, MATRIX_ROW, scroller, layout.head);
  const at = ops.findIndex((op) => sameOp(op, selected));
  const columnAt = columns.findIndex(({ name }) => name === selected?.target);
  useLayoutEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at);
  }, [at]);
  const select = (row: number, column: number) => {
    const op = ops[Math.min(Math.max(0, row), ops.length - 1)];
    const target = columns[Math.min(Math.max(0, column), columns.length - 1)];
    if (op && target) inspector.view({ placement: { target: target.name, subgraph: op.subgraph, index: op.index } });
  };
  const onKeyDown = (event: JSX.TargetedKeyboardEvent<HTMLElement>) => {
    const column = Math.max(0, columnAt);
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - layout.head) / MATRIX_ROW) - 1);
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowDown: [at + 1, column],
      ArrowUp: [at - 1, column],
      ArrowLeft: [at, columnAt - 1],
      ArrowRight: [at, columnAt + 1],
      PageDown: [at + page, column],
      PageUp: [at - page, column],
      Home: [0, column],
      End: [ops.length - 1, column],
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    select(...move);
  };
  return (
    <div
      class={`grid matrix ${layout.upright ? 'upright' : ''}`}
      role="grid"
      aria-label="Ops by targets"
      aria-rowcount={ops.length + 1}
      aria-colcount={columns.length + 1}
      data-testid="target-grid"
      ref={scroller}
      tabIndex={0}
      aria-activedescendant={at >= 0 && columnAt >= 0 && selected ? `place-${selected.target}-${opId(selected)}` : undefined}
      style={{ '--tracks': layout.tracks, '--head': `${layout.head}px` }}
      onKeyDown={onKeyDown}
    >
      <div class="grid-rows" role="presentation" style={{ height: `${virtual.totalSize}px` }}>
        <div class="grid-head" role="row" aria-rowindex={1}>
          <div role="columnheader">op</div>
          {columns.map(({ name, placement }) => (
            <div role="columnheader" key={name} class="target-name" data-tip={`${placement.label} ${placement.version}`}>
              <span>{placement.label}</span>
            </div>
          ))}
        </div>
        {virtual.items.map(({ index, start }) => {
          const op = ops[index];
          if (!op) return null;
          return (
            <div
              key={opId(op)}
              role="row"
              aria-rowindex={index + 2}
              class={`grid-row ${index === at ? 'selected' : ''}`}
              style={{ transform: `translateY(${start}px)` }}
            >
              <div role="rowheader" class="cell" data-tip={layout.cut ? op.op : undefined}>
                <span class="figure dim op-index">{op.subgraph === 0 ? op.index : `${op.subgraph}:${op.index}`}</span> {op.op}
              </div>
              {columns.map((column, columnIndex) => {
                const mark = markOf(column.byOp.get(opId(op)));
                const handOver = !filtered && isHandOver(column, ops[index - 1], op);
                const active = index === at && columnIndex === columnAt;
                return (
                  <div
                    key={column.name}
                    id={`place-${column.name}-${opId(op)}`}
                    role="gridcell"
                    aria-selected={active}
                    aria-label={`${verdictText(mark)}${handOver ? ', hand-over' : ''}`}
                    class={`cell place ${handOver ? 'hand-over' : ''} ${active ? 'active' : ''}`}
                    data-testid={`place-${column.name}-${opId(op)}`}
                    data-verdict={mark}
                    onClick={() => {
                      select(index, columnIndex);
                    }}
                  >
                    <VerdictMark mark={mark} />
                  </div>
                );
              })}
            </div>
          );
        })}
      </div>
      {ops.length === 0 ? <p class="nothing">No op does.</p> : null}
    </div>
  );
}
