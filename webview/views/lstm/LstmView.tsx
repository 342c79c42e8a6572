import { isBidirectional, type CellInfo } from '../../../worker/core/report/cellInfos';
import type { ModelOverview } from '../../../worker/core/report/overview';
import type { LayerReport, Report } from '../../../worker/core/report/report';
import { keyOfLstm, layerOf, shownLstm } from '../../derived';
import type { AppState } from '../../state';
import { arithmeticKey } from '../../study';
import { useChartKeys } from '../../ui/useChartKeys';
import { RunningPanel } from '../states/RunningPanel';
import { AnswerStrip } from './AnswerStrip';
import { shownSelection } from './answers';
import { BlamePanel } from './BlamePanel';
import { subjectOfSelection } from './blameRows';
import { CellPanel } from './CellPanel';
import { EmptyCellPanel } from './EmptyCellPanel';
import { LedgerPanel } from './LedgerPanel';
import { SignalPanel } from './SignalPanel';
import { StepsPanel } from './StepsPanel';
import { UnmeasuredPanel } from './UnmeasuredPanel';

/** One LSTM, GRU or simple recurrent layer: answers on top, its cell, the selected signal, and what is lost where. One selection throughout. */
export function LstmView({ state, overview }: { readonly state: AppState; readonly overview: ModelOverview }) {
  useChartKeys();
  const { view, host } = state;
  const lstm = shownLstm(overview, view.lstm);
  if (!lstm) return null;
  const report = host?.report ?? null;
  const layer = layerOf(report, keyOfLstm(lstm));
  const progress = host?.run.status === 'running' ? host.run.progress : null;
  return (
    <div class="lstm">
      <AnswerStrip state={state} overview={overview} lstm={lstm} layer={layer} />
      <div class={`microscope ${progress ? 'stale-cell' : ''} ${report?.quantizedPath && !progress ? 'with-steps' : ''}`}>
        {report && layer ? (
          <Measured state={state} overview={overview} lstm={lstm} layer={layer} report={report} running={progress !== null} />
        ) : (
          <>
            <EmptyCellPanel lstm={lstm} />
            {progress ? null : <UnmeasuredPanel state={state} lstm={lstm} />}
          </>
        )}
        {progress ? <RunningPanel progress={progress} /> : null}
      </div>
    </div>
  );
}

/** The run before, for comparison: only where it was computed in another way. */
function beforeOf({ before }: AppState, report: Report): Report | null {
  return before !== null && arithmeticKey(before) !== arithmeticKey(report) && before.data.label === report.data.label
    ? before
    : null;
}

interface MeasuredProps {
  readonly state: AppState;
  readonly overview: ModelOverview;
  readonly lstm: CellInfo;
  readonly layer: LayerReport;
  readonly report: Report;
  /** The samples of the next run then take the place of the signal. */
  readonly running: boolean;
}

function Measured({ state, overview, lstm, layer, report, running }: MeasuredProps) {
  const { view } = state;
  const { answer } = state.studies.blame;
  const direction = isBidirectional(lstm) ? view.direction : 'forward';
  const selection = shownSelection(lstm, layer, direction, view.signal);
  const shared = { lstm, layer, direction, selection, path: report.quantizedPath };
  return (
    <>
      <CellPanel {...shared} />
      {running ? null : <SignalPanel {...shared} report={report} before={beforeOf(state, report)} view={view} state={state} />}
      {running ? null : <StepsPanel {...shared} report={report} before={beforeOf(state, report)} view={view} />}
      <LedgerPanel {...shared} report={report} view={view} />
      {running || report.quantizedPath === null ? null : (
        <BlamePanel
          state={state}
          overview={overview}
          marked={answer && subjectOfSelection(answer, lstm, selection, overview.ops)}
          first={8}
        />
      )}
    </>
  );
}
