import type { ModelOverview } from '../../../worker/core/report/overview';
import type { AppState } from '../../state';
import { RunningPanel } from '../states/RunningPanel';
import { FirstRun } from '../states/FirstRun';
import { DataPanel } from './DataPanel';
import { ErrorPanel } from './ErrorPanel';
import { FindingsPanel } from './FindingsPanel';
import { LookFirstPanel } from './LookFirstPanel';
import { LstmsPanel } from './LstmsPanel';
import { ModelPanel } from './ModelPanel';
import { ResultPanel } from './ResultPanel';
import { SamplesPanel } from './SamplesPanel';
import { TensorsPanel } from './TensorsPanel';

/** What the model is (left), its LSTMs and findings (middle), and what the run found (right). */
export function OverviewView({ state, overview }: { readonly state: AppState; readonly overview: ModelOverview }) {
  const report = state.host?.report ?? null;
  const run = state.host?.run;
  const running = run?.status === 'running';
  if (!report && !running) return <BeforeRun state={state} overview={overview} />;
  return (
    <div class="overview">
      <div class="column">
        <ModelPanel overview={overview} floatPartner={state.host?.floatPartner ?? null} report={report} />
        <TensorsPanel overview={overview} />
        <DataPanel state={state} />
      </div>
      <div class="column">
        <LstmsPanel overview={overview} report={report} />
        <FindingsPanel overview={overview} report={report} />
      </div>
      <div class="column results">
        {running ? <RunningPanel progress={run.progress} /> : null}
        {report ? (
          <div class={running ? 'stale results-inner' : 'results-inner'}>
            <ResultPanel report={report} persona={state.view.persona} />
            <LookFirstPanel report={report} />
            <ErrorPanel report={report} />
            <SamplesPanel report={report} />
          </div>
        ) : null}
      </div>
    </div>
  );
}

/** Nothing was run yet: what will happen takes the room of the results. */
function BeforeRun({ state, overview }: { readonly state: AppState; readonly overview: ModelOverview }) {
  return (
    <div class="overview before">
      <div class="column">
        <ModelPanel overview={overview} floatPartner={state.host?.floatPartner ?? null} report={null} />
        <TensorsPanel overview={overview} />
      </div>
      <div class="column">
        <FirstRun state={state} overview={overview} />
        <div class="pair">
          <div class="column">
            <LstmsPanel overview={overview} report={null} />
            <DataPanel state={state} />
          </div>
          <FindingsPanel overview={overview} report={null} />
        </div>
      </div>
    </div>
  );
}
