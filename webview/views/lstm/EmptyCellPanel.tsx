import type { LstmInfo } from '../../../worker/core/report/overview';
import { CellDiagram, cellHeight } from '../../charts/CellDiagram';
import { Panel } from '../../ui/Panel';
import { Sized } from '../../ui/Sized';
import { partsText } from './CellPanel';

/** The cell before a run: its parts, with nothing in them yet. */
export function EmptyCellPanel({ lstm }: { readonly lstm: LstmInfo }) {
  return (
    <Panel title="Cell" detail={partsText(lstm)} class="cell-panel" flush testId="panel-cell">
      <Sized class="cell-scroller">
        {({ width }) => (
          <CellDiagram
            width={width - 12}
            height={cellHeight(width - 12)}
            title={`LSTM cell ${lstm.name}`}
            summary="not measured yet"
            topology={lstm}
            boxes={[]}
            selected={null}
          />
        )}
      </Sized>
    </Panel>
  );
}
