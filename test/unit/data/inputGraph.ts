import type { Graph, OptionValue, Tensor } from '../../../worker/core/model/model';

export interface InputSpec {
  readonly name: string;
  /** -1 where the size is free. */
  readonly shape: readonly number[];
  readonly dtype?: Tensor['dtype'];
  readonly scale?: number;
  readonly zeroPoint?: number;
  readonly range?: readonly [min: number, max: number];
}

/** A graph with inputs and one operator that reads the first of them. */
export function inputGraph(inputs: readonly InputSpec[], options: Readonly<Record<string, OptionValue>> = {}): Graph {
  const tensors = inputs.map(({ name, shape, dtype = 'float32', scale, zeroPoint = 0, range }, index): Tensor => ({
    index,
    name,
    dtype,
    shape: shape.map((size) => Math.max(size, 1)),
    shapeSignature: shape,
    hasRank: true,
    quantization:
      scale === undefined
        ? null
        : { scales: Float32Array.of(scale), zeroPoints: Float64Array.of(zeroPoint), axis: 0, blockwise: null },
    range: range === undefined ? null : { min: [range[0]], max: [range[1]] },
    isVariable: false,
    sparsity: null,
    data: null,
    buffer: 0,
  }));
  const operator = {
    index: 0,
    name: 'UNIDIRECTIONAL_SEQUENCE_LSTM',
    customCode: null,
    version: 1,
    inputs: [0],
    outputs: [],
    intermediates: [],
    options,
  };
  return { index: 0, name: '', tensors, operators: [operator], inputs: tensors.map(({ index }) => index), outputs: [] };
}
