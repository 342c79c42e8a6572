import type { LayerReport, SignalReport } from '../../../worker/core/report/report';
import { inputKey } from '../../derived';
import type { Inspector } from '../../inspector';

/** Shows where a figure comes from: an LSTM's signal in the microscope, everything else among the layers. */
export function goToLayer(
  inspector: Pick<Inspector, 'openLayer' | 'openLstm'>,
  { op, subgraph, index, lstm }: LayerReport,
  signal: SignalReport['signal'] | null = null,
): void {
  if (op === 'INPUT') inspector.openLayer(inputKey(subgraph, index));
  else if (lstm !== null) inspector.openLstm({ subgraph, index }, signal === null || signal === 'out' ? null : signal);
  else inspector.openLayer({ subgraph, index });
}
