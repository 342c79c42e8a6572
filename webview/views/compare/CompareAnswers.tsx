import type { ComponentChildren } from 'preact';
import type { Comparison, RunDifferences } from '../../../worker/core/compare/comparison';
import type { ModelOverview } from '../../../worker/core/report/overview';
import { count, decibel, withUnit } from '../../charts/format';
import { useInspector } from '../InspectorContext';
import { plural } from '../text';
import { amountOf, layerName, nameOf, outputOf, placeOf, selectionOfSignal, staticText, whatDiffers } from './comparisonRows';

interface Props {
  readonly comparison: Comparison;
  readonly overview: ModelOverview;
}

/** The answers in words: where first, how much, how far from float, why. */
export function CompareAnswers({ comparison, overview }: Props) {
  const { run, causes } = comparison;
  return (
    <section class="strip compare-strip" aria-label="Answers" data-testid="compare-answers">
      {run ? <RunAnswers run={run} overview={overview} /> : null}
      <Answer label={causes.length > 0 ? 'Cause' : 'Files'}>
        {causes.length > 0
          ? causes.map(({ label, on }) => `the ${label}, in ${on.toUpperCase()} only`).join('; ')
          : staticText(comparison)}
      </Answer>
    </section>
  );
}

function RunAnswers({ run, overview }: { readonly run: RunDifferences; readonly overview: ModelOverview }) {
  const inspector = useInspector();
  const { first, layers, mainLayer, task } = run;
  const firstLayer = first === null ? null : (layers[first.layer] ?? null);
  const main = mainLayer === null ? null : (layers[mainLayer] ?? null);
  const output = main && outputOf(main);
  const place = firstLayer && placeOf(overview, firstLayer.a);
  const goToFirst =
    first && place
      ? () => {
          const signal = selectionOfSignal(first.signal);
          if (signal === null) inspector.openLayer(place);
          else {
            inspector.openLstm(place, signal);
            inspector.view({ sample: first.sample, step: first.step, unit: first.unit });
          }
        }
      : null;
  return (
    <>
      <Answer label="First difference" onClick={goToFirst} testId="first-difference">
        {first && firstLayer ? (
          <>
            <b>{`${first.step === null ? '' : `step ${first.step}, `}${nameOf(first.signal)[0]}`}</b>{' '}
            {`${nameOf(first.signal)[1]} of ${layerName(firstLayer)}, ${count(first.units)} of ${plural(first.ofUnits, 'unit')}`}
          </>
        ) : (
          <span class="dim">no value differs</span>
        )}
      </Answer>
      {output ? (
        <Answer label={`Output ${whatDiffers(output)} that differ`} testId="output-differs">
          {output.differing === 0 ? (
            <span class="dim">none</span>
          ) : (
            <>
              <b>{count(output.differing)}</b> of {count(output.values)} <span class="dim">by up to {amountOf(output)}</span>
            </>
          )}
        </Answer>
      ) : null}
      {output ? (
        <Answer label="Output against float" testId="output-against-float">
          A <b>{withUnit(decibel(output.sqnrDbA, output.maxErrorA === 0), 'dB')}</b> B{' '}
          <b>{withUnit(decibel(output.sqnrDbB, output.maxErrorB === 0), 'dB')}</b>
        </Answer>
      ) : null}
      {task ? (
        <Answer label={`Errors in ${task.unit}`} testId="task-differs">
          A <b>{count(task.errorsA)}</b> B <b>{count(task.errorsB)}</b> <span class="dim">of {count(task.total)}</span>
        </Answer>
      ) : null}
    </>
  );
}

function Answer(props: {
  readonly label: string;
  readonly testId?: string;
  readonly onClick?: (() => void) | null;
  readonly children: ComponentChildren;
}) {
  const content = (
    <>
      <span class="answer-label">{props.label}</span>
      <span class="answer-value">{props.children}</span>
    </>
  );
  return props.onClick ? (
    <button type="button" class="answer" data-testid={props.testId} onClick={props.onClick}>
      {content}
    </button>
  ) : (
    <div class="answer" data-testid={props.testId}>
      {content}
    </div>
  );
}
