import type { Confusion, ConfusionCell } from '../../worker/core/report/task/taskReport';
import { count } from '../charts/format';

export interface ConfusionTableProps {
  readonly confusion: Confusion;
  readonly quantizedPath: 'int8' | 'hybrid' | null;
  /** Picked out: places in `confusion.texts`. */
  readonly picked?: { readonly expected: number; readonly answered: number } | null;
  /** Makes cells buttons. */
  readonly onPick?: (cell: ConfusionCell) => void;
}

/**
 * What was answered (columns) for what (rows): counts of the quantized path, and float's beside them where they differ. The stronger a
 * cell's grey, the larger its share of the row; what is off the diagonal and more often quantized than in float is framed.
 */
export function ConfusionTable({ confusion, quantizedPath, picked = null, onPick }: ConfusionTableProps) {
  const { texts, cells } = confusion;
  const at = new Map(cells.map((cell) => [`${cell.expected}/${cell.answered}`, cell]));
  const countOf = (cell: ConfusionCell) => cell.quantized ?? cell.float;
  const totals = texts.map((_, row) =>
    cells.reduce((sum, cell) => (cell.expected === row ? sum + Math.max(cell.float, countOf(cell)) : sum), 0),
  );
  return (
    <table class="confusion" aria-label={`What was answered for what, ${quantizedPath ?? 'float'} and float`}>
      <thead>
        <tr>
          <td class="dim small">expected ↓</td>
          {texts.map((text) => (
            <th scope="col" key={text}>
              {partText(text)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {texts.map((text, row) => (
          <tr key={text}>
            <th scope="row">{partText(text)}</th>
            {texts.map((_, column) => {
              const cell = at.get(`${row}/${column}`);
              if (!cell) return <td key={column} />;
              const share = countOf(cell) / Math.max(1, totals[row] ?? 1);
              const isWorse = row !== column && cell.quantized !== null && cell.quantized > cell.float;
              const isPicked = picked?.expected === row && picked.answered === column;
              return (
                <td
                  key={column}
                  class={isWorse ? 'worse' : ''}
                  style={{ background: `color-mix(in srgb, var(--gs-fg) ${Math.round(share * 28)}%, transparent)` }}
                >
                  {onPick ? (
                    <button
                      type="button"
                      aria-pressed={isPicked}
                      aria-label={describeCell(confusion, cell, quantizedPath)}
                      onClick={() => {
                        onPick(cell);
                      }}
                    >
                      <Counts cell={cell} />
                    </button>
                  ) : (
                    <Counts cell={cell} />
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The quantized count; before it float's where it is another. */
function Counts({ cell: { float, quantized } }: { readonly cell: ConfusionCell }) {
  if (quantized === null || quantized === float) return <span class="figure">{count(float)}</span>;
  return (
    <span class="figure">
      <span class="dim">{count(float)}→</span>
      {count(quantized)}
    </span>
  );
}

/** `9 answered for 5: float 2, int8 7`. */
export function describeCell({ texts }: Confusion, cell: ConfusionCell, quantizedPath: 'int8' | 'hybrid' | null): string {
  const [expected, answered] = [partText(texts[cell.expected] ?? ''), partText(texts[cell.answered] ?? '')];
  const quantized = cell.quantized === null ? '' : `, ${quantizedPath ?? 'quantized'} ${count(cell.quantized)}`;
  const what = cell.expected === cell.answered ? `${expected} answered rightly` : `${answered} answered for ${expected}`;
  return `${what}: float ${count(cell.float)}${quantized}`;
}

/** The empty text stands for no part at all. */
export function partText(text: string): string {
  return text === '' ? 'nothing' : text;
}
