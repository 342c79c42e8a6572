import { ABSENT, type Graph, type Operator, type OptionValue, type Tensor } from '../worker/core/model/model';
import type { NumericArray } from '../worker/core/run/value';

/** A tensor of a graph made for a test. */
export interface TensorSpec {
  readonly shape: readonly number[];
  readonly dtype: Tensor['dtype'];
  readonly scale?: number;
  readonly zeroPoint?: number;
  /** Makes it a constant. */
  readonly values?: NumericArray;
  readonly isVariable?: boolean;
}

export interface OperatorSpec {
  readonly name: string;
  /** null: absent. */
  readonly operands: readonly (TensorSpec | null)[];
  readonly intermediates?: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly options: Readonly<Record<string, OptionValue>>;
}

/** A graph of one operator, without a file behind it. */
export function buildOperator(spec: OperatorSpec): { readonly graph: Graph; readonly operator: Operator } {
  const tensors: Tensor[] = [];
  const add = (tensor: TensorSpec | null): number => {
    if (tensor === null) return ABSENT;
    const index = tensors.length;
    tensors.push({
      index,
      name: `tensor ${index}`,
      dtype: tensor.dtype,
      shape: tensor.shape,
      shapeSignature: tensor.shape,
      hasRank: true,
      quantization:
        tensor.scale === undefined
          ? null
          : {
              scales: Float32Array.of(tensor.scale),
              zeroPoints: Float64Array.of(tensor.zeroPoint ?? 0),
              axis: 0,
              blockwise: null,
            },
      range: null,
      isVariable: tensor.isVariable ?? false,
      sparsity: null,
      data:
        tensor.values === undefined
          ? null
          : new Uint8Array(tensor.values.buffer, tensor.values.byteOffset, tensor.values.byteLength),
      buffer: 0,
    });
    return index;
  };
  const inputs = spec.operands.map(add);
  const intermediates = (spec.intermediates ?? []).map(add);
  const outputs = spec.outputs.map(add);
  const operator: Operator = {
    index: 0,
    name: spec.name,
    customCode: null,
    version: 1,
    inputs,
    outputs,
    intermediates,
    options: spec.options,
  };
  const [input = ABSENT] = inputs;
  return { graph: { index: 0, name: '', tensors, operators: [operator], inputs: [input], outputs }, operator };
}
