import type { Comparison } from '../../../worker/core/compare/comparison';
import type { ModelOverview } from '../../../worker/core/report/overview';
import type { AppState } from '../../state';
import { StudyProgress } from '../StudyProgress';
import { CompareAnswers } from './CompareAnswers';
import { CompareBar } from './CompareBar';
import { coverageText, shownLayer } from './comparisonRows';
import { FilesPanel } from './FilesPanel';
import { LayersPanel } from './LayersPanel';
import { NothingCompared } from './NothingCompared';
import { ChangedAnswers, SamePanel, StepErrorsPanel } from './SidePanels';
import { SignalsPanel } from './SignalsPanel';
import { WhyPanel } from './WhyPanel';

interface Props {
  readonly state: AppState;
  readonly overview: ModelOverview;
}

/** This model beside another, or beside itself in another arithmetic. */
export function CompareView({ state, overview }: Props) {
  const { answer, asked, problem } = state.studies.comparison;
  return (
    <div class="compare">
      <CompareBar state={state} overview={overview} />
      {asked ? (
        <section class="panel study-running" aria-label="Comparing" data-testid="comparing">
          <StudyProgress asked={asked} label="Compare" />
        </section>
      ) : null}
      {problem === null ? null : (
        <p class="study-problem" role="alert" data-testid="compare-failed">
          {problem}
        </p>
      )}
      {answer ? (
        <div class={`compared ${asked ? 'stale' : ''}`} data-testid="compared">
          <Compared comparison={answer} overview={overview} state={state} />
        </div>
      ) : asked ? null : (
        <NothingCompared state={state} overview={overview} />
      )}
    </div>
  );
}

function Compared({ comparison, overview, state: { view } }: Props & { readonly comparison: Comparison }) {
  const { run } = comparison;
  const layer = run ? shownLayer(run, view.comparedOp) : null;
  return (
    <>
      <p class="caption coverage" data-testid="compare-coverage">
        {coverageText(comparison)}
      </p>
      <CompareAnswers comparison={comparison} overview={overview} />
      <div class="compare-columns">
        <div class="column">
          {run && layer ? <SignalsPanel run={run} layer={layer} overview={overview} view={view} /> : null}
          {run && run.layers.length > 0 ? <LayersPanel run={run} overview={overview} /> : null}
          <FilesPanel comparison={comparison} />
        </div>
        <div class="column">
          {run ? <StepErrorsPanel run={run} layer={layer} /> : null}
          <WhyPanel comparison={comparison} overview={overview} />
          <ChangedAnswers task={run?.task ?? null} />
          <SamePanel sameFile={comparison.sameFile} layer={layer} direction={view.direction} />
        </div>
      </div>
    </>
  );
}
