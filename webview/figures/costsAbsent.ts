import { isBidirectional, type CellInfo } from '../../worker/core/report/cellInfos';
import type { LayerReport, Report } from '../../worker/core/report/report';

/** Why a recurrent layer's parts have no costs; null where they have, or where nothing is quantized. */
export function costsAbsent(info: CellInfo, { lstm, accumulated }: LayerReport, path: Report['quantizedPath']): string | null {
  if (lstm === null || lstm.costs !== null || path === null) return null;
  const text = (why: string) => `Costs not measured: ${why}.`;
  if (accumulated?.exact === true) return text('h equals float, so that nothing can be gained');
  if (info.scheme !== 'int8' && info.scheme !== '16x8')
    return text(`this cell computes in reals (${info.scheme}), so that only its weights differ from float`);
  if (isBidirectional(info)) return text('the cell is one of two in one operator');
  return text('the operator has no counterpart of its size on the float path, or a form that cannot be simulated');
}
