import { useMemo } from 'preact/hooks';
import type { FixState } from '../../../extension/protocol/fix';
import { observerLabel, PLAIN_RECIPE, settingsOf, withSettings, type RecipeSettings } from '../../../worker/core/fix/editRecipe';
import { OBSERVERS } from '../../../worker/core/fix/observedValue';
import type { ObserverName } from '../../../worker/core/recipe/recipe';
import type { AppState } from '../../state';
import { Button } from '../../ui/Button';
import type { Choice } from '../../ui/choice';
import { Dropdown } from '../../ui/Dropdown';
import { Icon } from '../../ui/Icon';
import { Panel } from '../../ui/Panel';
import { Segmented } from '../../ui/Segmented';
import { useInspector } from '../InspectorContext';
import { settingsLabel } from './effects';
import { JobProgress } from './JobProgress';

const CHOOSE = 'choose-calibration';

const SCHEMES: readonly Choice<RecipeSettings['scheme']>[] = [
  { value: 'int8', label: 'int8', tip: 'Integer throughout; needs ranges' },
  { value: 'hybrid', label: 'hybrid', tip: 'int8 weights, float activations; needs no ranges' },
];
const STATES: readonly Choice<RecipeSettings['state']>[] = [
  { value: 'reset', label: 'reset', tip: 'Every sample starts with h and c at zero' },
  { value: 'carry', label: 'carry', tip: 'Samples follow each other, as in a stream' },
  {
    value: 'as-tflite',
    label: 'as TFLite',
    tip: 'Carried over, restarted when the shape changes: as TensorFlow Lite’s calibrator does',
  },
];
const TYPES: readonly Choice<'int8' | 'float32'>[] = [
  { value: 'int8', label: 'int8', tip: 'The application gives and takes codes' },
  { value: 'float32', label: 'float32', tip: 'QUANTIZE and DEQUANTIZE at the boundary' },
];

/** How the float model is quantized: where ranges come from, and what holds for the whole model. */
export function QuantizePanel({ state, fix }: { readonly state: AppState; readonly fix: FixState }) {
  const inspector = useInspector();
  const { quantized, job, calibrations } = fix;
  const recipe = quantized?.steps[quantized.step]?.recipe ?? PLAIN_RECIPE;
  const before = quantized === null ? null : settingsOf(recipe);
  const form = state.view.quantize;
  const settings = form?.settings ?? before ?? settingsOf(PLAIN_RECIPE);
  const calibration =
    calibrations.find(({ id }) => id === form?.calibrationId) ??
    calibrations.find(({ id }) => id === quantized?.calibration.id) ??
    calibrations.find(({ source }) => source !== 'synthetic') ??
    null;
  const isBusy = job.status === 'running';
  const isHybrid = settings.scheme === 'hybrid';
  const set = (change: Partial<RecipeSettings>, calibrationId = calibration?.id ?? null) => {
    inspector.view({ quantize: { calibrationId, settings: { ...settings, ...change } } });
  };
  const choices = useMemo(
    () => [
      ...calibrations.map(({ id, label, detail, synthetic }) => ({
        value: id,
        label: synthetic ? `${label}: for trying things out only` : `${label} · ${detail}`,
        short: label,
      })),
      { value: CHOOSE, label: 'Choose data…' },
    ],
    [calibrations],
  );
  const start = () => {
    const label = settingsLabel(settings, before, calibration?.label ?? '');
    void inspector.fix.quantize(calibration?.id ?? '', withSettings(recipe, settings), label);
  };
  return (
    <Panel title="Quantize" detail={fix.source ?? ''} testId="panel-quantize">
      <div class="form">
        <span>Scheme</span>
        <Segmented
          label="Scheme"
          choices={SCHEMES}
          value={settings.scheme}
          disabled={isBusy}
          testId="scheme"
          onChange={(scheme) => set({ scheme })}
        />
        {isHybrid ? null : (
          <>
            <span>Calibration</span>
            <div class="line">
              <Dropdown
                label="Calibration data"
                choices={choices}
                value={calibration?.id ?? ''}
                disabled={isBusy}
                testId="calibration"
                onChange={(id) => {
                  if (id === CHOOSE) void inspector.fix.chooseCalibration();
                  else set({}, id);
                }}
              />
              <Button
                icon="folder-opened"
                label="Choose calibration data…"
                tip="Choose calibration data"
                onClick={() => void inspector.fix.chooseCalibration()}
              />
            </div>
            <span>States</span>
            <Segmented
              label="States between samples"
              choices={STATES}
              value={settings.state}
              disabled={isBusy}
              testId="calibration-states"
              onChange={(value) => set({ state: value })}
            />
            <span>Observer</span>
            <Dropdown
              label="Observer"
              choices={observerChoices(settings.observer)}
              value={settings.observer}
              disabled={isBusy}
              testId="observer"
              onChange={(observer) => set({ observer })}
            />
            <span>Inputs</span>
            <Segmented
              label="Inputs"
              choices={TYPES}
              value={settings.inputs}
              disabled={isBusy}
              testId="quantize-inputs"
              onChange={(inputs) => set({ inputs })}
            />
            <span>Outputs</span>
            <Segmented
              label="Outputs"
              choices={TYPES}
              value={settings.outputs}
              disabled={isBusy}
              testId="quantize-outputs"
              onChange={(outputs) => set({ outputs })}
            />
          </>
        )}
      </div>
      {isHybrid ? (
        <p class="caption">int8 weights, float activations: needs no ranges.</p>
      ) : (
        <CalibrationCaption source={calibration?.source ?? null} />
      )}
      {quantized === null && job.status === 'failed' ? (
        <p class="caveat problem" role="alert" data-testid="quantize-problem">
          <Icon name="error" />
          {job.message}
        </p>
      ) : null}
      {quantized === null && isBusy ? (
        <JobProgress job={job} />
      ) : (
        <div class="line run-line wrap">
          <Button
            primary={quantized === null}
            icon="symbol-numeric"
            testId="quantize"
            disabled={isBusy || (!isHybrid && calibration === null)}
            onClick={start}
          >
            {quantized === null ? 'Quantize' : 'Quantize again'}
          </Button>
          <Button
            icon="folder-opened"
            testId="open-recipe"
            disabled={isBusy}
            tip="A recipe as JSON, as saved here or written by hand"
            onClick={() => void inspector.fix.openRecipe(calibration?.id ?? '')}
          >
            Open recipe…
          </Button>
        </div>
      )}
    </Panel>
  );
}

/** One that only a recipe names stands among them. */
function observerChoices(own: ObserverName): readonly Choice<ObserverName>[] {
  const names: readonly ObserverName[] = (OBSERVERS as readonly ObserverName[]).includes(own) ? OBSERVERS : [...OBSERVERS, own];
  return names.map((value) => ({ value, label: observerLabel(value) }));
}

function CalibrationCaption({ source }: { readonly source: 'data' | 'synthetic' | 'file' | null }) {
  const text =
    source === 'synthetic'
      ? 'Synthetic data: ranges of random values, for trying things out only.'
      : source === null
        ? 'No data was found beside the model. Choose some 100 typical samples.'
        : null;
  return text === null ? null : <p class="caption">{text}</p>;
}
