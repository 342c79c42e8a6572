import { isHidden, type HiddenTopology } from '../../charts/cellLayout';
import { bound } from '../../charts/format';
import { CellFigure } from '../../figures/CellFigure';
import { cellTable } from '../../figures/chartTables';
import { Legend } from '../../figures/Legend';
import { Panel } from '../../ui/Panel';
import { Sized } from '../../ui/Sized';
import { useInspector } from '../InspectorContext';
import type { CellProps } from './cellProps';
import type { Topology } from './stages';

/** The cell as a data-flow diagram; every box is a way to its signal. */
export function CellPanel({ lstm, layer, direction, selection, path }: CellProps) {
  const inspector = useInspector();
  return (
    <Panel
      title="Cell"
      detail={partsText(lstm)}
      class="cell-panel"
      flush
      testId="panel-cell"
      copies
      charted={() => [cellTable(lstm, layer, direction, path ?? 'int8')]}
      end={<CellLegend path={path} />}
    >
      <Sized class="cell-scroller">
        {({ width }) => (
          <CellFigure
            lstm={lstm}
            layer={layer}
            direction={direction}
            width={width - 12}
            selected={selection}
            onSelect={(signal) => {
              inspector.view({ signal });
            }}
          />
        )}
      </Sized>
    </Panel>
  );
}

export function partsText(topology: Topology): string {
  if (isHidden(topology)) return hiddenText(topology);
  const { layerNorm, projection, peephole, cifg } = topology;
  const part = (present: boolean, name: string) => (present ? name : `no ${name}`);
  return [
    part(layerNorm, 'layer norm'),
    part(projection, 'projection'),
    part(peephole, 'peephole'),
    ...(cifg ? ['coupled input gate'] : []),
  ].join(' · ');
}

/** `update gate · reset gate after the product · no clip`. */
function hiddenText({ kind, reset, gateClip, gateActivation, activation }: HiddenTopology): string {
  return [
    ...(kind === 'gru' ? ['update gate', `reset gate ${reset ?? ''} the product`] : ['one sum, no gates']),
    gateClip > 0 ? `clip ±${bound(gateClip)}` : 'no clip',
    ...(gateActivation === null || gateActivation === 'SIGMOID' ? [] : [`gates by ${gateActivation}`]),
    ...(activation === 'TANH' ? [] : [`${activation} in the place of tanh`]),
  ].join(' · ');
}

function CellLegend({ path }: Pick<CellProps, 'path'>) {
  return (
    <>
      <Legend quantizedPath={path} />
      {path === null ? null : (
        <>
          <span class="caption roomy-only">top: SQNR, dB</span>
          <span class="caption roomy-only">bottom: gain if float, dB</span>
        </>
      )}
    </>
  );
}
