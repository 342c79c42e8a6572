import { useMemo, useRef, useState } from 'preact/hooks';
import type { ModelOverview } from '../../../worker/core/report/overview';
import { opId, sameOp } from '../../derived';
import type { LayersState } from '../../layersState';
import type { AppState } from '../../state';
import { useFocusFallback } from '../../ui/useFocusFallback';
import { useInspector } from '../InspectorContext';
import { GraphView } from '../graph/GraphView';
import { RunningPanel } from '../states/RunningPanel';
import { LayerDetail } from './LayerDetail';
import { brushedRows, filteredRows } from './layerFilters';
import { layerRows, visibleRows } from './layerRows';
import { LAYER_ROW, LayerTable } from './LayerTable';
import { LayerTools } from './LayerTools';
import { ProfilePanel } from './ProfilePanel';
import { SelectionSums } from './SelectionSums';

/** Height of what stands above the table's rows, in px. */
const TOOLS_AND_HEAD = 72;

/** Error profile above, table or graph below, one selection; beside them, what is known of the selected operator. */
export function LayersView({ state, overview }: { readonly state: AppState; readonly overview: ModelOverview }) {
  const inspector = useInspector();
  const { view, host } = state;
  const { layers } = view;
  const report = host?.report ?? null;
  const target = shownTarget(overview, view.target);
  const rows = useMemo(() => layerRows(overview, report, target), [overview, report, target]);
  const findings = useMemo(() => [...overview.findings, ...(report?.findings ?? [])], [overview, report]);
  const left = useMemo(() => filteredRows(rows, layers, findings), [rows, layers.kinds, layers.finding, findings]);
  const visible = useMemo(() => visibleRows(left, view), [left, view.filter, view.sort]);
  /** While a brush is drawn, before it is kept. */
  const [preview, setPreview] = useState<LayersState['stretch']>(null);
  const stretch = preview ?? layers.stretch;
  const inBrush = useMemo(() => brushedRows(rows, { stretch }), [rows, stretch?.from, stretch?.to]);
  const selected = rows.find((row) => sameOp(row, view.layer)) ?? null;
  /** Id of the row that is pointed at, anywhere on the screen. */
  const [hover, setHover] = useState<string | null>(null);
  const places = useMemo(() => new Map(rows.map(({ id, layerIndex }) => [id, layerIndex])), [rows]);
  const running = host?.run.status === 'running' ? host.run.progress : null;
  const panel = useRef<HTMLElement>(null);
  const label = targetLabel(overview, target);
  const kept = useMemo(() => {
    if (visible.length === rows.length && inBrush === null) return null;
    return new Set(visible.flatMap(({ id }) => (inBrush === null || inBrush.has(id) ? [id] : [])));
  }, [visible, rows, inBrush]);
  useFocusFallback(selected === null, '[data-testid="layer-grid"], [data-testid="graph"]');
  const isGraph = layers.as === 'graph';
  return (
    <div class={`layers ${report ? 'measured' : ''}`}>
      {running ? <RunningPanel progress={running} /> : null}
      {report && report.quantizedPath !== null ? (
        <ProfilePanel
          report={report}
          measure={layers.measure}
          selected={selected?.layerIndex ?? null}
          hover={hover === null ? null : (places.get(hover) ?? null)}
          onHover={setHover}
          stretch={stretch}
          onStretch={(next, final) => {
            setPreview(final ? null : next);
            if (final) inspector.layers({ stretch: next });
          }}
        />
      ) : null}
      <div
        class={`layers-lower ${selected ? 'with-detail' : ''} ${layers.wide ? 'wide-detail' : ''} ${running && report ? 'stale' : ''}`}
        style={{ '--rows': `${TOOLS_AND_HEAD + visible.length * LAYER_ROW}px` }}
      >
        <section
          class={`panel layer-panel ${isGraph ? 'as-graph' : ''}`}
          aria-label={isGraph ? 'Layer graph' : 'Layer table'}
          ref={panel}
        >
          <LayerTools
            state={state}
            overview={overview}
            target={target}
            all={rows}
            rows={visible}
            findings={findings}
            brushed={inBrush === null ? null : visible.filter(({ id }) => inBrush.has(id)).length}
            stretchText={stretchText(report?.layers ?? [], stretch)}
            compared={report !== null && report.quantizedPath !== null}
            selected={selected}
            panel={panel}
          />
          {isGraph ? (
            <GraphView
              overview={overview}
              rows={rows}
              kept={kept}
              layers={layers}
              targetLabel={label}
              selected={selected}
              hover={hover}
              onHover={setHover}
            />
          ) : (
            <LayerTable
              rows={visible}
              all={rows}
              view={view}
              measured={report === null ? 'nothing' : (report.quantizedPath ?? 'float')}
              targetLabel={label}
              selected={selected}
              brushed={inBrush}
              hover={hover}
              onHover={setHover}
            />
          )}
          <SelectionSums rows={rows} selected={selected} also={layers.also} />
        </section>
        {selected ? (
          <LayerDetail
            key={opId(selected)}
            row={selected}
            overview={overview}
            view={view}
            target={target}
            targetLabel={label}
            report={report}
          />
        ) : null}
      </div>
    </div>
  );
}

/** The runtime that ONNX is made for; of other formats the first target is. */
const ONNX_REFERENCE = 'ort-cpu';

/** The chosen target, else the reference of the model's format. */
function shownTarget({ targets, format }: ModelOverview, chosen: string | null): string | null {
  if (chosen !== null && chosen in targets) return chosen;
  if (format === 'onnx' && ONNX_REFERENCE in targets) return ONNX_REFERENCE;
  return Object.keys(targets)[0] ?? null;
}

function targetLabel(overview: ModelOverview, target: string | null): string {
  return Object.entries(overview.targets).find(([name]) => name === target)?.[1].label ?? 'target';
}

/** `ops 8 – 16` */
function stretchText(
  layers: readonly { readonly index: number }[],
  stretch: { readonly from: number; readonly to: number } | null,
): string {
  if (stretch === null) return '';
  const [first, last] = [layers[stretch.from]?.index ?? stretch.from, layers[stretch.to]?.index ?? stretch.to];
  return first === last ? `op ${first}` : `ops ${first} – ${last}`;
}
