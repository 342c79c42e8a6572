import type { Calibration } from '../calibration/calibration';
import type { ValueStatistics } from '../calibration/valueStatistics';
import { GATE_LETTERS, GATES } from '../lstm/signals';
import { LSTM_OUTPUTS, lstmOperatorOf } from '../model/lstmOperands';
import { ABSENT, type Graph } from '../model/model';

/** What a calibration saw of the value that a row is about (see FixRow.id); null where it saw none, or there is no such row. */
export function rowStatistics({ tensors, lstms }: Calibration, graph: Graph, id: string): ValueStatistics | null {
  const input = /^input (\d+)$/.exec(id)?.[1];
  if (input !== undefined) return tensors[graph.inputs[Number(input)] ?? ABSENT]?.values ?? null;
  const [, number, part] = /^op (\d+) (\d+|[ifgocm])$/.exec(id) ?? [];
  const operator = graph.operators[Number(number ?? ABSENT)];
  if (operator === undefined || part === undefined) return null;
  const kind = lstmOperatorOf(operator);
  const [cell] = lstms.get(operator.index) ?? [];
  if (/^\d+$/.test(part)) {
    const own = tensors[operator.outputs[Number(part)] ?? ABSENT]?.values ?? null;
    if (kind !== 'sequence' && kind !== 'step') return own;
    return (Number(part) === LSTM_OUTPUTS.lastCell ? cell?.cell : cell?.output) ?? own;
  }
  if (cell === undefined) return null;
  if (part === 'c') return cell.cell;
  if (part === 'm') return cell.hidden;
  const gate = GATES.find((name) => GATE_LETTERS[name] === part);
  return gate === undefined ? null : cell.gates[gate];
}
