import { provideVSCodeDesignSystem, vsCodeDropdown, vsCodeOption } from '@vscode/webview-ui-toolkit';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Choice } from './choice';

provideVSCodeDesignSystem().register(vsCodeDropdown(), vsCodeOption());

export interface DropdownProps<V extends string> {
  /** Name for assistive technology. */
  readonly label: string;
  /** Word before the value, dim; hidden in narrow editors. */
  readonly prefix?: string;
  readonly choices: readonly Choice<V>[];
  readonly value: V;
  readonly disabled?: boolean;
  readonly testId?: string;
  readonly onChange: (value: V) => void;
}

type DropdownElement = HTMLElement & { value: string };

export function Dropdown<V extends string>(props: DropdownProps<V>) {
  const element = useRef<DropdownElement>(null);
  // The element takes its options in after a slot change, so the value is set again whenever either changes.
  useLayoutEffect(() => {
    if (element.current && element.current.value !== props.value) element.current.value = props.value;
  }, [props.value, props.choices]);
  const chosen = props.choices.find(({ value }) => value === props.value);
  return (
    <vscode-dropdown
      ref={element}
      aria-label={props.label}
      disabled={props.disabled ?? false}
      data-testid={props.testId}
      onChange={(event: Event) => {
        const target = event.currentTarget as DropdownElement;
        const choice = props.choices.find((candidate) => candidate.value === target.value);
        if (!choice || choice.value === props.value) return;
        props.onChange(choice.value);
        // A choice such as "Choose data…" is no value: the owner decides, and the control follows it.
        target.value = props.value;
      }}
    >
      {props.prefix === undefined ? null : (
        <b slot="start" class="dropdown-prefix">
          {props.prefix}
        </b>
      )}
      {chosen === undefined ? null : (
        <div slot="selected-value" class="dropdown-value">
          {chosen.short ?? chosen.label}
        </div>
      )}
      <i slot="indicator" class="codicon codicon-chevron-down" aria-hidden="true" />
      {props.choices.map((choice) => (
        <vscode-option key={choice.value} value={choice.value} selected={choice.value === props.value}>
          {choice.label}
        </vscode-option>
      ))}
    </vscode-dropdown>
  );
}
