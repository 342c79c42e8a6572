import { describe, expect, it } from 'vitest';
import { ModelFormatError } from '../../../worker/core/formats/modelFormatError';
import { writeTflite } from '../../../worker/core/formats/tflite/write/writeTflite';
import type { Graph, Operator, Tensor } from '../../../worker/core/model/model';
import type { GraphEdit } from '../../../worker/core/model/modelEdit';
import { int8, text } from './flatWriter';
import { graphEdit, identityEdit } from './identityEdit';
import { rewrite, sourceOf } from './rewriting';
import { tinyModel } from './tinyModel';

describe('an edit that does not hold together', () => {
  const source = sourceOf();
  const operator = source.graph.operators[0]!;
  const edited = (changes: Partial<Graph>, more: Partial<GraphEdit> = {}): GraphEdit => ({
    ...graphEdit(source.model, 0, changes),
    ...more,
  });
  const tensorsWith = (changes: Partial<Tensor>) =>
    edited({ tensors: source.graph.tensors.map((tensor) => (tensor.index === 1 ? { ...tensor, ...changes } : tensor)) });
  const operatorWith = (changes: Partial<Operator>) => edited({ operators: [{ ...operator, ...changes }] });

  it.each<[code: string, message: string, edit: GraphEdit]>([
    [
      'ORIGIN_OUT_OF_RANGE',
      'Graph 0 of the edit: tensor 2 would come from tensor 7. The file has 4 tensors there.',
      edited({}, { tensorOrigins: [0, 1, 7, 3] }),
    ],
    [
      'ORIGIN_OUT_OF_RANGE',
      'Graph 0 of the edit: operator 0 would come from operator -1. The file has 1 operator there.',
      edited({}, { operatorOrigins: [-1] }),
    ],
    ['ORIGIN_COUNT', 'Graph 0 of the edit has 4 tensors and 3 origins of them.', edited({}, { tensorOrigins: [0, 1, 2] })],
    ['INDEX_NOT_PLACE', 'Graph 0 of the edit: tensor 1 has the index 3.', tensorsWith({ index: 3 })],
    [
      'TENSOR_INDEX_OUT_OF_RANGE',
      'The edited model cannot be written. Input 1 of operator 0, FULLY_CONNECTED, refers to tensor 99. The graph has 4 tensors.',
      operatorWith({ inputs: [0, 99, 2] }),
    ],
    [
      'TENSOR_INDEX_OUT_OF_RANGE',
      'The edited model cannot be written. Output 0 of subgraph 0 refers to tensor 4. The graph has 4 tensors.',
      edited({ outputs: [4] }),
    ],
    [
      'VALUE_OUT_OF_RANGE',
      'One of the inputs of operator 0, FULLY_CONNECTED, would be 4294967296, which is no int32.',
      operatorWith({ inputs: [2 ** 32, 1, 2] }),
    ],
    [
      'VALUE_OUT_OF_RANGE',
      'A zero point of Tensor 1, weights, would be 0.5, which is no int64.',
      tensorsWith({ quantization: { scales: Float32Array.of(1), zeroPoints: Float64Array.of(0.5), axis: 0, blockwise: null } }),
    ],
    [
      'ZERO_POINT_COUNT',
      'Tensor 1, weights, has 1 scales and 2 zero points.',
      tensorsWith({ quantization: { scales: Float32Array.of(1), zeroPoints: Float64Array.of(1, 2), axis: 0, blockwise: null } }),
    ],
    [
      'BUFFER_TOO_SMALL',
      'The edited model cannot be written. Tensor 1, weights, needs 8 bytes for int8 [2, 4]. Its buffer has 7.',
      tensorsWith({ data: new Uint8Array(7) }),
    ],
    ['SHAPE_SIGNATURE', 'Tensor 1 has 2 axes in its shape and 1 in its signature.', tensorsWith({ shapeSignature: [1] })],
    [
      'TYPE_NOT_WRITABLE',
      'Tensor 1, weights, would have the type unknown, which the format does not have.',
      tensorsWith({ dtype: 'unknown' }),
    ],
    ['OPERATOR_NOT_WRITABLE', 'Operator 0, NO_SUCH, is no operator of the format.', operatorWith({ name: 'NO_SUCH' })],
    [
      'OPTION_UNKNOWN',
      'Operator 0, FULLY_CONNECTED, has no option paddle in this file.',
      operatorWith({ options: { paddle: 1 } }),
    ],
    [
      'OPTION_VALUE',
      'The option fused_activation_function of operator 0, FULLY_CONNECTED, cannot be "SOFT".',
      operatorWith({ options: { fused_activation_function: 'SOFT' } }),
    ],
  ])('%s: %s', (code, message, edit) => {
    expect(() => writeTflite(identityEdit(source.model, { graphs: [edit] }), source.file)).toThrow(ModelFormatError);
    expect(() => writeTflite(identityEdit(source.model, { graphs: [edit] }), source.file)).toThrow(
      expect.objectContaining({ code, message, byteOffset: null }) as Error,
    );
  });

  it('is refused with the bytes of another file, and with a graph too few', () => {
    const other = tinyModel((parts) => parts.tensors.push({})).bytes;
    expect(() => writeTflite(identityEdit(source.model), other)).toThrow(
      expect.objectContaining({ code: 'OTHER_SOURCE' }) as Error,
    );
    expect(() => writeTflite(identityEdit(source.model, { graphs: [] }), source.file)).toThrow(
      'The edit has 0 graphs. The file has 1.',
    );
  });

  it('is refused for a model that was compiled for an accelerator', () => {
    const compiled = sourceOf((parts) => (parts.codes = [{ 0: int8(32), 1: text('DISPATCH_OP') }]));
    expect(() => rewrite(compiled, {})).toThrow(expect.objectContaining({ code: 'COMPILED_MODEL' }) as Error);
  });
});
