import type { LstmInfo } from '../../../worker/core/report/overview';
import type { LayerReport, Report } from '../../../worker/core/report/report';
import type { CellSelection } from '../../figures/CellFigure';

/** What the parts of the microscope share. */
export interface CellProps {
  readonly lstm: LstmInfo;
  readonly layer: LayerReport;
  readonly direction: 'forward' | 'backward';
  readonly selection: CellSelection;
  readonly path: Report['quantizedPath'];
}
