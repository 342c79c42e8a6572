import type { RunRule } from '../runRule';
import { grouped } from '../../wording';
import { tensorName } from '../wording';

export const notFinite: RunRule = {
  rule: 'not-finite',
  severity: 'error',
  title: 'NaN or infinite values',
  explanation: 'One NaN spreads to everything computed from it, and in a recurrent state to all later steps.',
  fix: 'Look at the data and at the weights of this layer; no other figure covers these values.',
  reference: 'Counts of this run',
  check: ({ inputs, layers }) =>
    [...inputs, ...layers].flatMap((layer) => {
      const values = layer.signals.reduce((sum, { nonFinite }) => Math.max(sum, nonFinite ?? 0), 0);
      if (values === 0) return [];
      const message = `${tensorName({ name: layer.name, index: layer.index })}: ${grouped(values)} values are NaN or infinite.`;
      return [{ message, layer: layer.op === 'INPUT' ? null : layer, subgraph: layer.subgraph }];
    }),
};
