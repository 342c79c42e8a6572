import type { ModelOverview } from '../../../worker/core/report/overview';
import { chosenData } from '../../derived';
import type { AppState } from '../../state';
import { Icon } from '../../ui/Icon';

/** Before a comparison: what it will do. */
export function NothingCompared({ state, overview }: { readonly state: AppState; readonly overview: ModelOverview }) {
  const data = chosenData(state);
  return (
    <section class="first-run" aria-label="Nothing compared yet" data-testid="nothing-compared">
      <Icon name="arrow-swap" size={32} />
      <h2>Nothing compared yet</h2>
      <p>
        {`${overview.fileName} stands on side A. Side B is the same file under another runtime or without one of its quirks, or another file. Both run over ${data === null ? 'the chosen data' : data.label}; every integer of every layer and gate is compared.`}
      </p>
    </section>
  );
}
