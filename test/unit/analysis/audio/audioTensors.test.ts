import { describe, expect, it } from 'vitest';
import { audioTensors } from '../../../../worker/core/analysis/audio/audioTensors';
import type { TensorInfo } from '../../../../worker/core/report/overview';

const tensor = (index: number, shape: readonly number[]): TensorInfo => ({
  subgraph: 0,
  index,
  name: `t${index}`,
  shape,
  dtype: 'float32',
  isVariable: false,
  constantBytes: 0,
  quantization: null,
});
const of = (inputs: readonly (readonly number[])[], outputs: readonly (readonly number[])[], recordings = false) =>
  audioTensors(
    {
      inputs: inputs.map((shape, index) => tensor(index, shape)),
      outputs: outputs.map((shape, index) => tensor(10 + index, shape)),
    },
    recordings,
  );

describe('sound is found by shapes', () => {
  it('of DTLN: frames of stage 2, the mask of stage 1, not the states', () => {
    const states = [1, 2, 128, 2];
    expect(of([[1, 1, 512], states], [[1, 1, 512], states])).toEqual([
      { tensor: 10, name: 't10', role: 'output', kind: 'frames', frame: 512, hop: 128, input: 0 },
    ]);
    expect(of([[1, 1, 257], states], [states, [1, 1, 257]])).toMatchObject([{ tensor: 11, kind: 'mask', frame: 257, hop: 128 }]);
  });

  it('of whole recordings', () => {
    expect(of([[1, -1]], [[1, -1]])).toMatchObject([{ kind: 'frames', frame: null }]);
    expect(of([[1, 16_000]], [[1, 12]])).toEqual([]);
    expect(of([[1, 16_000]], [[1, 12]], true)).toMatchObject([{ tensor: 0, role: 'input', frame: null, input: null }]);
    expect(of([[1, 512], [1]], [[1, 1]], true)).toMatchObject([{ tensor: 0, role: 'input', frame: 512 }]);
  });

  it('and of nothing else', () => {
    expect(of([[1, 784]], [[1, 784]])).toEqual([]);
    expect(of([[1, 640]], [[1, 640]])).toEqual([]);
    expect(of([[1, -1, 40]], [[1, -1, 11]], true)).toEqual([]);
    expect(of([[1, 96, 96, 3]], [[1, 2]], true)).toEqual([]);
    expect(of([], [[1, 512]])).toEqual([]);
  });
});
