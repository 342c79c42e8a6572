import type { Graph, Operator, Tensor } from '../../../worker/core/model/model';
import { writeTflite } from '../../writeTflite';

const SIZE = 32;
const KINDS = ['ADD', 'LOGISTIC', 'MUL', 'TANH', 'ADD', 'RELU'] as const;
const PER_BLOCK = 25;

/** A chain of small int8 operators in scopes of 25, each block with a skip over it: what a large unrolled model looks like to a view. */
export function manyOperators(count: number): Uint8Array {
  const tensors: Tensor[] = [];
  const operators: Operator[] = [];
  const add = (name: string, scale: number, zeroPoint: number): number => {
    const index = tensors.length;
    tensors.push({
      index,
      name,
      dtype: 'int8',
      shape: [1, SIZE],
      shapeSignature: [1, SIZE],
      hasRank: true,
      quantization: { scales: Float32Array.of(scale), zeroPoints: Float64Array.of(zeroPoint), axis: 0, blockwise: null },
      range: null,
      isVariable: false,
      sparsity: null,
      data: null,
      buffer: 0,
    });
    return index;
  };
  const input = add('input', 0.03, -3);
  let x = input;
  let skip = input;
  for (let index = 0; index < count; index++) {
    const name = KINDS[index % KINDS.length] ?? 'ADD';
    const isBlockEnd = index % PER_BLOCK === PER_BLOCK - 1;
    const kind = isBlockEnd ? 'ADD' : name;
    const isPair = kind === 'ADD' || kind === 'MUL';
    const scope = `model/block_${Math.floor(index / PER_BLOCK)}`;
    const isSigmoid = kind === 'LOGISTIC';
    const y = add(
      `${scope}/${kind.toLowerCase()}_${index}`,
      isSigmoid ? 1 / 256 : kind === 'TANH' ? 1 / 128 : 0.03,
      isSigmoid ? -128 : 0,
    );
    operators.push({
      index,
      name: kind,
      customCode: null,
      version: 2,
      inputs: isPair ? [x, isBlockEnd ? skip : input] : [x],
      outputs: [y],
      intermediates: [],
      options: isPair ? { fused_activation_function: 'NONE' } : {},
    });
    x = y;
    if (isBlockEnd) skip = y;
  }
  const graph: Graph = { index: 0, name: 'main', tensors, operators, inputs: [input], outputs: [x] };
  return writeTflite(graph);
}
