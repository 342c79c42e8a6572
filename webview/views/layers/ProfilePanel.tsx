import type { LayerReport, Report } from '../../../worker/core/report/report';
import { ERROR_MEASURES, MEASURE_LOOKS, type ErrorMeasure } from '../../charts/errorMeasure';
import { decibel, percent } from '../../charts/format';
import type { ProfileStretch } from '../../charts/profileFrame';
import { opId } from '../../derived';
import { measureOf } from '../../figures/errorMeasures';
import { LayerProfile } from '../../figures/LayerProfile';
import { layerErrorsTable } from '../../figures/layerTables';
import { toldOfLayer } from '../../figures/readings';
import { layerLabel } from '../../figures/signalNames';
import { Panel } from '../../ui/Panel';
import { Segmented } from '../../ui/Segmented';
import { Sized } from '../../ui/Sized';
import { useInspector } from '../InspectorContext';
import { coverage } from '../overview/ResultPanel';
import { ProfileLegend } from './ProfileLegend';

interface Props {
  readonly report: Report;
  readonly measure: ErrorMeasure;
  /** Place in `report.layers`. */
  readonly selected: number | null;
  readonly hover: number | null;
  /** Told the id of a row. */
  readonly onHover: (id: string | null) => void;
  readonly stretch: ProfileStretch | null;
  readonly onStretch: (stretch: ProfileStretch | null, final: boolean) => void;
}

const CHOICES = ERROR_MEASURES.map((value) => ({ value, label: MEASURE_LOOKS[value].label, tip: MEASURE_LOOKS[value].title }));

export function ProfilePanel({ report, measure, selected, hover, onHover, stretch, onStretch }: Props) {
  const inspector = useInspector();
  const pointedAt = hover === null ? undefined : report.layers[hover];
  const { title, worse } = MEASURE_LOOKS[measure];
  return (
    <Panel
      title="Error along the graph"
      detail={pointedAt ? layerText(report, pointedAt, measure) : `${title}, worse is ${worse}; ${coverage(report)}`}
      end={
        <>
          <ProfileLegend report={report} />
          <Segmented
            label="Error by"
            choices={CHOICES}
            value={measure}
            testId="profile-measure"
            onChange={(next) => {
              inspector.layers({ measure: next });
            }}
          />
        </>
      }
      class="profile-panel"
      flush
      copies
      charted={() => [layerErrorsTable(report, report.layers)]}
      testId="panel-profile"
    >
      <Sized class="profile">
        {({ width }) => (
          <LayerProfile
            report={report}
            measure={measure}
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
function layerText(report: Report, layer: LayerReport, measure: ErrorMeasure): string {
  const { local, accumulated, saturation } = layer;
  const { count, lost } = toldOfLayer(layer);
  const share = saturation.values > 0 ? count / saturation.values : 0;
  const errors =
    measure === 'sqnr'
      ? `local ${decibel(local?.sqnrDb ?? null, local?.exact)}, accumulated ${decibel(accumulated?.sqnrDb ?? null, accumulated?.exact)} dB`
      : `${MEASURE_LOOKS[measure].title}, local ${textOf(local, measure)}, accumulated ${textOf(accumulated, measure)}`;
  return `${layerLabel(report, layer)}: ${errors}${share > 0 ? `, ${percent(share)} at the rails${lost ? '' : ', none lost'}` : ''}`;
}

function textOf(error: LayerReport['local'], measure: ErrorMeasure): string {
  const value = measureOf(error, measure);
  return value === null ? 'not measured' : MEASURE_LOOKS[measure].text(value);
}
