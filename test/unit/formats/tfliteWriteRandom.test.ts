import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Field } from '../../../worker/core/formats/tflite/flatTable';
import { TENSOR_TYPES } from '../../../worker/core/formats/tflite/fields';
import { builtinOperator } from '../../../worker/core/formats/tflite/operators';
import { readTflite } from '../../../worker/core/formats/tflite/readTflite';
import { MODEL } from '../../../worker/core/formats/tflite/schema';
import { writeTflite } from '../../../worker/core/formats/tflite/write/writeTflite';
import { BITS_PER_ELEMENT } from '../../../worker/core/model/dtype';
import type { Graph, Operator, OptionValue, Quantization, Sparsity, Tensor } from '../../../worker/core/model/model';
import { writeTflite as writeNew } from '../../writeTflite';
import { identityEdit } from './identityEdit';
import { verifyFlat } from './verifyFlat';

const LAST_OPERATOR = 209;
const CUSTOM = 32;

const name = fc.string({ maxLength: 12, unit: 'grapheme' });
const float = fc.float({ noNaN: true, noDefaultInfinity: true });
const floats = (length: number) => fc.array(float, { minLength: length, maxLength: length });

const quantization = (length: number): fc.Arbitrary<Quantization> =>
  fc.record({
    scales: floats(length).map((values) => Float32Array.from(values)),
    zeroPoints: fc
      .array(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), { minLength: length, maxLength: length })
      .map((values) => Float64Array.from(values)),
    axis: fc.integer({ min: 0, max: 3 }),
    blockwise: fc.constant(null),
  });

const indices = fc.oneof(fc.uint8Array({ maxLength: 5 }), fc.uint16Array({ maxLength: 5 }), fc.int32Array({ maxLength: 5 }));
const sparsity: fc.Arbitrary<Sparsity> = fc.record({
  traversalOrder: fc.array(fc.nat(5), { maxLength: 4 }),
  blockMap: fc.array(fc.nat(5), { maxLength: 2 }),
  dimensions: fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('dense' as const), size: fc.nat(99) }),
      fc.record({ kind: fc.constant('sparse-csr' as const), segments: indices, indices }),
    ),
    { maxLength: 3 },
  ),
});

/** Any tensor that a file can hold; its index and buffer are set where it is placed. */
const tensor: fc.Arbitrary<Tensor> = fc
  .record({
    dtype: fc.constantFrom(...TENSOR_TYPES),
    shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }),
    isConstant: fc.boolean(),
    isSparse: fc.boolean(),
    scales: fc.constantFrom(0, 0, 1, 3),
    ranges: fc.constantFrom(0, 0, 1, 3),
  })
  .chain(({ dtype, shape, isConstant, isSparse, scales, ranges }) => {
    const bits = shape.reduce((product, size) => product * size, BITS_PER_ELEMENT[dtype]);
    const stored = Math.ceil(bits / 8);
    const data = fc.uint8Array({ minLength: Math.max(stored, bits === 0 ? 0 : 1), maxLength: stored + 3 });
    return fc.record<Tensor>({
      index: fc.constant(0),
      name,
      dtype: fc.constant(dtype),
      shape: fc.constant(shape),
      shapeSignature: fc.tuple(...shape.map((size) => fc.constantFrom(size, -1))),
      hasRank: shape.length > 0 || isConstant ? fc.constant(true) : fc.boolean(),
      quantization: scales === 0 ? fc.constant(null) : quantization(scales),
      range: ranges === 0 ? fc.constant(null) : fc.record({ min: floats(ranges), max: floats(ranges) }),
      isVariable: fc.boolean(),
      sparsity: isSparse ? sparsity : fc.constant(null),
      data: isConstant ? data : fc.constant(null),
      buffer: fc.constant(0),
    });
  });

function option(field: Field): fc.Arbitrary<OptionValue> {
  switch (field.kind) {
    case 'scalar':
      if (field.type === 'bool') return fc.boolean();
      return field.type === 'float32' ? float : fc.integer({ min: field.type === 'uint32' ? 0 : -9, max: 9 });
    case 'enum':
      return fc.constantFrom(...field.names, '99');
    case 'string':
      return name;
    case 'vector':
      return field.type === 'float32'
        ? fc.array(float, { maxLength: 4 })
        : fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 4 });
    default:
      throw new Error(`${field.kind} is no option`);
  }
}

/** Any operator that reads the tensors below `count`; its outputs are set where it is placed. */
const operator = (count: number): fc.Arbitrary<Operator> =>
  fc.integer({ min: 0, max: LAST_OPERATOR }).chain((code) => {
    const builtin = builtinOperator(code);
    const fields = Object.entries(builtin.options).filter(([, field]) => field.kind !== 'deprecated');
    const options = fc.record(Object.fromEntries(fields.map(([key, field]) => [key, option(field)] as const)));
    const operand = fc.integer({ min: -1, max: count - 1 });
    const base = fc.record<Operator>({
      index: fc.constant(0),
      name: fc.constant(builtin.name),
      customCode: code === CUSTOM ? name : fc.constant(null),
      version: fc.integer({ min: 1, max: 12 }),
      inputs: fc.array(operand, { maxLength: 24 }),
      outputs: fc.constant([]),
      intermediates: fc.array(operand, { maxLength: 5 }),
      options,
    });
    const custom = fc.option(fc.uint8Array({ maxLength: 9 }), { nil: undefined });
    return fc
      .tuple(base, custom)
      .map(([made, customOptions]) => (customOptions === undefined ? made : { ...made, customOptions }));
  });

const graph: fc.Arbitrary<Graph> = fc.array(tensor, { minLength: 1, maxLength: 8 }).chain((tensors) =>
  fc.record<Graph>({
    index: fc.constant(0),
    name,
    tensors: fc.constant(tensors.map((made, index) => ({ ...made, index }))),
    operators: fc
      .array(operator(tensors.length), { maxLength: 5 })
      .map((operators) => operators.map((made, index) => ({ ...made, index }))),
    inputs: fc.array(fc.nat(tensors.length - 1), { maxLength: 3 }),
    outputs: fc.array(fc.nat(tensors.length - 1), { maxLength: 3 }),
  }),
);

/** Without the numbers of buffers, which an edit does not decide. */
const plain = (made: Graph): Graph => ({ ...made, tensors: made.tensors.map((part) => ({ ...part, buffer: 0 })) });
const read = (file: Uint8Array): Graph => readTflite(file, 'any').graphs[0]!;

describe('any graph', () => {
  it('reads as it was written', () => {
    fc.assert(
      fc.property(graph, (made) => {
        const file = writeNew(made);
        verifyFlat(file, MODEL, 'TFL3');
        expect(plain(read(file))).toEqual(made);
      }),
      { numRuns: 150 },
    );
  });

  it('becomes any other graph: the file then reads as that, whatever came from where', () => {
    const origins = fc.array(fc.option(fc.nat(7)), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(graph, graph, origins, origins, (before, after, tensorOrigins, operatorOrigins) => {
        const file = writeNew(before);
        const source = readTflite(file, 'any');
        const from = <T>(parts: readonly T[], of: readonly unknown[], all: readonly (number | null)[]) =>
          parts.map((_, i) => (of[all[i] ?? -1] === undefined ? null : (all[i] ?? null)));
        const edit = {
          graph: after,
          tensorOrigins: from(after.tensors, before.tensors, tensorOrigins),
          operatorOrigins: from(after.operators, before.operators, operatorOrigins),
        };
        const again = writeTflite(identityEdit(source, { graphs: [edit] }), file);
        verifyFlat(again, MODEL, 'TFL3');
        expect(plain(read(again))).toEqual(after);
      }),
      { numRuns: 150 },
    );
  });
});
