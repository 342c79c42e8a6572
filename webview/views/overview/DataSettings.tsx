import { Fragment } from 'preact';
import { dataForm, isCallOpen, steppedText, withCallSize, withSamplesAxis, withState, withStepped } from '../../dataForm';
import { chosenData } from '../../derived';
import type { AppState } from '../../state';
import { Button } from '../../ui/Button';
import type { Choice } from '../../ui/choice';
import { Dropdown } from '../../ui/Dropdown';
import { Segmented } from '../../ui/Segmented';
import { TextField } from '../../ui/TextField';
import { useInspector } from '../InspectorContext';
import { AudioSettings } from './AudioSettings';

const CALLS: readonly Choice<'stepped' | 'single'>[] = [
  { value: 'stepped', label: 'stepped', tip: 'A sample is many calls; states go from one to the next' },
  { value: 'single', label: 'one a sample', tip: 'A sample is one call' },
];
const AXES: readonly Choice<'one' | 'many'>[] = [
  { value: 'one', label: 'one sample', tip: 'An array with as many axes as the input is one sample' },
  { value: 'many', label: 'first axis counts samples', tip: '[N, 28, 28] for an input [1, 28, 28] is N samples' },
];
const DATA = 'data';

/** Rows of the data panel: how files become what the model takes. Only what matters for this model and data is there. */
export function DataSettings({ state }: { readonly state: AppState }) {
  const inspector = useInspector();
  const { host } = state;
  if (host?.model.status !== 'open') return null;
  const { overview } = host.model;
  const options = host.dataOptions ?? {};
  const disabled = host.run.status === 'running';
  const form = dataForm(overview, options);
  const { ports, stepping } = form;
  const data = chosenData(state);
  const pairs = typeof stepping === 'string' ? [] : stepping.pairs;
  const mayStep = pairs.length > 0 || options.stepped !== undefined || options.statePairs !== undefined;
  const isStepped = typeof stepping !== 'string' && stepping.stepped === true;
  const first = ports.inputs[0];
  const mayCount =
    data?.synthetic === false && data.audio !== true && !isStepped && first?.shape[0] === 1 && first.shape.length > 1;
  const outputs = (dtype: string): readonly Choice[] => [
    { value: DATA, label: 'from data' },
    ...ports.outputs.filter((output) => output.dtype === dtype).map(({ name }) => ({ value: name, label: `state from ${name}` })),
  ];
  return (
    <>
      {data?.audio === true ? <AudioSettings form={form} options={options} disabled={disabled} /> : null}
      {mayCount ? (
        <>
          <span>Arrays</span>
          <Segmented
            label="Arrays"
            choices={AXES}
            value={options.samplesAxis === 0 ? 'many' : 'one'}
            disabled={disabled}
            testId="samples-axis"
            onChange={(value) => void inspector.setDataOptions(withSamplesAxis(options, value === 'many'))}
          />
        </>
      ) : null}
      {isCallOpen(form) ? (
        <>
          <span data-tip="The model leaves the size of its input open">Values a call</span>
          <TextField
            label="Values a call"
            placeholder={form.callSize === null ? 'as in the data' : `${form.callSize} (guess)`}
            value={options.callSize === undefined ? '' : String(options.callSize)}
            testId="call-size"
            onInput={(text) => {
              if (!disabled) void inspector.setDataOptions(withCallSize(options, text.trim() === '' ? null : Number(text)));
            }}
          />
        </>
      ) : null}
      {mayStep ? (
        <>
          <span>Calls</span>
          <div>
            <Segmented
              label="Calls"
              choices={CALLS}
              value={isStepped ? 'stepped' : 'single'}
              disabled={disabled}
              testId="calls"
              onChange={(value) => void inspector.setDataOptions(withStepped(options, value === 'stepped'))}
            />
            {isStepped ? (
              <p class="caption" data-testid="stepped">
                {steppedText(form)}
              </p>
            ) : null}
          </div>
        </>
      ) : null}
      {ports.inputs.length < 2
        ? null
        : ports.inputs.map(({ name, dtype }, position) => {
            const pair = pairs.find(({ input }) => input === position);
            const from = pair === undefined ? DATA : (ports.outputs[pair.output]?.name ?? DATA);
            return (
              <Fragment key={name}>
                <span class="input-name" title={name}>
                  {name}
                </span>
                <div class="line">
                  <Dropdown
                    label={`Input ${name}`}
                    choices={outputs(dtype)}
                    value={from}
                    disabled={disabled}
                    testId={`input-${position}`}
                    onChange={(output) =>
                      void inspector.setDataOptions(withState(options, form, name, output === DATA ? null : output))
                    }
                  />
                  <Button
                    icon="file"
                    label={`Choose a file for input ${name}…`}
                    tip="Choose a file for this input"
                    disabled={disabled}
                    onClick={() => void inspector.chooseInput(name)}
                  />
                </div>
              </Fragment>
            );
          })}
    </>
  );
}
