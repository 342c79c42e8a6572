import { NOTABLE_DB, type RunRule } from '../runRule';
import { decibels } from '../wording';
import { gateLosses } from './gateLosses';

export const gateSaturatesWithoutCost: RunRule = {
  rule: 'gate-saturates-without-cost',
  severity: 'info',
  title: 'Gate saturates without cost',
  fix: null,
  source: 'arXiv 2101.05453: the sigmoid is flat beyond ±8; counts and costs of this run',
  check: (_, lstms) =>
    gateLosses(lstms)
      .filter(({ gainDb }) => gainDb < NOTABLE_DB)
      .map(({ lstm: { layer }, what, gainDb }) => ({
        message: `${what}, ${decibels(Math.max(0, gainDb))} lost.`,
        layer,
        subgraph: layer.subgraph,
      })),
};
