import type { ComponentChildren } from 'preact';
import type { QuantizedState, UsedCalibration } from '../../../extension/protocol/fix';
import type { Effect } from '../../../worker/core/fix/effect';
import { byteCount, count, decibel, percent } from '../../charts/format';
import type { AppState } from '../../state';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { useInspector } from '../InspectorContext';
import { plural } from '../text';
import { JobProgress } from './JobProgress';
import { changeText, sqnrText, taskText } from './effects';

/** The answer: what the quantized model is worth now, beside the step before. */
export function EffectPanel({ state, quantized }: { readonly state: AppState; readonly quantized: QuantizedState }) {
  const inspector = useInspector();
  const { steps, step, calibration } = quantized;
  const now = steps[step]?.effect ?? null;
  const before = step > 0 ? (steps[step - 1]?.effect ?? null) : quantized.file;
  const scheme = steps[step]?.recipe.scheme ?? 'int8';
  const isMeasuring = now === null && state.host?.run.status === 'running';
  // Figures of the step before stay, dimmed, until those of this one are there.
  const shown = now ?? (isMeasuring ? before : null);
  const job = state.host?.fix.job;
  const isBusy = job?.status === 'running';
  const model = state.host?.model;
  const isOnnx = model?.status === 'open' && model.overview.format === 'onnx';
  return (
    <section class="panel effect" aria-label="Effect" data-testid="panel-effect">
      <Answer
        title={`Output error, ${scheme} against float`}
        testId="fix-sqnr"
        stale={now === null}
        caption={effectCaption(now, before, step, isMeasuring)}
      >
        {decibel(shown?.sqnrDb ?? null, shown?.exact)}
        {shown && shown.sqnrDb !== null ? <small> dB</small> : null}
      </Answer>
      {shown?.task ? (
        <Answer
          title={`Wrong ${shown.task.unit}`}
          testId="fix-task"
          stale={now === null}
          caption={`of ${count(shown.task.total)}; float ${count(shown.task.floatErrors)}`}
        >
          {count(shown.task.errors)}
        </Answer>
      ) : null}
      <Answer title="Size" testId="fix-size" caption={`${byteCount(quantized.byteLength)} of ${count(quantized.sourceBytes)}`}>
        {percent(quantized.byteLength / Math.max(1, quantized.sourceBytes))}
      </Answer>
      <Answer
        title="Ranges"
        testId="fix-ranges"
        small
        caption={scheme === 'hybrid' ? 'hybrid needs none' : rangesCaption(calibration)}
      >
        {scheme === 'hybrid' ? 'none' : calibration.label}
      </Answer>
      <div class="effect-actions">
        <Button
          icon="discard"
          label="Undo"
          tip="Undo (Z)"
          testId="undo"
          disabled={isBusy || step === 0}
          onClick={() => void inspector.fix.move(-1)}
        />
        <Button
          icon="redo"
          label="Redo"
          tip="Redo (Shift+Z)"
          testId="redo"
          disabled={isBusy || step >= steps.length - 1}
          onClick={() => void inspector.fix.move(1)}
        />
        <Button
          icon="save"
          testId="save-recipe"
          disabled={isBusy}
          tip="The recipe as JSON, for the command line and for later"
          onClick={() => void inspector.fix.saveRecipe()}
        >
          Save recipe…
        </Button>
        {isOnnx ? null : (
          <Button
            primary
            icon="save-as"
            testId="save-quantized"
            disabled={isBusy}
            onClick={() => void inspector.fix.saveQuantized()}
          >
            Save quantized model as…
          </Button>
        )}
      </div>
      {isOnnx ? (
        <p class="caveat" data-testid="not-saved-as-onnx">
          <Icon name="info" />
          There is no model file to save: no ONNX operator holds an integer LSTM. What one computes is shown in all screens.
        </p>
      ) : null}
      {job?.status === 'running' ? <JobProgress job={job} /> : null}
      {job?.status === 'failed' ? (
        <p class="caveat problem" role="alert" data-testid="fix-problem">
          <Icon name="error" />
          {job.message}
        </p>
      ) : null}
      {calibration.notes.map((note) => (
        <p class="caveat" key={note} data-testid="calibration-note">
          <Icon name={calibration.source === 'synthetic' ? 'beaker' : 'info'} />
          {note}
        </p>
      ))}
    </section>
  );
}

function Answer(props: {
  readonly title: string;
  readonly caption: string;
  readonly testId: string;
  readonly small?: boolean;
  /** Of the step before. */
  readonly stale?: boolean;
  readonly children: ComponentChildren;
}) {
  return (
    <div class={`effect-answer ${props.stale ? 'stale' : ''}`} data-testid={props.testId}>
      <div class="caption">{props.title}</div>
      <div class={props.small ? 'answer-name' : 'big'}>{props.children}</div>
      <div class="caption">{props.caption}</div>
    </div>
  );
}

function effectCaption(now: Effect | null, before: Effect | null, step: number, isMeasuring: boolean): string {
  if (now === null) return isMeasuring ? 'measuring' : 'not measured';
  const covered = now.complete ? '' : `stopped after ${plural(now.samples, 'sample')}; `;
  const synthetic = now.synthetic ? 'synthetic data; ' : '';
  if (before === null) return `${covered}${synthetic}${plural(now.samples, 'sample')}`;
  const what = step === 0 ? 'the file' : 'before';
  const task = taskText(before);
  return `${covered}${synthetic}${what} ${sqnrText(before)}${task === null ? '' : `, ${task}`}: ${changeText(now, before)}`;
}

const STATE_TEXT = {
  reset: 'states reset',
  carry: 'states carried over',
  'as-tflite': 'states as in TFLite’s calibrator',
} as const;

function rangesCaption({ source, samples, steps, state }: UsedCalibration): string {
  if (source === 'none') return 'none taken';
  if (source === 'file') return 'as the float file keeps them';
  return `${plural(samples, source === 'synthetic' ? 'random sample' : 'sample')}, ${plural(steps, 'step')}, ${STATE_TEXT[state]}`;
}
