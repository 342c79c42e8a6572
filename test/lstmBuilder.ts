import { ABSENT, type Graph, type Operator, type OptionValue, type Tensor } from '../worker/core/model/model';
import type { NumericArray } from '../worker/core/run/value';

/** A tensor of a graph made for a test. */
export interface TensorSpec {
  readonly shape: readonly number[];
  readonly dtype: Tensor['dtype'];
  readonly scale?: number;
  /** One scale per index of axis 0, in place of `scale`. */
  readonly rowScales?: readonly number[];
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
      quantization: quantizationOf(tensor),
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

function quantizationOf({ scale, rowScales, zeroPoint = 0 }: TensorSpec): Tensor['quantization'] {
  const scales = rowScales ?? (scale === undefined ? [] : [scale]);
  if (scales.length === 0) return null;
  return { scales: Float32Array.from(scales), zeroPoints: Float64Array.from(scales, () => zeroPoint), axis: 0, blockwise: null };
}
