import { provideVSCodeDesignSystem, vsCodeLink } from '@vscode/webview-ui-toolkit';
import type { ComponentChildren } from 'preact';

provideVSCodeDesignSystem().register(vsCodeLink());

/** Goes to another place inside the inspector. */
export function Link(props: {
  readonly children: ComponentChildren;
  readonly label?: string;
  readonly tip?: string;
  readonly testId?: string;
  readonly onClick: () => void;
}) {
  return (
    <vscode-link
      href="#"
      aria-label={props.label}
      data-tip={props.tip}
      data-testid={props.testId}
      onClick={(event: Event) => {
        event.preventDefault();
        props.onClick();
      }}
    >
      {props.children}
    </vscode-link>
  );
}
