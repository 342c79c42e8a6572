import { NOTABLE_DB, type RunRule } from '../runRule';
import { inDb } from '../../wording';
import { perLstm } from './gateLosses';

export const gateSaturates: RunRule = {
  rule: 'gate-saturates',
  severity: 'warning',
  title: 'Gate saturates',
  explanation:
    "Without layer norm a gate's sum has the fixed format Q3.12 and stops at ±8. The sigmoid is flat there, so this rarely costs anything; here it does.",
  fix: 'Train with smaller gate inputs (weight decay, layer norm); with layer norm, calibrate again.',
  reference: 'arXiv 2101.05453: without layer norm gates are fixed at Q3.12; counts and costs of this run',
  onRandomData: 'note',
  check: (_, lstms) =>
    perLstm(
      lstms,
      ({ gainDb }) => gainDb >= NOTABLE_DB,
      (losses) =>
        `${losses.map(({ where, lost, gainDb }) => `${where} ${lost} at the rails; in float the output gains ${inDb(gainDb)}`).join('. ')}.`,
    ),
};
