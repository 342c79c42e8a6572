import { layerKey, recipeOf } from '../recipeFragment';
import type { RunRule } from '../runRule';
import { grouped } from '../../wording';
import { share } from '../wording';

export const layerNormOverflow: RunRule = {
  rule: 'layer-norm-overflow',
  severity: 'error',
  title: 'Layer norm overflows int32',
  explanation:
    'The kernel multiplies and adds the bias in int32, without saturation. A value that leaves int32 returns at the other end.',
  fix: 'Keep the LSTM in float, or train with larger layer-norm coefficients beside smaller biases.',
  reference: 'TensorFlow Lite, PortableApplyLayerNorm: r * coefficient + bias wraps around; counts of this run',
  check: (_, lstms) =>
    lstms.flatMap(({ info, layer }) => {
      const entries = layer.lstm?.ledger.find(({ cause }) => cause === 'layer-norm-overflow')?.entries ?? [];
      const [lost, values] = entries.reduce(([a, b], entry) => [a + entry.count, b + entry.values], [0, 0]);
      if (lost === 0) return [];
      const message = `${info.name}: ${grouped(lost)} values (${share(lost, values)}) wrapped around in int32 and changed their sign.`;
      const recipe = recipeOf({ keepFloat: [layerKey(layer)] });
      return [{ message, layer, subgraph: layer.subgraph, recipe }];
    }),
};
