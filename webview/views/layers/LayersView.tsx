import { useMemo, useState } from 'preact/hooks';
import type { ModelOverview } from '../../../worker/core/report/overview';
import type { LayerReport, Report } from '../../../worker/core/report/report';
import { opId, sameOp } from '../../derived';
import { decibel, percent } from '../../charts/format';
import { LayerProfile } from '../../figures/LayerProfile';
import { toldOfLayer } from '../../figures/readings';
import { layerLabel } from '../../figures/signalNames';
import type { AppState } from '../../state';
import { Panel } from '../../ui/Panel';
import { Sized } from '../../ui/Sized';
import { useFocusFallback } from '../../ui/useFocusFallback';
import { useInspector } from '../InspectorContext';
import { coverage } from '../overview/ResultPanel';
import { RunningPanel } from '../states/RunningPanel';
import { LayerDetail } from './LayerDetail';
import { layerRows, visibleRows } from './layerRows';
import { LAYER_ROW, LayerTable } from './LayerTable';
import { LayerTools } from './LayerTools';

/** Height of what stands above the table's rows, in px. */
const TOOLS_AND_HEAD = 72;

/** Error profile above, table below, one selection; beside the table, what is known of the selected operator. */
export function LayersView({ state, overview }: { readonly state: AppState; readonly overview: ModelOverview }) {
  const { view, host } = state;
  const report = host?.report ?? null;
  const targets = Object.keys(overview.targets);
  const target = view.target !== null && targets.includes(view.target) ? view.target : (targets[0] ?? null);
  const rows = useMemo(() => layerRows(overview, report, target), [overview, report, target]);
  const visible = useMemo(() => visibleRows(rows, view), [rows, view.filter, view.sort]);
  const selected = rows.find((row) => sameOp(row, view.layer)) ?? null;
  const running = host?.run.status === 'running' ? host.run.progress : null;
  useFocusFallback(selected === null, '[data-testid="layer-grid"]');
  return (
    <div class={`layers ${report ? 'measured' : ''}`}>
      {running ? <RunningPanel progress={running} /> : null}
      {report && report.quantizedPath !== null ? <ProfilePanel report={report} selected={selected?.layerIndex ?? null} /> : null}
      <div
        class={`layers-lower ${selected ? 'with-detail' : ''} ${running && report ? 'stale' : ''}`}
        style={{ '--rows': `${TOOLS_AND_HEAD + visible.length * LAYER_ROW}px` }}
      >
        <section class="panel layer-panel" aria-label="Layer table">
          <LayerTools
            state={state}
            overview={overview}
            target={target}
            rows={visible}
            total={rows.length}
            compared={report !== null && report.quantizedPath !== null}
          />
          <LayerTable
            rows={visible}
            all={rows}
            view={view}
            measured={report === null ? 'nothing' : (report.quantizedPath ?? 'float')}
            targetLabel={targetLabel(overview, target)}
            selected={selected}
          />
        </section>
        {selected ? (
          <LayerDetail
            key={opId(selected)}
            row={selected}
            overview={overview}
            counts={view.counts}
            targetLabel={targetLabel(overview, target)}
            target={target}
            persona={report?.persona ?? 'tflite'}
            path={report?.quantizedPath ?? null}
          />
        ) : null}
      </div>
    </div>
  );
}

function targetLabel(overview: ModelOverview, target: string | null): string {
  return Object.entries(overview.targets).find(([name]) => name === target)?.[1].label ?? 'target';
}

function ProfilePanel({ report, selected }: { readonly report: Report; readonly selected: number | null }) {
  const inspector = useInspector();
  const [hover, setHover] = useState<number | null>(null);
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
            onHover={setHover}
            onSelect={(at) => {
              const layer = report.layers[at];
              if (layer) inspector.view({ layer: { subgraph: layer.subgraph, index: layer.index } });
            }}
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
