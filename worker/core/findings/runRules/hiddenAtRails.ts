import { lstmRecipeOf, rangeWithZeroPointZero } from '../recipeFragment';
import { lostOf, NOTABLE_SHARE, type RunRule } from '../runRule';
import { grouped, inDb } from '../../wording';
import { real, share } from '../wording';

export const hiddenAtRails: RunRule = {
  rule: 'hidden-at-rails',
  severity: 'warning',
  title: 'Hidden values at the rails',
  explanation: 'The hidden value has an int8 range from calibration. What lies beyond stops at its ends before it is projected.',
  fix: 'Recalibrate the hidden value (intermediate 4).',
  reference: 'arXiv 2101.05453: the hidden value is calibrated; counts of this run',
  confirms: 'negated-hidden-zero-point',
  onRandomData: 'note',
  check: (_, lstms) =>
    lstms.flatMap(({ info, layer, signal, gainDb }) => {
      const hidden = signal('m');
      if (!info.projection || hidden === null || hidden.rails === null) return [];
      const lost = lostOf(hidden);
      if (lost < NOTABLE_SHARE * hidden.values || lost === 0) return [];
      const gain = gainDb('m');
      const cost = gain === null ? '' : ` In float it gains ${inDb(gain)}.`;
      const { lowReal, highReal } = hidden.rails;
      const amount = `${share(lost, hidden.values)} of m (${grouped(lost)} of ${grouped(hidden.values)})`;
      const message = `${info.name}: ${amount}; the range is ${real(lowReal)} to ${real(highReal)}, float reaches ${real(hidden.floatMin)} to ${real(hidden.floatMax)}.${cost}`;
      const recipe = lstmRecipeOf(layer, { hidden: { range: rangeWithZeroPointZero(hidden.floatMin, hidden.floatMax) } });
      return [{ recipe, message, confirmation: `${amount} are at these rails.${cost}`, layer, subgraph: layer.subgraph }];
    }),
};
