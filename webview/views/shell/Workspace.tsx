import { cellInfos, kindName, type CellInfo } from '../../../worker/core/report/cellInfos';
import type { ModelOverview } from '../../../worker/core/report/overview';
import type { Report } from '../../../worker/core/report/report';
import { count } from '../../charts/format';
import type { AppState } from '../../state';
import type { Tab } from '../../viewState';
import { Tabs, type TabItem } from '../../ui/Tabs';
import { useFocusFallback } from '../../ui/useFocusFallback';
import { useInspector } from '../InspectorContext';
import { soundOf } from '../audio/soundOf';
import { AudioView } from '../audio/AudioView';
import { CompareView } from '../compare/CompareView';
import { FixView } from '../fix/FixView';
import { LayersView } from '../layers/LayersView';
import { LstmView } from '../lstm/LstmView';
import { OverviewView } from '../overview/OverviewView';
import { ScreenBoundary } from '../states/ScreenBoundary';
import { TargetsView } from '../targets/TargetsView';
import { CellsBar } from './CellsBar';
import { Header } from './Header';
import { NoticeBar } from './NoticeBar';
import { QuantizedBar } from './QuantizedBar';

/** An open model: header with tabs and controls, progress, and the chosen screen. */
export function Workspace({ state, overview }: { readonly state: AppState; readonly overview: ModelOverview }) {
  const inspector = useInspector();
  const tabs = tabsOf(overview, state.host?.report ?? null);
  // A kept choice of a screen that this model does not have (the file was replaced) falls back to the first.
  const active = tabs.find(({ id }) => id === state.view.tab)?.id ?? 'overview';
  const { run } = state.host ?? { run: { status: 'idle' as const } };
  const share = run.status === 'running' && run.progress.total > 0 ? run.progress.done / run.progress.total : 0;
  // A button that starts a run goes when it has: the way to stop it takes its place.
  useFocusFallback(run.status, '[data-testid="cancel"], [data-testid="run"]');
  // A key leads to another screen from inside one, whose controls go.
  useFocusFallback(active, `vscode-panel-tab#${active}`);
  return (
    <Tabs
      label="GateScope"
      tabs={tabs}
      active={active}
      onChange={(tab) => {
        inspector.view({ tab });
      }}
      end={<Header state={state} />}
    >
      {run.status === 'running' ? (
        <div
          class="run-progress"
          role="progressbar"
          aria-label="Run"
          aria-valuenow={run.progress.done}
          aria-valuemin={0}
          aria-valuemax={run.progress.total}
        >
          <i style={{ width: `${share * 100}%` }} />
        </div>
      ) : null}
      <NoticeBar state={state} />
      <CellsBar state={state} />
      <QuantizedBar state={state} />
      <main class={`screen screen-${active}`} data-testid={`screen-${active}`}>
        <h1 class="visually-hidden">{`${overview.fileName}: ${tabs.find(({ id }) => id === active)?.label ?? ''}`}</h1>
        <ScreenBoundary key={active} of={state.host?.report ?? null}>
          <Screen tab={active} state={state} overview={overview} />
        </ScreenBoundary>
      </main>
    </Tabs>
  );
}

/** `LSTM`, `GRU`, or `LSTM, GRU` where a model has both. */
function cellsLabel(cells: readonly CellInfo[]): string {
  const kinds = new Set(cells.map(kindName));
  return (['LSTM', 'GRU', 'RNN'] as const).filter((kind) => kinds.has(kind)).join(', ');
}

function tabsOf(overview: ModelOverview, report: Report | null): readonly TabItem<Tab>[] {
  const cells = cellInfos(overview);
  return [
    { id: 'overview', label: 'Overview' },
    { id: 'layers', label: 'Layers', count: count(overview.ops.length) },
    ...(cells.length > 0 ? [{ id: 'lstm' as const, label: cellsLabel(cells), count: count(cells.length) }] : []),
    { id: 'targets', label: 'Targets' },
    { id: 'compare', label: 'Compare' },
    { id: 'fix', label: 'Fix' },
    ...(soundOf(overview, report).length > 0 ? [{ id: 'audio' as const, label: 'Audio' }] : []),
  ];
}

function Screen({ tab, state, overview }: { readonly tab: Tab; readonly state: AppState; readonly overview: ModelOverview }) {
  switch (tab) {
    case 'overview':
      return <OverviewView state={state} overview={overview} />;
    case 'layers':
      return <LayersView state={state} overview={overview} />;
    case 'lstm':
      return <LstmView state={state} overview={overview} />;
    case 'targets':
      return <TargetsView state={state} overview={overview} />;
    case 'compare':
      return <CompareView state={state} overview={overview} />;
    case 'audio':
      return <AudioView state={state} overview={overview} />;
    case 'fix':
      return <FixView state={state} overview={overview} />;
  }
}
