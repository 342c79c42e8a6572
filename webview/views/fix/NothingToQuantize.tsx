import type { ModelOverview } from '../../../worker/core/report/overview';
import { Icon } from '../../ui/Icon';

/** A quantized model without its float model: quantizing needs the reals. */
export function NothingToQuantize({ overview }: { readonly overview: ModelOverview }) {
  const ending = /\.[^.]*$/.exec(overview.fileName)?.[0] ?? '';
  const stem = overview.fileName.slice(0, overview.fileName.length - ending.length);
  return (
    <div class="first-run" data-testid="fix-nothing">
      <Icon name="info" size={40} />
      <h2>Quantizing starts from a float model</h2>
      <p class="dim">
        {overview.fileName} is quantized already, and no float model lies beside it. Put the float model into the same folder
        under a name such as {stem.replace(/[-_.](?:u?int8|quant(?:ized)?|hybrid).*$/i, '')}-float
        {ending}.
      </p>
    </div>
  );
}
