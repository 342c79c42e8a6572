import { ethosU } from './ethosU/family';
import { SMALL_NPU } from './ethosU/smallNpu';

export const ethosU55 = ethosU({
  ...SMALL_NPU,
  name: 'ethos-u55',
  label: 'Ethos-U55',
  configuration: 'ethos-u55-128',
});
