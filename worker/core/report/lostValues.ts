import { goesBeyond } from '../findings/runRule';
import type { LayerReport } from './report';

/** Whether float goes on where the integer type ends; a value that float has at the rail itself is not lost. */
export function losesValues({ op, signals }: LayerReport): boolean {
  // Their scale is fixed such that 1 lies just beyond the rail.
  if (op === 'SOFTMAX' || op === 'LOGISTIC' || op === 'TANH') return false;
  return signals.some((signal) => (signal.signal === 'out' || signal.signal === 'h') && goesBeyond(signal));
}
