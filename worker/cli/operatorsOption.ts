import { Option } from 'commander';

/** Of the commands that run a model. */
export function operatorsOption(): Option {
  return new Option('--operators <whose>', 'who computes what both this engine and LiteRT can, LSTMs apart')
    .choices(['own', 'litert'])
    .default('own');
}
