import { provideVSCodeDesignSystem, vsCodeRadio, vsCodeRadioGroup } from '@vscode/webview-ui-toolkit';
import type { Choice } from './choice';

provideVSCodeDesignSystem().register(vsCodeRadio(), vsCodeRadioGroup());

/** One of a few, each on its own line. */
export function RadioGroup<V extends string>(props: {
  readonly label: string;
  readonly choices: readonly Choice<V>[];
  readonly value: V;
  readonly testId?: string;
  readonly onChange: (value: V) => void;
}) {
  return (
    <vscode-radio-group
      orientation="vertical"
      value={props.value}
      data-testid={props.testId}
      onChange={(event: Event) => {
        const { value } = event.target as HTMLElement & { value?: string };
        const choice = props.choices.find((candidate) => candidate.value === value);
        if (choice && choice.value !== props.value) props.onChange(choice.value);
      }}
    >
      <label slot="label">{props.label}</label>
      {props.choices.map((choice) => (
        <vscode-radio key={choice.value} value={choice.value} checked={choice.value === props.value}>
          {choice.label}
        </vscode-radio>
      ))}
    </vscode-radio-group>
  );
}
