import { inDb } from '../../wording';
import type { RunRule } from '../runRule';
import { real, tensorName } from '../wording';

/** Fewer values may well be alike. */
const ENOUGH_VALUES = 16;
/** Codes that float has to span before one code for all is a fault of the integers. */
const NOTABLE_CODES = 2;

export const constantOutput: RunRule = {
  rule: 'constant-output',
  severity: 'error',
  title: 'One constant for every input',
  explanation:
    'Float gives different values, the integers one and the same: a set-up that failed without a word, a factor that became 0, or a range that is nowhere near the values.',
  fix: 'Look at the scales of this operator; the formula shows what its multipliers became.',
  reference: 'Ranges of this run',
  confirms: 'gate-scale-missing',
  check: ({ layers }, lstms) =>
    layers.flatMap((layer) => {
      const signal = layer.signals.find((own) => own.signal === 'out' || own.signal === 'h');
      if (signal === undefined || signal.rails === null || signal.values < ENOUGH_VALUES) return [];
      const { min, max, floatMin, floatMax, rails } = signal;
      const code = (rails.highReal - rails.lowReal) / (rails.highCode - rails.lowCode);
      if (min === null || min !== max || !(floatMax - floatMin > NOTABLE_CODES * code)) return [];
      const name = lstms.find((own) => own.layer === layer)?.info.name ?? tensorName({ name: layer.name, index: layer.index });
      const found = `${name}: always ${real(min)}; float goes from ${real(floatMin)} to ${real(floatMax)}`;
      const sqnr = layer.local?.sqnrDb;
      const message = `${found}${sqnr === null || sqnr === undefined ? '' : ` (${inDb(sqnr)} SQNR)`}.`;
      const confirmation = `In this run it is always ${real(min)}; float goes from ${real(floatMin)} to ${real(floatMax)}.`;
      return [{ message, confirmation, layer, subgraph: layer.subgraph }];
    }),
};
