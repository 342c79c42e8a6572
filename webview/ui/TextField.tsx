import { provideVSCodeDesignSystem, vsCodeTextField } from '@vscode/webview-ui-toolkit';
import { useEffect, useRef } from 'preact/hooks';
import { isTyping } from './isTyping';

provideVSCodeDesignSystem().register(vsCodeTextField());

export function TextField(props: {
  readonly label: string;
  readonly placeholder: string;
  readonly icon?: string;
  readonly value: string;
  readonly testId?: string;
  /** Key that brings the focus here from anywhere but another text. */
  readonly focusKey?: string;
  readonly onInput: (value: string) => void;
}) {
  const element = useRef<HTMLElement>(null);
  const { focusKey, label } = props;
  // The element names itself when it is connected, whatever its attribute says.
  useEffect(() => {
    element.current?.setAttribute('aria-label', label);
  }, [label]);
  useEffect(() => {
    if (focusKey === undefined) return undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== focusKey || isTyping(event)) return;
      event.preventDefault();
      element.current?.focus();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => {
      document.removeEventListener('keydown', onKeyDown);
    };
  }, [focusKey]);
  return (
    <vscode-text-field
      ref={element}
      type="text"
      placeholder={props.placeholder}
      value={props.value}
      data-testid={props.testId}
      onInput={(event: Event) => {
        props.onInput((event.currentTarget as HTMLElement & { value: string }).value);
      }}
    >
      {props.icon === undefined ? null : <i slot="start" class={`codicon codicon-${props.icon}`} aria-hidden="true" />}
    </vscode-text-field>
  );
}
