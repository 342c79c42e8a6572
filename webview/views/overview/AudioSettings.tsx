import { useState } from 'preact/hooks';
import type { DataOptions } from '../../../worker/core/data/dataOptions';
import { FIELDS, settingsOf, type FeatureField, type FeatureSettings } from '../../../worker/core/data/features/fields';
import { FEATURE_KINDS, type FeatureKind } from '../../../worker/core/data/features/framing';
import { withFeatures, withoutGuessing, type DataForm } from '../../dataForm';
import { Button } from '../../ui/Button';
import { Dropdown } from '../../ui/Dropdown';
import { TextField } from '../../ui/TextField';
import { useInspector } from '../InspectorContext';

const LABELS: Readonly<Record<FeatureKind, string>> = {
  samples: 'raw samples, whole',
  frames: 'raw samples, frames',
  stft: 'STFT magnitude',
  'log-mel': 'log-mel',
  mfcc: 'MFCC',
};

/** What recordings become: guessed, until something is chosen. */
export function AudioSettings(props: { readonly form: DataForm; readonly options: DataOptions; readonly disabled: boolean }) {
  const inspector = useInspector();
  const [isOpen, setOpen] = useState(false);
  const { options, disabled } = props;
  const { features: plan } = props.form;
  const chosen = options.features ?? {};
  const isChosen = options.features !== undefined || options.normalise !== undefined;
  const set = (features: FeatureSettings) => void inspector.setDataOptions(withFeatures(options, features));
  const kind = typeof plan === 'string' ? (FEATURE_KINDS.find((one) => one === chosen['kind']) ?? null) : plan.framing.kind;
  const values: FeatureSettings = typeof plan === 'string' ? chosen : { ...settingsOf(plan.framing), ...chosen };
  const { normalise } = options;
  return (
    <>
      <span>Audio</span>
      <div>
        <div class="line">
          <Dropdown
            label="Audio becomes"
            choices={FEATURE_KINDS.map((one) => ({ value: one, label: LABELS[one] }))}
            value={kind ?? 'samples'}
            disabled={disabled}
            testId="features"
            onChange={(value) => set({ kind: value })}
          />
          <Button
            icon="settings"
            label="Settings of the features"
            tip="Settings"
            expanded={isOpen}
            testId="feature-settings"
            onClick={() => setOpen(!isOpen)}
          />
        </div>
        <p class="caption" data-testid="features-why">
          {typeof plan === 'string' ? plan : `${isChosen ? 'Chosen' : plan.isGuessed ? 'Guessed' : 'Taken'}: ${plan.because}.`}
        </p>
      </div>
      {isOpen ? (
        <>
          {FIELDS.filter(({ kinds }) => kind === null || kinds.includes(kind)).map((field) => (
            <Setting
              key={field.name}
              field={field}
              value={String(values[field.name] ?? '')}
              disabled={disabled}
              onChange={(value) => set({ ...(kind === null ? {} : { kind }), ...chosen, [field.name]: value })}
            />
          ))}
          <span>Mean, std</span>
          <div class="line">
            <span class="caption">{normalise === undefined ? 'none' : `${normalise.mean.length} numbers each`}</span>
            <Button disabled={disabled} onClick={() => void inspector.chooseNormalisation()}>
              Choose .json…
            </Button>
          </div>
          {isChosen ? (
            <>
              <span />
              <Button
                disabled={disabled}
                testId="features-reset"
                onClick={() => void inspector.setDataOptions(withoutGuessing(options))}
              >
                Back to the guess
              </Button>
            </>
          ) : null}
        </>
      ) : null}
    </>
  );
}

function Setting(props: {
  readonly field: FeatureField;
  readonly value: string;
  readonly disabled: boolean;
  readonly onChange: (value: string) => void;
}) {
  const { field, value, disabled } = props;
  const { choices } = field;
  return (
    <>
      <span data-tip={field.tip}>{field.label}</span>
      {choices === null ? (
        <TextField
          label={field.label}
          placeholder=""
          value={value}
          testId={`feature-${field.name}`}
          onInput={(text) => {
            if (!disabled) props.onChange(text);
          }}
        />
      ) : (
        <Dropdown
          label={field.label}
          choices={choices.map((one) => ({ value: one, label: one }))}
          value={value}
          disabled={disabled}
          testId={`feature-${field.name}`}
          onChange={props.onChange}
        />
      )}
    </>
  );
}
