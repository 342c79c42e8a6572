import { NOTABLE_DB, type RunRule } from '../runRule';
import { inDb } from '../../wording';
import { perLstm } from './gateLosses';

export const gateSaturates: RunRule = {
  rule: 'gate-saturates',
  severity: 'warning',
  title: 'Gate saturates',
  fix: 'Train with smaller gate inputs (weight decay, layer norm); with layer norm, calibrate again.',
  source: 'arXiv 2101.05453: without layer norm gates are fixed at Q3.12; counts and costs of this run',
  check: (_, lstms) =>
    perLstm(
      lstms,
      ({ gainDb }) => gainDb >= NOTABLE_DB,
      (losses) =>
        `${losses.map(({ where, lost, gainDb }) => `${where} ${lost} at the rails; in float the output gains ${inDb(gainDb)}`).join('. ')}.`,
    ),
};
