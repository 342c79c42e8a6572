import { provideVSCodeDesignSystem, vsCodeButton } from '@vscode/webview-ui-toolkit';
import type { ComponentChildren } from 'preact';

provideVSCodeDesignSystem().register(vsCodeButton());

export interface ButtonProps {
  readonly children?: ComponentChildren;
  readonly icon?: string;
  readonly primary?: boolean;
  /** Only the icon, without a box. */
  readonly quiet?: boolean;
  readonly disabled?: boolean;
  /** Name for assistive technology where the text alone is not enough. */
  readonly label?: string;
  readonly tip?: string;
  readonly testId?: string;
  readonly expanded?: boolean;
  readonly onClick: () => void;
}

export function Button({ children, icon, primary, quiet, disabled, label, tip, testId, expanded, onClick }: ButtonProps) {
  const appearance = primary ? 'primary' : quiet ? 'icon' : 'secondary';
  const iconOnly = icon !== undefined && children === undefined;
  return (
    <vscode-button
      appearance={appearance}
      class={icon === undefined ? '' : iconOnly ? 'icon-only' : 'with-icon'}
      disabled={disabled ?? false}
      aria-label={label}
      aria-expanded={expanded}
      data-tip={tip}
      data-testid={testId}
      onClick={(event: MouseEvent) => {
        // The second half of a double click would press what has taken the button's place: Cancel where Run was.
        if (!disabled && event.detail < 2) onClick();
      }}
    >
      {icon === undefined ? null : iconOnly ? (
        <i class={`codicon codicon-${icon}`} aria-hidden="true" />
      ) : (
        <i slot="start" class={`codicon codicon-${icon}`} aria-hidden="true" />
      )}
      {children}
    </vscode-button>
  );
}
