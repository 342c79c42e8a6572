import type { AppState } from '../../state';
import { Icon } from '../../ui/Icon';
import { Link } from '../../ui/Link';
import { useInspector } from '../InspectorContext';

/** Says in every screen that what is shown is no file, and leads to the file and back. */
export function QuantizedBar({ state }: { readonly state: AppState }) {
  const inspector = useInspector();
  const quantized = state.host?.fix.quantized ?? null;
  if (quantized === null || state.host === null) return null;
  const { shown, steps, step } = quantized;
  const scheme = steps[step]?.recipe.scheme ?? 'int8';
  const isBusy = state.host.run.status === 'running' || state.host.fix.job.status === 'running';
  return (
    <div class="notice made-bar" data-testid="quantized-bar">
      <Icon name={shown ? 'beaker' : 'file-binary'} />
      <span>
        {shown
          ? `${state.host.fix.source ?? ''} as ${scheme}: quantized in memory, not saved.`
          : `${state.host.fileName}, the file. A quantized model is in memory.`}
      </span>
      {isBusy ? null : (
        <Link testId="show-quantized" onClick={() => void inspector.fix.show(!shown)}>
          {shown ? 'Show the file' : 'Show the quantized model'}
        </Link>
      )}
      {state.view.tab === 'fix' ? null : (
        <Link
          testId="show-fix"
          onClick={() => {
            inspector.view({ tab: 'fix' });
          }}
        >
          Fix
        </Link>
      )}
    </div>
  );
}
