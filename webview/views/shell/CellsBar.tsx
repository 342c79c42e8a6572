import type { AppState } from '../../state';
import { Icon } from '../../ui/Icon';
import { Link } from '../../ui/Link';
import { useInspector } from '../InspectorContext';

/** Says in every screen that the model shown is made from a file, and leads to it. */
export function CellsBar({ state }: { readonly state: AppState }) {
  const inspector = useInspector();
  const from = state.host?.cellsOf ?? null;
  if (from === null) return null;
  return (
    <div class="notice made-bar" data-testid="cells-bar">
      <Icon name="beaker" />
      <span>{from} with its LSTMs as cells: made in memory, not saved.</span>
      <Link testId="show-file" label={`Show the file, ${from}`} onClick={() => void inspector.showFile()}>
        Show the file
      </Link>
      <Link testId="save-cells" onClick={() => void inspector.saveFused()}>
        Save as fused .tflite…
      </Link>
    </div>
  );
}
