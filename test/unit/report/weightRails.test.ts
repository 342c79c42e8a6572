import { describe, expect, it } from 'vitest';
import type { Graph } from '../../../worker/core/model/model';
import { weightRailsOf } from '../../../worker/core/report/weightRails';
import { operator, tensor } from '../analysis/toyGraph';

const matrix = (index: number, shape: readonly number[], codes: readonly number[]) => ({
  ...tensor(index),
  shape,
  data: new Uint8Array(Int8Array.from(codes).buffer),
});

describe('weights at the rails', () => {
  it('are those of +-127 and -128 in int8 matrices, each operand counted once', () => {
    const tensors = [
      matrix(0, [2, 4], [127, -127, -128, 126, -126, 0, 1, -1]),
      matrix(1, [2], [127, -127]),
      { ...matrix(2, [1, 2], [127, 127]), dtype: 'uint8' as const },
    ];
    const graph: Graph = { index: 0, name: '', tensors, operators: [], inputs: [], outputs: [] };
    const reading = (inputs: readonly number[]) => ({ ...operator(0, 'LSTM', 0, 1), inputs });
    expect(weightRailsOf(graph, reading([0, 1, 2, -1, 0]))).toEqual({ count: 3, values: 8 });
    expect(weightRailsOf(graph, reading([1, 2]))).toBeNull();
  });
});
