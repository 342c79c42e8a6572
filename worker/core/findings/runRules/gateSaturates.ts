import { NOTABLE_DB, type RunRule } from '../runRule';
import { decibels } from '../wording';
import { gateLosses } from './gateLosses';

export const gateSaturates: RunRule = {
  rule: 'gate-saturates',
  severity: 'warning',
  title: 'Gate saturates',
  fix: 'Train with smaller gate inputs (weight decay, layer norm); with layer norm, calibrate again.',
  source: 'arXiv 2101.05453: without layer norm gates are fixed at Q3.12; counts and costs of this run',
  check: (_, lstms) =>
    gateLosses(lstms)
      .filter(({ gainDb }) => gainDb >= NOTABLE_DB)
      .map(({ lstm: { layer }, what, gainDb }) => ({
        message: `${what}; in float the output gains ${decibels(gainDb)}.`,
        layer,
        subgraph: layer.subgraph,
      })),
};
