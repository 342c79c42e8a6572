import { tensorRecipe } from '../recipeFragment';
import { NOTABLE_SHARE, type RunRule } from '../runRule';
import { grouped } from '../../wording';
import { real, share, tensorName } from '../wording';

/** From here on the model does not see its input any more. */
const SEVERE_SHARE = 0.05;

export const inputAtRails: RunRule = {
  rule: 'input-at-rails',
  severity: 'warning',
  title: 'Input values at the rails',
  explanation:
    "The input's range comes from calibration. Data beyond it stop at the rails, and the model is given something else than the float model.",
  fix: 'Recalibrate with data at the level and of the length that the model will meet, and quantize again.',
  reference: 'arXiv 2101.05453: input ranges come from calibration; counts and ranges of this run',
  onRandomData: 'note',
  check: ({ inputs }) =>
    inputs.flatMap((layer) => {
      const { lostAtRails: lost, saturation } = layer;
      const { values } = saturation;
      const [signal] = layer.signals;
      const part = values === 0 ? 0 : lost / values;
      if (signal === undefined || signal.rails === null || part < NOTABLE_SHARE) return [];
      const { lowReal, highReal } = signal.rails;
      const severity = part >= SEVERE_SHARE ? ('error' as const) : ('warning' as const);
      const name = tensorName({ name: layer.name, index: layer.index });
      const message =
        `${name}: ${share(lost, values)} (${grouped(lost)} of ${grouped(values)}), calibrated on data that is too quiet or too little. ` +
        `The file's range is ${real(lowReal)} to ${real(highReal)}, this data reaches ${real(signal.floatMin)} to ${real(signal.floatMax)}.`;
      const recipe = tensorRecipe(layer.name, { range: [signal.floatMin, signal.floatMax] });
      return [
        {
          ...(recipe === undefined ? {} : { recipe }),
          message,
          severity,
          layer: null,
          input: layer.index,
          subgraph: layer.subgraph,
        },
      ];
    }),
};
