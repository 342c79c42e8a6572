import { isHidden, type HiddenTopology, type LstmTopology } from '../../charts/cellLayout';
import { bound } from '../../charts/format';
import { CellFigure } from '../../figures/CellFigure';
import { cellTable } from '../../figures/chartTables';
import { Legend } from '../../figures/Legend';
import { Panel } from '../../ui/Panel';
import { Sized } from '../../ui/Sized';
import { Term } from '../../ui/Term';
import { useInspector } from '../InspectorContext';
import type { CellProps } from './cellProps';
import type { Topology } from './stages';

/** The cell as a data-flow diagram; every box is a way to its signal. */
export function CellPanel({ lstm, layer, direction, selection, path }: CellProps) {
  const inspector = useInspector();
  return (
    <Panel
      title="Cell"
      detail={<CellParts topology={lstm} />}
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

/** Which parts the cell has. */
export function CellParts({ topology }: { readonly topology: Topology }) {
  return isHidden(topology) ? <HiddenParts topology={topology} /> : <>{partsText(topology)}</>;
}

function partsText({ layerNorm, projection, peephole, cifg }: LstmTopology): string {
  const part = (present: boolean, name: string) => (present ? name : `no ${name}`);
  return [
    part(layerNorm, 'layer norm'),
    part(projection, 'projection'),
    part(peephole, 'peephole'),
    ...(cifg ? ['coupled input gate'] : []),
  ].join(' · ');
}

/** `GRU: update gate · reset gate after the product · candidate · no clip`. */
function HiddenParts({ topology }: { readonly topology: HiddenTopology }) {
  const { kind, reset, gateClip, gateActivation, activation } = topology;
  const more = [
    gateClip > 0 ? `clip ±${bound(gateClip)}` : 'no clip',
    ...(gateActivation === null || gateActivation === 'SIGMOID' ? [] : [`gates by ${gateActivation}`]),
    ...(activation === 'TANH' ? [] : [`${activation} in the place of tanh`]),
  ].join(' · ');
  if (kind === 'rnn') return <>{`one sum, no gates · ${more}`}</>;
  return (
    <>
      <Term of="gru">GRU</Term>: <Term of="update gate">update gate</Term> · <Term of="reset gate">reset gate</Term> {reset ?? ''}{' '}
      the product · <Term of="candidate">candidate</Term> · {more}
    </>
  );
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
