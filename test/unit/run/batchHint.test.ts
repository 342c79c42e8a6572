import { describe, expect, it } from 'vitest';
import { batchHint } from '../../../worker/core/run/batchHint';
import { inputGraph } from '../data/inputGraph';

describe('a stack of samples where a batch of 1 is fixed', () => {
  const graph = inputGraph([{ name: 'x', shape: [1, -1, 28] }]);
  const value = (shape: readonly number[]) => ({ dtype: 'float32' as const, shape, data: new Float32Array() });

  it('is explained', () => {
    expect(batchHint(graph, [value([20, 28, 28])])).toBe(
      '[20, 28, 28] is one sample of batch 20; for 20 samples give [20, 1, 28, 28], or have the first axis count samples (--samples-axis 0, or in the data panel)',
    );
  });

  it('is not what is wrong with other data', () => {
    expect(batchHint(graph, [value([1, 5, 28])])).toBeNull();
    expect(batchHint(graph, [value([20, 28, 27])])).toBeNull();
    expect(batchHint(inputGraph([{ name: 'x', shape: [-1, 4, 28] }]), [value([20, 4, 28])])).toBeNull();
  });
});
