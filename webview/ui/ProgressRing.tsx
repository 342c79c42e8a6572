import { provideVSCodeDesignSystem, vsCodeProgressRing } from '@vscode/webview-ui-toolkit';
import { Icon } from './Icon';
import { prefersStillness } from './stillness';

provideVSCodeDesignSystem().register(vsCodeProgressRing());

/** Something is under way; a still hourglass where nothing may turn. */
export function ProgressRing({ label }: { readonly label: string }) {
  if (!prefersStillness()) return <vscode-progress-ring aria-label={label} />;
  return (
    <span class="still-progress" role="progressbar" aria-label={label}>
      <Icon name="watch" />
    </span>
  );
}
