import type { LayerReport, Report } from '../../../worker/core/report/report';
import { decibel, percent } from '../../charts/format';
import type { ProfileStretch } from '../../charts/ErrorProfile';
import { opId } from '../../derived';
import { LayerProfile } from '../../figures/LayerProfile';
import { toldOfLayer } from '../../figures/readings';
import { layerLabel } from '../../figures/signalNames';
import { Panel } from '../../ui/Panel';
import { Sized } from '../../ui/Sized';
import { useInspector } from '../InspectorContext';
import { coverage } from '../overview/ResultPanel';

interface Props {
  readonly report: Report;
  /** Place in `report.layers`. */
  readonly selected: number | null;
  readonly hover: number | null;
  /** Told the id of a row. */
  readonly onHover: (id: string | null) => void;
  readonly stretch: ProfileStretch | null;
  readonly onStretch: (stretch: ProfileStretch | null, final: boolean) => void;
}

export function ProfilePanel({ report, selected, hover, onHover, stretch, onStretch }: Props) {
  const inspector = useInspector();
  const pointedAt = hover === null ? undefined : report.layers[hover];
  return (
    <Panel
      title="Error along the graph"
      detail={pointedAt ? layerText(report, pointedAt) : `SQNR, dB, worse is lower; ${coverage(report)}`}
      class="profile-panel"
      flush
      copies
      testId="panel-profile"
    >
      <Sized class="profile">
        {({ width }) => (
          <LayerProfile
            report={report}
            width={width}
            height={204}
            selected={selected}
            hover={hover}
            brush={stretch}
            onHover={(at) => {
              const layer = at === null ? undefined : report.layers[at];
              onHover(layer ? opId(layer) : null);
            }}
            onSelect={(at) => {
              const layer = report.layers[at];
              if (layer) inspector.view({ layer: { subgraph: layer.subgraph, index: layer.index } });
            }}
            onBrush={onStretch}
          />
        )}
      </Sized>
    </Panel>
  );
}

/** `12 TANH: local 13.0, accumulated 9.3 dB, 52.7 % at the rails`. */
function layerText(report: Report, layer: LayerReport): string {
  const { local, accumulated, saturation } = layer;
  const { count, lost } = toldOfLayer(layer);
  const share = saturation.values > 0 ? count / saturation.values : 0;
  const errors = `local ${decibel(local?.sqnrDb ?? null, local?.exact)}, accumulated ${decibel(accumulated?.sqnrDb ?? null, accumulated?.exact)} dB`;
  return `${layerLabel(report, layer)}: ${errors}${share > 0 ? `, ${percent(share)} at the rails${lost ? '' : ', none lost'}` : ''}`;
}
