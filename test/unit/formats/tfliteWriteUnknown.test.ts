import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scalar, string, table as tableField, tables as tablesField, vector } from '../../../worker/core/formats/tflite/fields';
import { rootTable, type TableSchema } from '../../../worker/core/formats/tflite/flatTable';
import { readTflite } from '../../../worker/core/formats/tflite/readTflite';
import { MODEL, OPERATOR, QUANTIZATION, SUBGRAPH, TENSOR } from '../../../worker/core/formats/tflite/schema';
import { writeTflite } from '../../../worker/core/formats/tflite/write/writeTflite';
import { ModelFormatError } from '../../../worker/core/formats/modelFormatError';
import { writeBottomUp } from './bottomUp';
import { dumpFlat } from './dumpFlat';
import {
  bytes,
  type FlatTableSpec,
  type FlatValue,
  float32,
  float32s,
  int32,
  int32s,
  int64,
  int64s,
  int8,
  table,
  tables,
  text,
  writeFlat,
} from './flatWriter';
import { graphEdit, identityEdit } from './identityEdit';
import { tinyTables, type TinyParts } from './tinyModel';
import { verifyFlat } from './verifyFlat';

/** The first field ids that the schema does not have. */
const NEW = { model: 10, subgraph: 6, tensor: 11, operator: 14, quantization: 7 };

/** A made-up future of the format: the same new fields in five tables, from id `first` on. */
const newFields = (first: number): TableSchema => ({
  new_flag: scalar(first, 'bool'),
  new_number: scalar(first + 1, 'int32'),
  new_wide_number: scalar(first + 2, 'int64'),
  new_text: string(first + 3),
  new_bytes: vector(first + 4, 'uint8'),
  new_numbers: vector(first + 5, 'int32'),
  new_wide_numbers: vector(first + 6, 'int64'),
  new_table: tableField(first + 7, {
    real: scalar(0, 'float32'),
    label: string(1),
    inner: tableField(2, { flag: scalar(0, 'bool'), values: vector(1, 'float32') }),
  }),
  new_tables: tablesField(first + 8, { label: string(0), number: scalar(1, 'int32') }),
});

const QUANTIZATION_TO_COME: TableSchema = { ...QUANTIZATION, ...newFields(NEW.quantization) };
const TENSOR_TO_COME: TableSchema = { ...TENSOR, quantization: tableField(4, QUANTIZATION_TO_COME), ...newFields(NEW.tensor) };
const OPERATOR_TO_COME: TableSchema = { ...OPERATOR, ...newFields(NEW.operator) };
const SUBGRAPH_TO_COME: TableSchema = {
  ...SUBGRAPH,
  tensors: tablesField(0, TENSOR_TO_COME),
  operators: tablesField(3, OPERATOR_TO_COME),
  ...newFields(NEW.subgraph),
};
const MODEL_TO_COME: TableSchema = { ...MODEL, subgraphs: tablesField(2, SUBGRAPH_TO_COME), ...newFields(NEW.model) };

const LAYOUTS: readonly (readonly [name: string, write: (root: FlatTableSpec) => Uint8Array])[] = [
  ['parents first', (root) => writeFlat(root).bytes],
  ['children first', (root) => writeBottomUp(root)],
];

/** All of the new fields, with values that differ by `seed`. */
function newValues(first: number, seed: number): FlatTableSpec {
  return {
    [first]: int8(1),
    [first + 1]: int32(1_000_003 + seed),
    [first + 2]: int64(-1_234_567_890_123n - BigInt(seed)),
    [first + 3]: text(`text of ${seed}, mit Ü`),
    [first + 4]: bytes([seed, 0, 0, 255, 7]),
    [first + 5]: int32s([seed, -seed, 77]),
    [first + 6]: int64s([seed, -5]),
    [first + 7]: table({
      0: float32(seed + 0.25),
      1: text(`label ${seed}`),
      2: table({ 0: int8(1), 1: float32s([0.5, seed]) }),
    }),
    [first + 8]: tables([{ 0: text('first'), 1: int32(seed + 5) }, { 1: int32(-1) }]),
  };
}

/** The tiny model with new fields in the model, its graph, two tensors and their parameters, and its operator. */
function withNewFields(parts: TinyParts): void {
  parts.model = newValues(NEW.model, 3);
  parts.subgraph = newValues(NEW.subgraph, 5);
  parts.operators = parts.operators.map((spec) => ({ ...spec, ...newValues(NEW.operator, 7) }));
  parts.tensors = parts.tensors.map((spec, i) =>
    i === 0 || i === 3
      ? {
          ...spec,
          ...newValues(NEW.tensor, 11 + i),
          4: table({ 2: float32s([0.5]), 3: int64s([2]), ...newValues(NEW.quantization, 17 + i) }),
        }
      : spec,
  );
}

interface Dumped {
  readonly subgraphs: readonly [readonly { readonly tensors: readonly [readonly Record<string, unknown>[]] }[]];
}

describe.each(LAYOUTS)('fields of a later schema, %s', (_, layOut) => {
  const source = layOut(tinyTables(withNewFields).root);

  it('are there in the made-up file, and nowhere else', () => {
    expect(() => verifyFlat(source, MODEL, 'TFL3')).toThrow(/has a field/);
    verifyFlat(source, MODEL_TO_COME, 'TFL3');
  });

  it('are carried over', () => {
    const written = writeTflite(identityEdit(readTflite(source, 'later')), source);
    verifyFlat(written, MODEL_TO_COME, 'TFL3');
    expect(dumpFlat(written, MODEL_TO_COME)).toEqual(dumpFlat(source, MODEL_TO_COME));
  });

  it('stay with their tensors and parameters when these change', () => {
    const model = readTflite(source, 'later');
    const { graph } = graphEdit(model);
    const [input, weights, bias, output] = graph.tensors;
    const other = { ...output!.quantization!, scales: Float32Array.of(4) };
    const tensors = [
      { ...output!, index: 0, name: 'renamed', quantization: other },
      { ...bias!, index: 1, data: Uint8Array.from([1, 0, 0, 0, 2, 0, 0, 0]) },
      { ...input!, index: 2 },
      { ...weights!, index: 3 },
    ];
    const operators = graph.operators.map((operator) => ({ ...operator, inputs: [2, 3, 1], outputs: [0] }));
    const edited = {
      graph: { ...graph, tensors, operators, inputs: [2], outputs: [0] },
      tensorOrigins: [3, 2, 0, 1],
      operatorOrigins: [0],
    };
    const written = writeTflite(identityEdit(model, { graphs: [edited] }), source);
    verifyFlat(written, MODEL_TO_COME, 'TFL3');
    const [before, after] = [source, written].map(
      (file) => (dumpFlat(file, MODEL_TO_COME) as Dumped).subgraphs[0][0]!.tensors[0],
    );
    const parameters = before![3]!['quantization'] as [object];
    expect(after![0]).toEqual({
      ...before![3],
      name: ['renamed'],
      quantization: [{ ...parameters[0], scale: [[4]] }],
    });
    expect(after![2]).toEqual(before![0]);
  });

  it('are carried over in tables that one file shares', () => {
    const parameters = { 2: float32s([0.5]), 3: int64s([2]), [NEW.quantization + 7]: table({ 1: text('shared') }) };
    const { root } = tinyTables((parts) => {
      parts.tensors = parts.tensors.map((spec) => ({ ...spec, 4: table(parameters) }));
    });
    const file = layOut(root);
    const written = writeTflite(identityEdit(readTflite(file, 'later')), file);
    verifyFlat(written, MODEL_TO_COME, 'TFL3');
    expect(dumpFlat(written, MODEL_TO_COME)).toEqual(dumpFlat(file, MODEL_TO_COME));
    expect(written.length).toBeLessThanOrEqual(file.length + 64);
  });

  it('are carried over as unions of an unknown kind and lists of texts', () => {
    const later = { details: tableField(5, { label: string(0), number: scalar(1, 'int32') }) };
    const { root } = tinyTables((parts) => {
      parts.tensors[0] = {
        ...parts.tensors[0],
        4: table({ 2: float32s([0.5]), 3: int64s([2]), 4: int8(9), 5: table({ 0: text('a later kind'), 1: int32(12) }) }),
      };
    });
    const file = layOut(root);
    const written = writeTflite(identityEdit(readTflite(file, 'later')), file);
    const parameters = [file, written].map((bytes) => {
      const schema = { tensors: tablesField(0, { quantization: tableField(4, { code: scalar(4, 'uint8'), ...later }) }) };
      return dumpFlat(bytes, { subgraphs: tablesField(2, schema) });
    });
    expect(JSON.stringify(parameters[0])).toContain('a later kind');
    expect(parameters[1]).toEqual(parameters[0]);
  });
});

describe('what cannot be told of a later field', () => {
  /** Bytes of an empty list, or zeros between two things? */
  it('is refused, with the field named', () => {
    const { root } = tinyTables((parts) => (parts.model = { [NEW.model]: int32s([]) }));
    const file = writeFlat(root).bytes;
    expect(() => writeTflite(identityEdit(readTflite(file, 'later')), file)).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_FIELD_UNCLEAR',
        message: expect.stringMatching(/^model has a field, number 10,/) as string,
      }) as Error,
    );
  });

  it('keeps a buffer that it may refer to', () => {
    const { root } = tinyTables((parts) => (parts.subgraph = { [NEW.subgraph]: int32(1) }));
    const file = writeFlat(root).bytes;
    const model = readTflite(file, 'later');
    const edit = graphEdit(model);
    const tensors = edit.graph.tensors.map((tensor) => (tensor.index === 1 ? { ...tensor, data: new Uint8Array(8) } : tensor));
    const written = writeTflite(identityEdit(model, { graphs: [{ ...edit, graph: { ...edit.graph, tensors } }] }), file);
    const buffers = (bytes: Uint8Array) =>
      rootTable(bytes, MODEL, 'model')
        .tables('buffers')
        .map((buffer) => buffer.numbers('data'));
    expect(buffers(written)[1]).toEqual(buffers(file)[1]);
    expect(buffers(written)).toHaveLength(4);
  });
});

const REFUSED: ReadonlySet<string> = new Set(['UNKNOWN_FIELD_UNCLEAR', 'UNKNOWN_BYTES_LEFT']);

describe('any later field', () => {
  const anyScalar: fc.Arbitrary<FlatValue> = fc.oneof(
    fc.integer({ min: 0, max: 255 }).map((value) => int8(value)),
    fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer()).map((value) => int32(value)),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => int64(value)),
  );
  const anyList: fc.Arbitrary<FlatValue> = fc.oneof(
    fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).map((value) => text(value)),
    fc.uint8Array({ minLength: 1, maxLength: 40 }).map((value) => bytes(value)),
    fc.array(fc.integer(), { minLength: 1, maxLength: 9 }).map((values) => int32s(values)),
    fc.array(fc.integer(), { minLength: 1, maxLength: 9 }).map((values) => int64s(values)),
  );
  const { spec } = fc.letrec<{ value: FlatValue; spec: FlatTableSpec }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      anyScalar,
      anyList,
      tie('spec').map((inner) => table(inner)),
    ),
    spec: fc
      .array(tie('value'), { minLength: 1, maxLength: 4 })
      .map((values) => Object.fromEntries(values.map((value, id) => [id, value]))),
  }));
  const newOnes = (first: number) =>
    spec.map((fields) => Object.fromEntries(Object.entries(fields).map(([id, value]) => [first + Number(id), value])));

  it('is carried over byte for byte, or refused', () => {
    const outcomes = { carried: 0, refused: 0 };
    fc.assert(
      fc.property(
        newOnes(NEW.model),
        newOnes(NEW.tensor),
        fc.integer({ min: 0, max: 3 }),
        fc.boolean(),
        (model, tensor, index, isTopDown) => {
          const { root } = tinyTables((parts) => {
            parts.model = model;
            parts.tensors[index] = { ...parts.tensors[index], ...tensor };
          });
          const file = isTopDown ? writeFlat(root).bytes : writeBottomUp(root);
          let written: Uint8Array;
          try {
            written = writeTflite(identityEdit(readTflite(file, 'later')), file);
          } catch (error) {
            if (!(error instanceof ModelFormatError) || !REFUSED.has(error.code)) throw error;
            outcomes.refused++;
            return;
          }
          const schema = schemaOf(root);
          verifyFlat(written, schema, 'TFL3');
          expect(dumpFlat(written, schema)).toEqual(dumpFlat(file, schema));
          outcomes.carried++;
        },
      ),
      { numRuns: 400 },
    );
    expect(outcomes.refused / outcomes.carried).toBeLessThan(0.1);
  });
});

/** The schema that reads a described table: every field by the form that it is written in. */
function schemaOf(spec: FlatTableSpec): TableSchema {
  const kinds = Object.entries(spec).map(([id, value]) => [`field ${id}`, fieldOf(Number(id), value)] as const);
  return Object.fromEntries(kinds);
}

function fieldOf(id: number, value: FlatValue): TableSchema[string] {
  switch (value.kind) {
    case 'scalar':
      return scalar(id, value.bytes.length === 1 ? 'uint8' : value.bytes.length === 4 ? 'uint32' : 'uint64');
    case 'list': {
      if (value.bytes.length === value.count + 1) return string(id);
      const size = value.count === 0 ? 1 : value.bytes.length / value.count;
      return vector(id, size === 1 ? 'uint8' : size === 4 ? 'uint32' : 'uint64');
    }
    case 'table':
      return tableField(id, schemaOf(value.table));
    case 'tables':
      return tablesField(id, Object.assign({}, ...value.tables.map(schemaOf)) as TableSchema);
  }
}
