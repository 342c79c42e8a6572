import { memo } from 'preact/compat';
import type { OperatorInfo } from '../../../worker/core/report/overview';
import { count, percent } from '../../charts/format';
import { opId } from '../../derived';
import type { MatrixRow } from './matrixRows';
import { stretchMark } from './matrixRows';
import { bracketOf, goesOn, isHandOver, opName, type TargetColumn } from './placements';
import { VerdictMark, verdictText } from './VerdictMark';

interface Shared {
  readonly columns: readonly TargetColumn[];
  /** Column that the keyboard stands on; -1: none in this row, or the row's own head. */
  readonly active: number;
  /** Names of targets, with spaces between: a text, so that a row that stays in sight is not drawn again. */
  readonly tinted: string;
  readonly filtered: boolean;
}

export const isTinted = (tinted: string, name: string): boolean => tinted.split(' ').includes(name);

export const cellId = (rowId: string, column: string): string => `cell-${rowId}-${column}`;

/** The marks of one operator. A row that stays in sight is not drawn again while others come and go. */
export const OpCells = memo(
  (
    props: Shared & {
      readonly op: OperatorInfo;
      readonly rowId: string;
      readonly position: number;
      readonly filtered: boolean;
      readonly cut: boolean;
    },
  ) => {
    const { op, rowId, position, columns, active, tinted, filtered } = props;
    return (
      <>
        <div role="rowheader" class="cell" data-tip={props.cut ? op.op : undefined}>
          <span class="figure dim op-index">{opName(op)}</span> {op.op}
        </div>
        {columns.map((column, at) => {
          const mark = column.marks[position] ?? 'unverified';
          const handOver = !filtered && isHandOver(column, position);
          const bracket = filtered ? null : bracketOf(column, position);
          const differs = column.log?.[position]?.agrees === false;
          const name = `${column.placement.label}: ${verdictText(mark)}${handOver ? ', hand-over' : ''}${differs ? ', not as in the log' : ''}`;
          const classes = [
            'cell place',
            handOver ? 'hand-over' : '',
            bracket === null ? '' : `bracket ${bracket}`,
            differs ? 'differs' : '',
            at === active ? 'active' : '',
            isTinted(tinted, column.name) ? 'in-focus' : '',
          ];
          return (
            <div
              key={column.name}
              id={cellId(rowId, column.name)}
              role="gridcell"
              aria-selected={at === active}
              aria-label={name}
              class={classes.filter(Boolean).join(' ')}
              data-column={at}
              data-testid={`place-${column.name}-${opId(op)}`}
              data-verdict={mark}
            >
              <VerdictMark mark={mark} />
            </div>
          );
        })}
      </>
    );
  },
);

/** The head of a stretch; folded, with the share of it that each target takes. */
export const StretchCells = memo(
  ({ row, columns, active, tinted, filtered }: Shared & { readonly row: Extract<MatrixRow, { kind: 'stretch' }> }) => {
    const { stretch, folded, found, id } = row;
    const total = stretch.end - stretch.start;
    return (
      <>
        <div role="rowheader" class="cell stretch-title" id={cellId(id, '')}>
          <i class={`codicon codicon-chevron-${folded ? 'right' : 'down'}`} aria-hidden="true" /> {stretch.title}{' '}
          <span class="dim">{found === total ? count(total) : `${count(found)} of ${count(total)}`}</span>
        </div>
        {columns.map((column, at) => {
          const { mark, native, rejects } = stretchMark(column, stretch);
          const words = mark === null ? `${percent(native)} native${rejects ? ', rejects the model' : ''}` : verdictText(mark);
          return (
            <div
              key={column.name}
              id={cellId(id, column.name)}
              role="gridcell"
              aria-selected={at === active}
              aria-label={`${column.placement.label}: ${words}`}
              class={`cell place ${at === active ? 'active' : ''} ${isTinted(tinted, column.name) ? 'in-focus' : ''} ${!filtered && !folded && goesOn(column, stretch.start) ? 'bracket middle' : ''}`}
              data-column={at}
              data-testid={`stretch-${column.name}-${stretch.id}`}
            >
              {!folded ? null : mark !== null && mark !== 'native' && mark !== 'fallback' ? (
                <VerdictMark mark={mark} />
              ) : rejects ? (
                <VerdictMark mark="rejected" />
              ) : (
                <span class="share" aria-hidden="true" data-tip={words}>
                  <i style={{ width: `${native * 100}%` }} />
                </span>
              )}
            </div>
          );
        })}
      </>
    );
  },
);
