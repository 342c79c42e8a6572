import { atRails, goesBeyond, NOTABLE_SHARE, type RunRule } from '../runRule';
import { count, real, share } from '../wording';

export const hiddenAtRails: RunRule = {
  rule: 'hidden-at-rails',
  severity: 'warning',
  title: 'Hidden values at the rails',
  fix: 'Recalibrate the hidden value (intermediate 4), with a symmetric range: with a projection TFLite negates its zero point, which moves the rails.',
  source: 'arXiv 2101.05453: the hidden value is calibrated; counts of this run',
  check: (_, lstms) =>
    lstms.flatMap(({ info, layer, signal, gainDb }) => {
      const hidden = signal('m');
      if (!info.projection || hidden === null || hidden.rails === null || hidden.share < NOTABLE_SHARE) return [];
      if (!goesBeyond(hidden)) return [];
      const gain = gainDb('m');
      const cost = gain === null ? '' : ` In float it gains ${gain.toFixed(1)} dB.`;
      const { lowReal, highReal } = hidden.rails;
      const message = `${info.name}: ${share(atRails(hidden), hidden.values)} of m at the rails (${count(atRails(hidden))} values), which end at ${real(lowReal)} and ${real(highReal)}; float reaches ${real(hidden.floatMin)} to ${real(hidden.floatMax)}.${cost}`;
      return [{ message, layer, subgraph: layer.subgraph }];
    }),
};
