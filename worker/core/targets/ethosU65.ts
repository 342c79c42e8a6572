import { ethosU } from './ethosU/family';
import { SMALL_NPU } from './ethosU/smallNpu';

export const ethosU65 = ethosU({
  ...SMALL_NPU,
  name: 'ethos-u65',
  label: 'Ethos-U65',
  configuration: 'ethos-u65-256',
});
