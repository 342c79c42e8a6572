import { goesBeyond, NOTABLE_SHARE, type RunRule } from '../runRule';
import { count, real, share, tensorName } from '../wording';

/** Their output scale is fixed such that 1 lies just beyond the rail. */
const FIXED_RANGE: ReadonlySet<string> = new Set(['SOFTMAX', 'LOGISTIC', 'TANH']);

export const outputAtRails: RunRule = {
  rule: 'output-at-rails',
  severity: 'warning',
  title: 'Output values at the rails',
  fix: 'Recalibrate with data that covers what the model will meet.',
  source: 'Counts and ranges of this run',
  check: ({ layers, lstms }) =>
    layers.flatMap((layer) => {
      const { total, values } = layer.saturation;
      const signal = layer.signals.find((own) => own.signal === 'out' || own.signal === 'h');
      if (FIXED_RANGE.has(layer.op) || signal === undefined || signal.rails === null) return [];
      if (values === 0 || total / values < NOTABLE_SHARE || !goesBeyond(signal)) return [];
      const lstm = lstms.find(({ subgraph, op }) => subgraph === layer.subgraph && op === layer.index);
      const name = lstm === undefined ? tensorName({ name: layer.name, index: layer.index }) : `${lstm.name} h`;
      const { lowReal, highReal } = signal.rails;
      const message = `${name}: ${share(total, values)} at the rails (${count(total)} of ${count(values)}); the range is ${real(lowReal)} to ${real(highReal)}, float reaches ${real(signal.floatMin)} to ${real(signal.floatMax)}.`;
      return [{ message, layer, subgraph: layer.subgraph }];
    }),
};
