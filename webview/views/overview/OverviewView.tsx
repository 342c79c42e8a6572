import type { ComponentChildren } from 'preact';
import type { ModelOverview } from '../../../worker/core/report/overview';
import type { AppState } from '../../state';
import { Sized } from '../../ui/Sized';
import { BlamePanel } from '../lstm/BlamePanel';
import { FirstRun } from '../states/FirstRun';
import { RunningPanel } from '../states/RunningPanel';
import { arrangeOverview, type OverviewPanel } from './arrangement';
import { DataPanel } from './DataPanel';
import { ErrorPanel } from './ErrorPanel';
import { FindingsPanel } from './FindingsPanel';
import { lookFirst } from './lookFirst';
import { LookFirstPanel } from './LookFirstPanel';
import { LstmsPanel } from './LstmsPanel';
import { ModelPanel } from './ModelPanel';
import { QuantizeOffer } from './QuantizeOffer';
import { RecognisedPanel } from './RecognisedPanel';
import { RecurrentPanel } from './RecurrentPanel';
import { ResultPanel } from './ResultPanel';
import { SamplesPanel } from './SamplesPanel';
import { hasTaskPanel, TaskPanel } from './TaskPanel';
import { TensorsPanel } from './TensorsPanel';

interface Props {
  readonly state: AppState;
  readonly overview: ModelOverview;
}

/** What the model is, its LSTMs and findings, and what the run found, in as many columns as there is room for. */
export function OverviewView(props: Props) {
  const { host } = props.state;
  if (!host?.report && host?.run.status !== 'running') return <BeforeRun {...props} />;
  const shown = shownPanels(props);
  return (
    <Sized>
      {({ width }) => {
        const columns = arrangeOverview(width, shown);
        return (
          <div class={`overview of-${columns.length}`}>
            {columns.map((panels, at) => (
              <div class="column" key={at}>
                {panels.map((panel) => (
                  <Placed key={panel} panel={panel} {...props} />
                ))}
              </div>
            ))}
          </div>
        );
      }}
    </Sized>
  );
}

/** Panels that have something to say of this model and this run. */
function shownPanels({ state, overview }: Props): ReadonlySet<OverviewPanel> {
  const report = state.host?.report ?? null;
  const shown = new Set<OverviewPanel>(['model', 'tensors', 'data', 'findings']);
  if (overview.lstms.length > 0 || overview.recurrent !== undefined) shown.add('lstms');
  if ((overview.recognised ?? []).length > 0) shown.add('recognised');
  if (state.host?.run.status === 'running') shown.add('running');
  if (report === null) return shown;
  shown.add('result');
  if (hasTaskPanel(report)) shown.add('task');
  if (lookFirst(report).length > 0) shown.add('lookFirst');
  if (report.quantizedPath !== null && report.samples > 0) shown.add('error').add('blame');
  if (report.perSample.some(({ sqnrDb }) => sqnrDb !== null)) shown.add('samples');
  return shown;
}

function Placed({ panel, state, overview }: Props & { readonly panel: OverviewPanel }) {
  const report = state.host?.report ?? null;
  const run = state.host?.run;
  const running = run?.status === 'running' ? run : null;
  /** Figures of the run before, while another one is under way. */
  const result = (children: ComponentChildren) => (running ? <div class="stale">{children}</div> : children);
  switch (panel) {
    case 'model':
      return (
        <>
          <ModelPanel overview={overview} floatPartner={state.host?.floatPartner ?? null} report={report} />
          <QuantizeOffer state={state} />
        </>
      );
    case 'tensors':
      return <TensorsPanel overview={overview} />;
    case 'data':
      return <DataPanel state={state} />;
    case 'lstms':
      return (
        <>
          <LstmsPanel overview={overview} report={report} />
          <RecurrentPanel overview={overview} report={report} />
        </>
      );
    case 'recognised':
      return <RecognisedPanel overview={overview} report={report} />;
    case 'findings':
      return <FindingsPanel overview={overview} report={report} />;
    case 'running':
      return running ? <RunningPanel progress={running.progress} /> : null;
    case 'result':
      return report ? <>{result(<ResultPanel report={report} next={state.view} />)}</> : null;
    case 'task':
      return report?.task ? <>{result(<TaskPanel report={report} task={report.task} sample={state.view.sample} />)}</> : null;
    case 'lookFirst':
      return report ? <>{result(<LookFirstPanel report={report} />)}</> : null;
    case 'blame':
      return report ? <>{result(<BlamePanel state={state} overview={overview} first={5} brief />)}</> : null;
    case 'error':
      return report ? <>{result(<ErrorPanel report={report} />)}</> : null;
    case 'samples':
      return report ? <>{result(<SamplesPanel report={report} sample={state.view.sample} />)}</> : null;
  }
}

/** Nothing was run yet: what will happen takes the room of the results. */
function BeforeRun({ state, overview }: Props) {
  return (
    <div class="overview before">
      <div class="column">
        <ModelPanel overview={overview} floatPartner={state.host?.floatPartner ?? null} report={null} />
        <QuantizeOffer state={state} />
        <TensorsPanel overview={overview} />
      </div>
      <div class="column">
        <FirstRun state={state} overview={overview} />
        <div class="pair">
          <div class="column">
            <LstmsPanel overview={overview} report={null} />
            <RecurrentPanel overview={overview} report={null} />
            <RecognisedPanel overview={overview} report={null} />
            <DataPanel state={state} />
          </div>
          <FindingsPanel overview={overview} report={null} />
        </div>
      </div>
    </div>
  );
}
