import type { ComponentChildren, HTMLAttributes } from 'preact';

/** The toolkit's elements as JSX knows them: only what the wrappers of this folder use. */
interface ToolkitAttributes extends Omit<HTMLAttributes<HTMLElement>, 'onChange' | 'onInput'> {
  children?: ComponentChildren;
  slot?: string;
  onChange?: (event: Event) => void;
  onInput?: (event: Event) => void;
}

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-button': ToolkitAttributes & { appearance?: 'primary' | 'secondary' | 'icon'; disabled?: boolean };
      'vscode-checkbox': ToolkitAttributes & { checked?: boolean };
      'vscode-dropdown': ToolkitAttributes & { disabled?: boolean; position?: 'above' | 'below' };
      'vscode-link': ToolkitAttributes & { href: string };
      'vscode-option': ToolkitAttributes & { value: string; selected?: boolean };
      'vscode-panels': ToolkitAttributes & { activeid?: string };
      'vscode-panel-tab': ToolkitAttributes;
      'vscode-panel-view': ToolkitAttributes;
      'vscode-progress-ring': ToolkitAttributes;
      'vscode-radio': ToolkitAttributes & { value: string; checked?: boolean };
      'vscode-radio-group': ToolkitAttributes & { value?: string; orientation?: 'horizontal' | 'vertical' };
      'vscode-text-field': ToolkitAttributes & { value?: string; placeholder?: string; type?: 'text' };
    }
  }
}
