import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ModelFormatError } from '../../../worker/core/formats/modelFormatError';
import { readTflite } from '../../../worker/core/formats/tflite/readTflite';
import { describeShared } from '../../shared';
import { bytes, type FlatFile, float32s, int32, int32s, int64s, int8, table, tables, text } from './flatWriter';
import { tinyModel } from './tinyModel';

function errorOf(file: Uint8Array): ModelFormatError {
  try {
    readTflite(file, 'x.tflite');
  } catch (error) {
    if (error instanceof ModelFormatError) return error;
    throw error;
  }
  throw new Error('the file was read');
}

/** The error must point at the byte of the named value. */
function expectError(file: FlatFile, code: string, message: string, limit: string, place?: string, element = 0): void {
  const error = errorOf(file.bytes);
  expect({ code: error.code, message: error.message, limit: error.limit }).toEqual({ code, message, limit });
  if (place !== undefined) expect(error.byteOffset).toBe((file.places.get(place) ?? NaN) + 4 * element);
}

describe('header', () => {
  it('refuses files that are too short', () => {
    for (let length = 0; length < 8; length++) {
      expect(errorOf(tinyModel().bytes.subarray(0, length))).toMatchObject({ code: 'FILE_TRUNCATED', limit: 'at least 8 bytes' });
    }
  });

  it('refuses another identifier', () => {
    expectError(
      tinyModel((parts) => (parts.identifier = 'TFL2')),
      'WRONG_IDENTIFIER',
      'This is no TensorFlow Lite model: it has "TFL2" where the identifier "TFL3" belongs.',
      '"TFL3" at byte 4',
    );
  });

  it('refuses a root outside the file, and one at its own place', () => {
    const file = tinyModel().bytes;
    new DataView(file.buffer).setUint32(0, 0xfffffff0, true);
    expect(errorOf(file)).toMatchObject({ code: 'OFFSET_OUT_OF_RANGE', byteOffset: 0 });
    new DataView(file.buffer).setUint32(0, 0, true);
    expect(errorOf(file)).toMatchObject({ code: 'OFFSET_OUT_OF_RANGE', byteOffset: 0 });
  });

  it('refuses other schema versions', () => {
    expectError(
      tinyModel((parts) => (parts.model = { 0: int32(2, 'version') })),
      'SCHEMA_VERSION',
      'The file has schema version 2. Only version 3 is in use and can be read.',
      'version 3',
      'version',
    );
  });

  it('refuses a file without subgraphs', () => {
    const file = tinyModel((parts) => (parts.model = { 2: tables([]) }));
    expectError(file, 'NO_SUBGRAPHS', 'The file holds no graph at all.', 'at least 1 subgraph');
  });
});

describe('tables and lists', () => {
  it('refuses a list that is longer than the file', () => {
    const file = tinyModel((parts) => (parts.subgraph = { 1: int32s([0], 'inputs') }));
    const head = (file.places.get('inputs') ?? 0) - 4;
    new DataView(file.bytes.buffer).setUint32(head, 0x7fffffff, true);
    const room = Math.floor((file.bytes.length - head - 4) / 4);
    expect(errorOf(file.bytes)).toMatchObject({
      code: 'LIST_TOO_LONG',
      byteOffset: head,
      message: 'The file is damaged or cut off: model.subgraphs[0].inputs says that it has 2,147,483,647 elements.',
      limit: `at most ${room} elements up to the end of the file`,
    });
  });

  it('refuses a field list outside the file, of no size, or of an odd one', () => {
    const file = tinyModel().bytes;
    const view = new DataView(file.buffer);
    const root = view.getUint32(0, true);
    const vtable = root - view.getInt32(root, true);
    const patched = (change: (view: DataView) => void) => {
      const copy = file.slice();
      change(new DataView(copy.buffer));
      return errorOf(copy);
    };
    expect(patched((v) => v.setInt32(root, root + 1, true))).toMatchObject({ code: 'OFFSET_OUT_OF_RANGE', byteOffset: root });
    expect(patched((v) => v.setInt32(root, -file.length, true))).toMatchObject({ code: 'OFFSET_OUT_OF_RANGE', byteOffset: root });
    expect(patched((v) => v.setUint16(vtable, 0, true))).toMatchObject({ code: 'FIELD_LIST_MALFORMED', byteOffset: vtable });
    expect(patched((v) => v.setUint16(vtable, 7, true))).toMatchObject({ code: 'FIELD_LIST_MALFORMED', byteOffset: vtable });
    expect(patched((v) => v.setUint16(vtable, 0xfffe, true))).toMatchObject({ code: 'FILE_TRUNCATED' });
  });

  it('bounds how many tables shared lists can ask for', () => {
    // 2,000 subgraphs, all the same one of 2,000 operators, all the same one: 4 million tables out of 16 kB.
    const subgraph = { 3: tables(new Array(2000).fill({})) };
    const file = tinyModel((parts) => (parts.model = { 2: tables(new Array(2000).fill(subgraph)) })).bytes;
    expect(file.length).toBeLessThan(20_000);
    expect(errorOf(file)).toMatchObject({ code: 'TOO_MANY_TABLES', limit: 'at most 1,000,000 tables' });
  });

  it('bounds how many numbers and letters shared lists can ask for', () => {
    // 40,000 tensors, all the same one with a name of 1,000 letters.
    const tensor = { 3: text('n'.repeat(1000)) };
    const file = tinyModel((parts) => {
      parts.tensors = new Array<typeof tensor>(40_000).fill(tensor);
      parts.operators = [];
    }).bytes;
    expect(errorOf(file)).toMatchObject({ code: 'LISTS_TOO_LONG', limit: 'at most 33,554,432 elements in lists' });
  });
});

describe('references and shapes', () => {
  it('names the tensor whose buffer does not exist', () => {
    expectError(
      tinyModel((parts) => (parts.tensors[1] = { ...parts.tensors[1], 2: int32(4096, 'buffer') })),
      'BUFFER_INDEX_OUT_OF_RANGE',
      'Tensor 1, weights, refers to buffer 4,096. The file has 3 buffers.',
      'buffer index below 3',
      'buffer',
    );
  });

  it('names the operand that does not exist', () => {
    expectError(
      tinyModel((parts) => (parts.operators[0] = { ...parts.operators[0], 1: int32s([0, 1, 99], 'inputs') })),
      'TENSOR_INDEX_OUT_OF_RANGE',
      'Input 2 of operator 0, FULLY_CONNECTED, refers to tensor 99. The graph has 4 tensors.',
      'tensor index from -1 to 3',
      'inputs',
      2,
    );
    expectError(
      tinyModel((parts) => (parts.operators[0] = { ...parts.operators[0], 2: int32s([-2], 'outputs') })),
      'TENSOR_INDEX_OUT_OF_RANGE',
      'Output 0 of operator 0, FULLY_CONNECTED, refers to tensor -2. The graph has 4 tensors.',
      'tensor index from -1 to 3',
      'outputs',
    );
    expectError(
      tinyModel((parts) => (parts.operators[0] = { ...parts.operators[0], 8: int32s([0, 4], 'intermediates') })),
      'TENSOR_INDEX_OUT_OF_RANGE',
      'Intermediate 1 of operator 0, FULLY_CONNECTED, refers to tensor 4. The graph has 4 tensors.',
      'tensor index from -1 to 3',
      'intermediates',
      1,
    );
    expectError(
      tinyModel((parts) => (parts.subgraph = { 2: int32s([-1], 'outputs') })),
      'TENSOR_INDEX_OUT_OF_RANGE',
      'Output 0 of subgraph 0 refers to tensor -1. The graph has 4 tensors.',
      'tensor index from 0 to 3',
      'outputs',
    );
  });

  it('lets optional operands be absent', () => {
    const file = tinyModel((parts) => (parts.operators[0] = { ...parts.operators[0], 1: int32s([0, 1, -1]) }));
    expect(readTflite(file.bytes, 'x').graphs[0]?.operators[0]?.inputs).toEqual([0, 1, -1]);
  });

  it('names the operator code that does not exist', () => {
    expectError(
      tinyModel((parts) => (parts.operators[0] = { ...parts.operators[0], 0: int32(1, 'code') })),
      'OPERATOR_CODE_OUT_OF_RANGE',
      'Operator 0 refers to operator code 1. The file has 1 operator code.',
      'operator code index below 1',
      'code',
    );
  });

  it('names the signature that refers to nothing', () => {
    const signature = (fields: object) => tinyModel((parts) => (parts.model = { 7: tables([{ 2: text('serve'), ...fields }]) }));
    expectError(
      signature({ 4: int32(1, 'subgraph') }),
      'SUBGRAPH_INDEX_OUT_OF_RANGE',
      'Signature "serve" refers to subgraph 1. The file has 1 subgraph.',
      'subgraph index below 1',
      'subgraph',
    );
    expectError(
      signature({ 0: tables([{ 0: text('x'), 1: int32(4, 'tensor') }]) }),
      'TENSOR_INDEX_OUT_OF_RANGE',
      'Signature "serve": its tensor "x" refers to tensor 4. The graph has 4 tensors.',
      'tensor index from 0 to 3',
      'tensor',
    );
  });

  it('refuses negative sizes, too many dimensions and products that overflow', () => {
    const shaped = (shape: number[]) =>
      tinyModel((parts) => (parts.tensors[0] = { ...parts.tensors[0], 0: int32s(shape, 'shape') }));
    expectError(
      shaped([1, -4]),
      'NEGATIVE_DIMENSION',
      'Tensor 0, input, has the shape [1, -4]: a size is negative.',
      'sizes of 0 or more',
      'shape',
      1,
    );
    expectError(
      shaped([2147483647, 2147483647, 4]),
      'SHAPE_TOO_LARGE',
      'Tensor 0, input, has the shape [2147483647, 2147483647, 4]: more elements than any memory holds.',
      'at most 9,007,199,254,740,991 bits',
      'shape',
      1,
    );
    expect(errorOf(shaped(new Array<number>(65).fill(1)).bytes)).toMatchObject({
      code: 'RANK_TOO_HIGH',
      limit: 'at most 64 dimensions',
    });
  });

  it('refuses a constant whose bytes do not fill its shape', () => {
    expectError(
      tinyModel((parts) => (parts.buffers[1] = { 0: bytes([1, 2, 3]) })),
      'BUFFER_TOO_SMALL',
      'Tensor 1, weights, needs 8 bytes for int8 [2, 4]. Its buffer has 3.',
      'at least 8 bytes',
    );
  });

  it('counts half bytes for 4-bit constants', () => {
    const packed = (data: number[]) =>
      tinyModel((parts) => {
        parts.tensors[1] = { ...parts.tensors[1], 0: int32s([7]), 1: int8(17) };
        parts.buffers[1] = { 0: bytes(data) };
      }).bytes;
    expect(readTflite(packed([1, 2, 3, 4]), 'x').graphs[0]?.tensors[1]?.dtype).toBe('int4');
    expect(errorOf(packed([1, 2, 3]))).toMatchObject({ code: 'BUFFER_TOO_SMALL', limit: 'at least 4 bytes' });
  });

  it('refuses scales that are no numbers, and zero points that do not fit them', () => {
    const quantized = (scales: number[], zeroPoints: number[]) =>
      tinyModel((parts) => (parts.tensors[1] = { ...parts.tensors[1], 4: table({ 2: float32s(scales), 3: int64s(zeroPoints) }) }))
        .bytes;
    expect(errorOf(quantized([1, NaN], [0]))).toMatchObject({
      code: 'SCALE_NOT_FINITE',
      message: 'Tensor 1, weights, has the scale NaN.',
    });
    expect(errorOf(quantized([Infinity], [0]))).toMatchObject({ code: 'SCALE_NOT_FINITE' });
    expect(errorOf(quantized([1, 1, 1], [0, 0]))).toMatchObject({
      code: 'ZERO_POINT_COUNT',
      message: 'Tensor 1, weights, has 3 scales and 2 zero points.',
    });
  });

  it('refuses operators that read what is computed later, and those that feed themselves', () => {
    const ordered = (first: [number[], number[]], second: [number[], number[]]) =>
      tinyModel((parts) => {
        parts.operators = [first, second].map(([inputs, outputs], i) => ({
          1: int32s(inputs, `inputs${i}`),
          2: int32s(outputs),
        }));
        parts.tensors.push({ 0: int32s([1, 4]), 1: int8(9), 3: text('between') });
      });
    expectError(
      ordered([[0, 4], [3]], [[0], [4]]),
      'OPERATORS_OUT_OF_ORDER',
      'Operator 0, FULLY_CONNECTED, reads tensor 4, between, which only operator 1 computes.',
      'computed before operator 0',
      'inputs0',
      1,
    );
    expect(errorOf(ordered([[0, 3], [3]], [[0], [4]]).bytes)).toMatchObject({ code: 'OPERATORS_OUT_OF_ORDER' });
    expect(readTflite(ordered([[0], [4]], [[4], [3]]).bytes, 'x').graphs[0]?.operators).toHaveLength(2);
  });
});

describeShared('malformed reference files', (shared) => {
  const error = (name: string) => errorOf(new Uint8Array(readFileSync(join(shared, 'data/malformed', name))));

  it('says of a buffer out of range what the design shows', () => {
    expect(error('buffer_index_oob.tflite')).toMatchObject({
      code: 'BUFFER_INDEX_OUT_OF_RANGE',
      message: 'Tensor 5, arith.constant5, refers to buffer 4,096. The file has 25 buffers.',
      byteOffset: 13228,
      limit: 'buffer index below 25',
    });
  });

  it.each([
    ['no_subgraphs.tflite', 'NO_SUBGRAPHS'],
    ['op_input_index_negative2.tflite', 'TENSOR_INDEX_OUT_OF_RANGE'],
    ['op_output_index_oob.tflite', 'TENSOR_INDEX_OUT_OF_RANGE'],
    ['ops_out_of_topological_order.tflite', 'OPERATORS_OUT_OF_ORDER'],
    ['root_offset_past_end_8bytes.tflite', 'OFFSET_OUT_OF_RANGE'],
    ['schema_version_2.tflite', 'SCHEMA_VERSION'],
    ['shape_product_overflow.tflite', 'SHAPE_TOO_LARGE'],
    ['truncated_half.tflite', 'OFFSET_OUT_OF_RANGE'],
    ['wrong_id.tflite', 'WRONG_IDENTIFIER'],
  ])('%s: %s', (name, code) => {
    expect(error(name).code).toBe(code);
  });

  it.each(['lstm_bias_type_float.tflite', 'lstm_no_intermediates.tflite', 'scale_negative.tflite'])(
    '%s opens: what is wrong with it is no matter of the format',
    (name) => {
      const model = readTflite(new Uint8Array(readFileSync(join(shared, 'data/malformed', name))), name);
      expect(model.graphs[0]?.operators.map(({ name }) => name)).toEqual([
        'UNIDIRECTIONAL_SEQUENCE_LSTM',
        'RESHAPE',
        'FULLY_CONNECTED',
        'SOFTMAX',
      ]);
    },
  );
});
