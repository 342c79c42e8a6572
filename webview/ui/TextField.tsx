import { provideVSCodeDesignSystem, vsCodeTextField } from '@vscode/webview-ui-toolkit';

provideVSCodeDesignSystem().register(vsCodeTextField());

export function TextField(props: {
  readonly label: string;
  readonly placeholder: string;
  readonly icon: string;
  readonly value: string;
  readonly testId?: string;
  readonly onInput: (value: string) => void;
}) {
  return (
    <vscode-text-field
      type="text"
      aria-label={props.label}
      placeholder={props.placeholder}
      value={props.value}
      data-testid={props.testId}
      onInput={(event: Event) => {
        props.onInput((event.currentTarget as HTMLElement & { value: string }).value);
      }}
    >
      <i slot="start" class={`codicon codicon-${props.icon}`} aria-hidden="true" />
    </vscode-text-field>
  );
}
