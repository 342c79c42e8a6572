import type { ModelOverview } from '../../../worker/core/report/overview';
import type { AppState } from '../../state';
import { Icon } from '../../ui/Icon';
import { Link } from '../../ui/Link';
import { useInspector } from '../InspectorContext';

/** Says in every screen that the model shown is made from a file, and leads to it. */
export function CellsBar({ state }: { readonly state: AppState }) {
  const inspector = useInspector();
  const from = state.host?.cellsOf ?? null;
  const overview = state.host?.model.status === 'open' ? state.host.model.overview : null;
  if (from === null) return null;
  return (
    <div class="notice made-bar" data-testid="cells-bar">
      <Icon name="beaker" />
      <span>
        {from} with its {kindsText(overview)} as cells: made in memory, not saved.
      </span>
      <Link testId="show-file" label={`Show the file, ${from}`} onClick={() => void inspector.showFile()}>
        Show the file
      </Link>
      {overview?.inMemoryOnly === undefined || overview.lstms.length > 0 ? (
        <Link testId="save-cells" onClick={() => void inspector.saveFused()}>
          Save as fused .tflite…
        </Link>
      ) : (
        <span class="dim" data-testid="no-fused-file">
          No file: TensorFlow Lite has no fused GRU.
        </span>
      )}
    </div>
  );
}

function kindsText(overview: ModelOverview | null): string {
  const hasGru = overview?.recurrent !== undefined;
  const kinds = [...(hasGru && overview?.lstms.length === 0 ? [] : ['LSTMs']), ...(hasGru ? ['GRUs'] : [])];
  return kinds.join(' and ');
}
