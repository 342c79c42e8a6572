import { listed } from '../../wording';
import { NOTABLE_DB, type RunRule } from '../runRule';
import { inDb } from '../../wording';
import { perLstm } from './gateLosses';

export const gateSaturatesWithoutCost: RunRule = {
  rule: 'gate-saturates-without-cost',
  severity: 'info',
  title: 'Gate saturates without cost',
  explanation:
    'A gate that is fully open or shut has a sum far from 0. The activation is flat there, and the clamped value gives the same gate.',
  fix: null,
  reference: 'arXiv 2101.05453: the sigmoid is flat beyond ±8; counts and costs of this run',
  onRandomData: 'note',
  check: (_, lstms) =>
    perLstm(
      lstms,
      ({ gainDb }) => gainDb < NOTABLE_DB,
      (losses) => {
        const gates = listed(losses.map(({ where, lost }) => `${where} ${lost}`));
        const most = inDb(Math.max(0, ...losses.map(({ gainDb }) => gainDb)));
        return `${gates} at the rails, ${losses.length === 1 ? `${most} lost` : `at most ${most} lost each`}.`;
      },
    ),
};
