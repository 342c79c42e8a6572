import type { CellBoxId, CellTopology } from './cellLayout';
import { Chart, type ChartFrame } from './chart';
import type { HistogramData, Rails } from './histogramData';

/** One signal in the cell. */
export interface CellBox {
  readonly id: CellBoxId;
  /** SQNR against float in dB; null: not measured; `exact`: no value differs. */
  readonly sqnrDb: number | null;
  readonly exact: boolean;
  readonly data: HistogramData | null;
  readonly rails: Rails | null;
  /** Bottom left: values lost at a rail or by a clip, or flat (nothing lost by itself). Null: nothing is said. */
  readonly note: { readonly kind: 'rail' | 'clipped' | 'flat'; readonly count: number; readonly values: number } | null;
  /** Bottom right: dB the output gains when this part is put back to float; null: not measured or not this box's to say. */
  readonly costDb: number | null;
  /** 1..4 by cost, as a badge; null: none. */
  readonly rank: number | null;
  /** Small text after the name, such as `Q2.13` or `int8`. */
  readonly detail: string;
}

export interface CellDiagramProps extends ChartFrame {
  readonly topology: CellTopology;
  /** Boxes without an entry are drawn empty. */
  readonly boxes: readonly CellBox[];
  readonly selected: CellBoxId | null;
  /** Without it the diagram is a picture. */
  readonly onSelect?: (id: CellBoxId) => void;
}

/** Smallest width at which the cell is drawn without overlap; narrower panels scroll sideways. */
export const CELL_MIN_WIDTH = 760;
export const CELL_HEIGHT = 370;

/** An LSTM cell as a data-flow diagram: lanes f, i, g, o from left to right, c along the top, h along the bottom. */
export function CellDiagram(props: CellDiagramProps) {
  return (
    <Chart {...props} role={props.onSelect ? 'figure' : 'img'}>
      {null}
    </Chart>
  );
}
