import type { AppState } from '../../state';
import { Button } from '../../ui/Button';
import { Panel } from '../../ui/Panel';
import { useInspector } from '../InspectorContext';

/** A float model can be quantized here; not said of one that was. */
export function QuantizeOffer({ state }: { readonly state: AppState }) {
  const inspector = useInspector();
  const { host } = state;
  const isFloat = host?.model.status === 'open' && host.model.overview.scheme === 'float';
  if (!isFloat || host.fix.source === null) return null;
  return (
    <Panel title="Quantize" testId="panel-quantize-offer">
      <p class="dim">See what int8 or hybrid would do to this model, change ranges and formats, and save the result.</p>
      <div class="buttons">
        <Button
          icon="symbol-numeric"
          testId="quantize-offer"
          onClick={() => {
            inspector.view({ tab: 'fix' });
          }}
        >
          Quantize…
        </Button>
      </div>
    </Panel>
  );
}
