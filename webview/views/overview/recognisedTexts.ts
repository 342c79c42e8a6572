import type { RecognisedInfo } from '../../../worker/core/report/overview';
import { count } from '../../charts/format';
import { plural } from '../text';

/** `1 LSTM found in 413 small operators.` */
export function foundText(cells: readonly RecognisedInfo[]): string {
  const of = (kind: RecognisedInfo['kind'], name: string) => {
    const number = cells.filter((cell) => cell.kind === kind).length;
    return number === 0 ? [] : [plural(number, name)];
  };
  const operators = cells.reduce((sum, cell) => sum + operatorsOf(cell), 0);
  return `${[...of('lstm', 'LSTM'), ...of('gru', 'GRU')].join(' and ')} found in ${plural(operators, 'small operator')}.`;
}

/** What the button says that shows them. */
export function showText(cells: readonly RecognisedInfo[]): string {
  const kinds = new Set(cells.map(({ kind }) => kind));
  const [only] = kinds.size === 1 ? kinds : [];
  return only === undefined ? 'Show as Cells' : `Show as ${only.toUpperCase()} Cells`;
}

function operatorsOf({ ops, body }: RecognisedInfo): number {
  return body === null ? ops.length : body.ops.length;
}

/** `unrolled, 28 steps in 413 operators, backward` */
export function formText(cell: RecognisedInfo): string {
  const operators = count(operatorsOf(cell));
  const form =
    cell.form === 'loop'
      ? `WHILE loop, ${plural(cell.steps, 'step')} of ${operators} operators`
      : cell.steps === 1
        ? `one step in ${operators} operators`
        : `unrolled, ${plural(cell.steps, 'step')} in ${operators} operators`;
  const more = [cell.direction === 'backward' ? 'backward' : null, cell.sigmoid === 'hard' ? 'hard sigmoid' : null];
  return [form, ...more.filter((part) => part !== null)].join(', ');
}
