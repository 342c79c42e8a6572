import { provideVSCodeDesignSystem, vsCodeBadge } from '@vscode/webview-ui-toolkit';
import type { ComponentChildren } from 'preact';

provideVSCodeDesignSystem().register(vsCodeBadge());

/** A small number or letter on the theme's badge colours. */
export function Badge({ children }: { readonly children: ComponentChildren }) {
  return <vscode-badge>{children}</vscode-badge>;
}
