import type { CellInfo } from '../../../worker/core/report/cellInfos';
import type { LayerReport, Report } from '../../../worker/core/report/report';
import type { CellSelection } from '../../figures/CellFigure';

/** What the parts of the microscope share. */
export interface CellProps {
  /** The LSTM, GRU or simple recurrent layer. */
  readonly lstm: CellInfo;
  readonly layer: LayerReport;
  readonly direction: 'forward' | 'backward';
  readonly selection: CellSelection;
  readonly path: Report['quantizedPath'];
}
