import { kindName, type CellInfo } from '../../../worker/core/report/cellInfos';
import { CellDiagram, cellHeight } from '../../charts/CellDiagram';
import { Panel } from '../../ui/Panel';
import { Sized } from '../../ui/Sized';
import { CellParts } from './CellPanel';

/** The cell before a run: its parts, with nothing in them yet. */
export function EmptyCellPanel({ lstm }: { readonly lstm: CellInfo }) {
  return (
    <Panel title="Cell" detail={<CellParts topology={lstm} />} class="cell-panel" flush testId="panel-cell">
      <Sized class="cell-scroller">
        {({ width }) => (
          <CellDiagram
            width={width - 12}
            height={cellHeight(width - 12)}
            title={`${kindName(lstm)} cell ${lstm.name}`}
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
