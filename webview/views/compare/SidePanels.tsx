import type { LayerDifference, RunDifferences, TaskDifference } from '../../../worker/core/compare/comparison';
import { TwoErrors } from '../../charts/TwoErrors';
import { stepErrorsTable } from '../../figures/comparisonTables';
import { Panel } from '../../ui/Panel';
import { Sized } from '../../ui/Sized';
import { plural } from '../text';
import { layerName, outputOf, sameTexts, signalsOf } from './comparisonRows';

/** Error of the output along time, on both sides. */
export function StepErrorsPanel({ run, layer }: { readonly run: RunDifferences; readonly layer: LayerDifference | null }) {
  const main = run.mainLayer === null ? null : (run.layers[run.mainLayer] ?? null);
  // An output without a time axis has no steps to show: then the LSTM's own.
  const shown = [main, layer].find((one) => one && (outputOf(one)?.steps?.values.length ?? 0) > 1);
  const steps = shown ? outputOf(shown)?.steps : null;
  if (!shown || !steps || steps.rmsA.every((value) => value === null)) return null;
  return (
    <Panel
      title={`${shown === main ? 'Output' : layerName(shown)} error per step`}
      detail="RMS against float"
      testId="panel-step-errors"
      copies
      charted={() => [stepErrorsTable(steps, layerName(shown))]}
    >
      <Sized>
        {({ width }) => (
          <TwoErrors
            width={width}
            height={178}
            title="Error per step"
            summary={`of ${layerName(shown)}, A drawn through, B dashed`}
            a={steps.rmsA}
            b={steps.rmsB}
            stepsPerEntry={steps.perEntry}
          />
        )}
      </Sized>
    </Panel>
  );
}

/** What both sides have in common. */
export function SamePanel(props: {
  readonly sameFile: boolean;
  readonly layer: LayerDifference | null;
  readonly direction: 'forward' | 'backward';
}) {
  const texts = props.layer ? sameTexts(signalsOf(props.layer, props.direction).same) : [];
  if (!props.sameFile && texts.length === 0) return null;
  return (
    <Panel title="Same in both" testId="panel-same">
      <ul class="dim same">
        {props.sameFile ? <li>All tensors, scales and zero points: it is one file.</li> : null}
        {texts.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </Panel>
  );
}

const MOST_ANSWERS = 12;

/** Samples that are answered otherwise on the user's own task. */
export function ChangedAnswers({ task }: { readonly task: TaskDifference | null }) {
  if (task === null || task.changed.length === 0) return null;
  const shown = task.changed.slice(0, MOST_ANSWERS);
  const rest = task.changed.length - shown.length;
  return (
    <Panel
      title="Answered otherwise"
      detail={`${plural(task.changed.length, 'sample')} of ${task.samples}`}
      testId="panel-changed"
      copies
    >
      <table class="answers" aria-label="Samples answered otherwise">
        <thead>
          <tr>
            {['sample', 'expected', 'A', 'B'].map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(({ sample, expected, a, b }) => (
            <tr key={sample}>
              <th scope="row">{sample}</th>
              {[expected, a, b].map((text, k) => (
                <td key={k} class={`figure ${k > 0 && text !== expected ? 'wrong' : k > 0 ? 'dim' : ''}`}>
                  {text === '' ? 'nothing' : text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rest > 0 ? <p class="caption">{`And ${rest} more.`}</p> : null}
    </Panel>
  );
}
