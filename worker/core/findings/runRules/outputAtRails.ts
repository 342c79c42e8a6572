import type { Recipe } from '../../recipe/recipe';
import { mergeRecipes, tensorRecipe } from '../recipeFragment';
import type { LayerReport } from '../../report/report';
import { NOTABLE_SHARE, type RunLstm, type RunRule } from '../runRule';
import { grouped } from '../../wording';
import { listSome, real, share, tensorName } from '../wording';

/** Layers that are named beside the worst. */
const ALSO_NAMED = 3;

export const outputAtRails: RunRule = {
  rule: 'output-at-rails',
  severity: 'warning',
  title: 'Output values at the rails',
  explanation:
    "A tensor's range comes from calibration. Values beyond it stop at the rails, and what follows computes with the end of the range.",
  fix: 'Recalibrate with data that covers what the model will meet.',
  reference: 'Counts and ranges of this run',
  onRandomData: 'note',
  check: ({ layers }, lstms) => {
    const lossy = layers
      .filter((layer) => partOf(layer) >= NOTABLE_SHARE)
      .sort((a, b) => partOf(b) - partOf(a))
      .flatMap((layer) => describe(layer, lstms));
    const [worst, ...others] = lossy;
    if (worst === undefined) return [];
    const also = listSome(
      others.map(({ name, lost }) => `${name} ${lost}`),
      ALSO_NAMED,
    );
    const message = others.length === 0 ? worst.message : `${worst.message} Also ${also}.`;
    const recipe = mergeRecipes(lossy.flatMap((own) => own.recipe ?? []));
    return [{ message, layer: worst.layer, subgraph: worst.layer.subgraph, ...(recipe === null ? {} : { recipe }) }];
  },
};

function partOf({ lostAtRails, saturation }: LayerReport): number {
  return saturation.values === 0 ? 0 : lostAtRails / saturation.values;
}

interface LossyLayer {
  readonly layer: LayerReport;
  readonly name: string;
  /** `1.6 %` */
  readonly lost: string;
  readonly message: string;
  readonly recipe: Recipe | undefined;
}

function describe(layer: LayerReport, lstms: readonly RunLstm[]): LossyLayer[] {
  const signal = layer.signals.find((own) => own.signal === 'out' || own.signal === 'h');
  if (signal === undefined || signal.rails === null) return [];
  const lstm = lstms.find((own) => own.layer === layer);
  const name = lstm === undefined ? tensorName({ name: layer.name, index: layer.index }) : `${lstm.info.name} h`;
  const lost = share(layer.lostAtRails, layer.saturation.values);
  const { lowReal, highReal } = signal.rails;
  const counts = `${grouped(layer.lostAtRails)} of ${grouped(layer.saturation.values)}`;
  const message = `${name}: ${lost} (${counts}); the range is ${real(lowReal)} to ${real(highReal)}, float reaches ${real(signal.floatMin)} to ${real(signal.floatMax)}.`;
  return [{ layer, name, lost, message, recipe: tensorRecipe(layer.name, { range: [signal.floatMin, signal.floatMax] }) }];
}
