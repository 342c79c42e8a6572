import { describe, expect, it } from 'vitest';
import { rootTable } from '../../../worker/core/formats/tflite/flatTable';
import { readTflite } from '../../../worker/core/formats/tflite/readTflite';
import { MODEL } from '../../../worker/core/formats/tflite/schema';
import { writeTflite } from '../../../worker/core/formats/tflite/write/writeTflite';
import type { Operator, Tensor } from '../../../worker/core/model/model';
import type { ModelEdit } from '../../../worker/core/model/modelEdit';
import { bytes, float32s, int32, int32s, int64, int64s, int8, table, tables, text } from './flatWriter';
import { graphEdit, identityEdit } from './identityEdit';
import { tinyModel, type TinyParts } from './tinyModel';
import { rewrite, type Source, sourceOf, withData, withTensors } from './rewriting';

const buffersOf = (file: Uint8Array) =>
  rootTable(file, MODEL, 'model')
    .tables('buffers')
    .map((buffer) => buffer.bytes('data'));
const codesOf = (file: Uint8Array) =>
  rootTable(file, MODEL, 'model')
    .tables('operator_codes')
    .map((code) => [
      code.number('deprecated_builtin_code'),
      code.number('builtin_code'),
      code.number('version'),
      code.text('custom_code'),
    ]);
const metadataOf = (file: Uint8Array, name: string) => {
  const root = rootTable(file, MODEL, 'model');
  const entry = root.tables('metadata').find((metadata) => metadata.text('name') === name);
  return entry === undefined ? null : [...(buffersOf(file)[entry.number('buffer')] ?? [])];
};

describe('buffers', () => {
  it('of replaced constants take the new data, and the others keep their numbers', () => {
    const source = sourceOf();
    const data = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const { file, graph } = rewrite(source, { graphs: [withTensors(source, withData(1, data))] });
    expect(buffersOf(file)).toEqual([null, data, source.graph.tensors[2]?.data]);
    expect(graph.tensors.map(({ buffer }) => buffer)).toEqual([0, 1, 2, 0]);
  });

  it('of constants that are gone get empty', () => {
    const source = sourceOf();
    const edit = withTensors(source, (tensor) => (tensor.index === 1 ? { ...tensor, data: null } : tensor));
    const { file, graph } = rewrite(source, { graphs: [edit] });
    expect(buffersOf(file)).toEqual([null, null, source.graph.tensors[2]?.data]);
    expect(graph.tensors[1]).toMatchObject({ data: null, buffer: 0 });
  });

  it('stay when metadata refer to them as well', () => {
    const source = sourceOf((parts) => (parts.model = { 5: int32s([1]), 6: tables([{ 0: text('notes'), 1: int32(2) }]) }));
    const edit = withTensors(source, (tensor) => (tensor.data === null ? tensor : { ...tensor, data: new Uint8Array(8) }));
    const { file } = rewrite(source, { graphs: [edit] });
    expect(buffersOf(file).slice(0, 3)).toEqual(buffersOf(source.file));
    expect(buffersOf(file).slice(3)).toEqual([new Uint8Array(8), new Uint8Array(8)]);
  });

  it('are shared as before, until one of those that share it changes', () => {
    const shared = sourceOf((parts) => {
      parts.tensors.push({ ...parts.tensors[1], 3: text('same weights') });
    });
    expect(rewrite(shared, {}).graph.tensors.map(({ buffer }) => buffer)).toEqual([0, 1, 2, 0, 1]);
    const data = new Uint8Array(8).fill(9);
    const { graph } = rewrite(shared, { graphs: [withTensors(shared, withData(4, data))] });
    expect(graph.tensors.map(({ buffer }) => buffer)).toEqual([0, 1, 2, 0, 3]);
    expect(graph.tensors[1]?.data).toEqual(shared.graph.tensors[1]?.data);
  });

  it('are shared by new constants of the same bytes in memory, and kept for bytes that are equal', () => {
    const source = sourceOf();
    const data = new Uint8Array(8).fill(3);
    const edit = withTensors(source, (tensor) => (tensor.index === 1 || tensor.index === 2 ? { ...tensor, data } : tensor));
    expect(rewrite(source, { graphs: [edit] }).graph.tensors.map(({ buffer }) => buffer)).toEqual([0, 1, 1, 0]);
    const copied = withTensors(source, (tensor) => (tensor.data === null ? tensor : { ...tensor, data: tensor.data.slice() }));
    expect(writeTflite(identityEdit(source.model, { graphs: [copied] }), source.file)).toEqual(
      writeTflite(identityEdit(source.model), source.file),
    );
  });

  it('begin with an empty one, also where the source lists none', () => {
    const source = sourceOf((parts) => {
      parts.buffers = [];
      parts.tensors = parts.tensors.map((tensor) => ({ ...tensor, 2: int32(0) }));
    });
    const { file } = rewrite(source, { graphs: [withTensors(source, withData(1, new Uint8Array(8)))] });
    expect(buffersOf(file)).toEqual([null, new Uint8Array(8)]);
  });
});

describe('data outside the tables', () => {
  /** Buffer 1 and the custom options of an operator at offsets behind the tables. */
  function large(): Source {
    const outside = Uint8Array.from({ length: 40 }, (_, i) => i + 1);
    const tiny = tinyModel((parts) => {
      parts.buffers[1] = { 1: int64(0x1111n, 'buffer'), 2: int64(8n) };
      parts.buffers.push({ 1: int64(0x1111n, 'unused'), 2: int64(20n) });
      parts.codes.push({ 0: int8(32), 1: text('Later') });
      parts.operators.push({ 0: int32(1), 1: int32s([3]), 2: int32s([]), 9: int64(0x1111n, 'options'), 10: int64(12n) });
    });
    const start = Math.ceil(tiny.bytes.length / 16) * 16;
    const file = new Uint8Array(start + outside.length);
    file.set(tiny.bytes);
    file.set(outside, start);
    const view = new DataView(file.buffer);
    for (const [place, offset] of [
      ['buffer', 0],
      ['options', 8],
      ['unused', 20],
    ] as const) {
      view.setBigUint64(tiny.places.get(place) ?? 0, BigInt(start + offset), true);
    }
    const model = readTflite(file, 'large');
    return { file, model, graph: model.graphs[0]! };
  }

  it('stays there, aligned to 16 bytes', () => {
    const source = large();
    const { file, graph } = rewrite(source, {});
    expect(graph.tensors[1]?.data).toEqual(source.graph.tensors[1]?.data);
    expect(graph.operators[1]?.customOptions).toEqual(Uint8Array.from({ length: 12 }, (_, i) => i + 9));
    const [, buffer, , unused] = rootTable(file, MODEL, 'model').tables('buffers');
    expect([buffer?.number('offset'), unused?.number('size')].map((value) => Number(value) > 1)).toEqual([true, true]);
    expect((buffer?.number('offset') ?? 1) % 16).toBe(0);
  });

  it('is dropped when it is replaced', () => {
    const source = large();
    const edit = withTensors(source, withData(1, new Uint8Array(8).fill(5)));
    const operators = source.graph.operators.map((operator) =>
      operator.index === 1 ? { ...operator, customOptions: Uint8Array.of(1, 2) } : operator,
    );
    const { file, graph } = rewrite(source, { graphs: [{ ...edit, graph: { ...edit.graph, operators } }] });
    expect(graph.operators[1]?.customOptions).toEqual(Uint8Array.of(1, 2));
    expect(
      rootTable(file, MODEL, 'model')
        .tables('buffers')
        .map((buffer) => buffer.number('size')),
    ).toEqual([0, 0, 0, 20]);
  });

  it('makes a file that is too large be refused, before memory is taken', () => {
    const source = sourceOf();
    const memory = new ArrayBuffer(700_000_000);
    const tensors: Tensor[] = [0, 1, 2, 3].map((i) => ({
      ...source.graph.tensors[1]!,
      index: 4 + i,
      shape: [1, 600_000_000],
      shapeSignature: [1, 600_000_000],
      data: new Uint8Array(memory, i, 600_000_000),
    }));
    const edit = graphEdit(source.model, 0, { tensors: [...source.graph.tensors, ...tensors] });
    const graphs = [{ ...edit, tensorOrigins: [...edit.tensorOrigins, null, null, null, null] }];
    expect(() => writeTflite(identityEdit(source.model, { graphs }), source.file)).toThrow(
      expect.objectContaining({ code: 'FILE_TOO_LARGE', limit: 'at most 2,147,483,647 bytes (2 GiB)' }) as Error,
    );
  });
});

describe('tensors', () => {
  it('get and lose parameters, ranges, sparsity, open axes and blocks', () => {
    const source = sourceOf((parts) => {
      parts.tensors[3] = { ...parts.tensors[3], 4: table({ 0: float32s([-1]), 1: float32s([1]) }), 7: int32s([-1, 2]) };
    });
    const [input, weights, , output] = source.graph.tensors;
    const changed: Tensor[] = [
      { ...input!, quantization: null, range: { min: [-2], max: [3] }, dtype: 'float32', shapeSignature: [-1, 4] },
      {
        ...weights!,
        quantization: { scales: Float32Array.of(0.1, 0.2), zeroPoints: Float64Array.of(-3, 2 ** 40), axis: 1, blockwise: null },
        data: Uint8Array.of(7, 8, 9),
        sparsity: {
          traversalOrder: [0, 1, 2],
          blockMap: [1],
          dimensions: [
            { kind: 'dense', size: 2 },
            { kind: 'sparse-csr', segments: Uint8Array.of(0, 1, 3), indices: Uint16Array.of(3, 0, 1) },
            { kind: 'dense', size: 1 },
          ],
        },
      },
      {
        ...source.graph.tensors[2]!,
        quantization: {
          scales: new Float32Array(0),
          zeroPoints: new Float64Array(0),
          axis: 1,
          blockwise: { scalesTensor: 0, zeroPointsTensor: -1, blockSize: 32 },
        },
        isVariable: true,
      },
      { ...output!, range: null, shape: [1, 5, 2], shapeSignature: [1, 5, 2], name: 'ÄÖ', dtype: 'bfloat16' },
    ];
    const { graph, file } = rewrite(source, { graphs: [withTensors(source, ({ index }) => changed[index]!)] });
    expect(graph.tensors).toEqual(changed);
    // And back again.
    const model = readTflite(file, 'tiny');
    expect(
      rewrite({ file, model, graph }, { graphs: [graphEdit(model, 0, { tensors: source.graph.tensors })] }).graph.tensors,
    ).toEqual(source.graph.tensors);
  });

  it('keep what is stored otherwise than it reads: one zero point for all channels, several axes of blocks', () => {
    const source = sourceOf((parts) => {
      parts.tensors[1] = { ...parts.tensors[1], 4: table({ 2: float32s([0.5, 2]), 3: int64s([4]) }) };
      parts.tensors[2] = {
        ...parts.tensors[2],
        4: table({ 4: int8(3), 5: table({ 0: int32(0), 1: int32(-1), 2: int32(2), 3: int32s([0, 1]) }) }),
      };
    });
    const scalesMoved = source.graph.tensors.map((tensor): Tensor => {
      const { quantization } = tensor;
      if (quantization?.blockwise)
        return { ...tensor, quantization: { ...quantization, blockwise: { ...quantization.blockwise, scalesTensor: 3 } } };
      return tensor;
    });
    const { file } = rewrite(source, { graphs: [graphEdit(source.model, 0, { tensors: scalesMoved })] });
    const [, weights, bias] = rootTable(file, MODEL, 'model').tables('subgraphs')[0]!.tables('tensors');
    expect(weights?.table('quantization')?.numbers('zero_point')).toEqual([4]);
    const details = bias?.table('quantization')?.union<{
      quantized_dimensions: { kind: 'vector'; id: 3; type: 'int32' };
      scales: { kind: 'scalar'; id: 0; type: 'int32'; default: 0 };
    }>('details');
    expect([details?.code, details?.table?.number('scales'), details?.table?.numbers('quantized_dimensions')]).toEqual([
      3,
      3,
      [0, 1],
    ]);
  });
});

describe('operators', () => {
  const another = (operator: Operator, changes: Partial<Operator>): Operator => ({ ...operator, ...changes });

  it('of a kind share a code; codes above 127 leave a placeholder; codes without operators go', () => {
    const source = sourceOf((parts) => parts.codes.unshift({ 0: int8(99), 3: int32(99) }));
    const first = source.graph.operators[0]!;
    const plain = { inputs: [3], outputs: [3], intermediates: [], customCode: null, version: 2 };
    const operators: Operator[] = [
      another(first, { version: 9 }),
      { ...plain, index: 1, name: 'GELU', options: { approximate: true } },
      { ...plain, index: 2, name: 'GELU', options: {} },
      { ...plain, index: 3, name: 'CUSTOM', customCode: 'Mine', options: {}, customOptions: Uint8Array.of(5) },
      { ...plain, index: 4, name: 'BUILTIN_4000', options: {}, version: 1 },
      { ...plain, index: 5, name: 'STABLEHLO_SORT', options: { dimension: -1, is_stable: true } },
    ];
    const model = { ...source.model };
    const edit = { ...graphEdit(model, 0, { operators }), operatorOrigins: [0, null, null, null, null, null] };
    // The file's first operator has the first code, 99, which is then gone; 9 was listed without being used.
    const { file, graph } = rewrite(source, { graphs: [edit] });
    expect(first.name).toBe('SQUARED_DIFFERENCE');
    expect(codesOf(file)).toEqual([
      [9, 9, 4, ''],
      [99, 99, 9, ''],
      [127, 150, 2, ''],
      [32, 32, 2, 'Mine'],
      [127, 4000, 1, ''],
      [127, 199, 2, ''],
    ]);
    expect(graph.operators.map(({ name }) => name)).toEqual(operators.map(({ name }) => name));
    expect(graph.operators[1]?.options).toEqual({ approximate: true });
    expect(graph.operators[2]?.options).toEqual({ approximate: false });
    expect(graph.operators[3]).toMatchObject({ customCode: 'Mine', customOptions: Uint8Array.of(5) });
    expect(graph.operators[5]?.options).toEqual({ dimension: -1, is_stable: true, comparator_subgraph_index: 0 });
  });

  it('keep what no option names, and get options where the file has none', () => {
    const source = sourceOf((parts) => {
      parts.operators[0] = { ...parts.operators[0], 6: int8(0), 7: bytes([0, 1, 0]), 13: int32(4) };
      parts.operators.push({ 1: int32s([0, 1, 2]), 2: int32s([3]) });
    });
    const operators = source.graph.operators.map((operator) =>
      another(operator, {
        options: { ...operator.options, keep_num_dims: true, fused_activation_function: 'TANH' },
        inputs: operator.index === 0 ? [0, 1, 2, -1] : operator.inputs,
      }),
    );
    const { file, graph } = rewrite(source, { graphs: [graphEdit(source.model, 0, { operators })] });
    expect(graph.operators.map(({ options }) => [options['keep_num_dims'], options['fused_activation_function']])).toEqual([
      [true, 'TANH'],
      [true, 'TANH'],
    ]);
    const [table] = rootTable(file, MODEL, 'model').tables('subgraphs')[0]!.tables('operators');
    expect(table?.number('debug_metadata_index')).toBe(4);
    expect(table?.numbers('mutating_variable_inputs')).toEqual([0, 1, 0, 0]);
  });

  it('lose the options of what they were', () => {
    const source = sourceOf();
    const operators = source.graph.operators.map((operator) =>
      another(operator, { name: 'ADD', options: { pot_scale_int16: false }, version: 1 }),
    );
    const { graph } = rewrite(source, { graphs: [graphEdit(source.model, 0, { operators })] });
    expect(graph.operators[0]).toMatchObject({
      name: 'ADD',
      options: { fused_activation_function: 'NONE', pot_scale_int16: false },
    });
    expect(Object.keys(graph.operators[0]!.options)).toHaveLength(2);
  });
});

describe('what names tensors and operators by number', () => {
  const signed = (parts: TinyParts) =>
    (parts.model = {
      7: tables([
        { 0: tables([{ 0: text('x') }]), 1: tables([{ 0: text('y'), 1: int32(3) }]), 2: text('serve'), 3: text('old tag') },
      ]),
    });
  /** A float input in front of the int8 one, which stays; both come from tensor 0. */
  function withQuantize(source: Source, origins: readonly (number | null)[]): ModelEdit {
    const [input] = source.graph.tensors;
    const tensors = [{ ...input!, dtype: 'float32' as const, quantization: null }, ...source.graph.tensors].map(
      (tensor, index) => ({ ...tensor, index }),
    );
    const operators: Operator[] = [
      { index: 0, name: 'QUANTIZE', customCode: null, version: 1, inputs: [0], outputs: [1], intermediates: [], options: {} },
      { ...source.graph.operators[0]!, index: 1, inputs: [1, 2, 3], outputs: [4] },
    ];
    const graph = { ...source.graph, tensors, operators, inputs: [0], outputs: [4] };
    return identityEdit(source.model, { graphs: [{ graph, tensorOrigins: origins, operatorOrigins: [null, 0] }] });
  }

  it('follows the renumbering: signatures', () => {
    const source = sourceOf(signed);
    const { model, file } = rewrite(source, withQuantize(source, [0, 0, 1, 2, 3]));
    expect(model.signatures).toEqual([
      { key: 'serve', graph: 0, inputs: [{ name: 'x', tensor: 0 }], outputs: [{ name: 'y', tensor: 4 }] },
    ]);
    expect(rootTable(file, MODEL, 'model').tables('signature_defs')[0]?.text('deprecated_tag')).toBe('old tag');
  });

  it('is refused when it would lead nowhere', () => {
    const source = sourceOf(signed);
    expect(() => rewrite(source, withQuantize(source, [null, null, 1, 2, 3]))).toThrow(
      'The input "x" of the signature "serve" was tensor 0, which the edited graph 0 does not have.',
    );
    expect(() => rewrite(source, withQuantize(source, [null, 0, 1, 2, 3]))).toThrow(
      'The input "x" of the signature "serve" would be tensor 1, which is not among the inputs of graph 0 any more.',
    );
  });

  it('follows the renumbering: control dependencies and offline memory plans', () => {
    const plan = new Uint8Array(Int32Array.of(1, 0, 4, 0, -1, 64, 128).buffer);
    const source = sourceOf((parts) => {
      parts.operators.push({ ...parts.operators[0] }, { ...parts.operators[0] }, { ...parts.operators[0] });
      // Version 1, one graph, 3 pairs, zigzag: 0 before 1, 1 before 3, -1 before 2.
      parts.buffers.push({ 0: bytes([1, 1, 3, 0, 2, 2, 6, 1, 4]) }, { 0: bytes(plan) });
      parts.model = {
        6: tables([
          { 0: text('model_control_dependencies'), 1: int32(3) },
          { 0: text('OfflineMemoryAllocation'), 1: int32(4) },
        ]),
      };
    });
    expect(metadataOf(rewrite(source, {}).file, 'model_control_dependencies')).toEqual([1, 1, 3, 0, 2, 2, 6, 1, 4]);
    const [first, , third, fourth] = source.graph.operators;
    const operators = [first!, first!, third!, fourth!].map((operator, index) => ({ ...operator, index }));
    const tensors = [3, 0, 1, 2].map((origin, index) => ({ ...source.graph.tensors[origin]!, index }));
    const wider = { ...tensors[1]!, dtype: 'int16' as const };
    const graph = {
      ...source.graph,
      operators: operators.map((operator) => ({ ...operator, inputs: [1, 2, 3], outputs: [0] })),
      tensors: [tensors[0]!, wider, tensors[2]!, tensors[3]!],
      inputs: [1],
      outputs: [0],
    };
    const { file } = rewrite(source, { graphs: [{ graph, tensorOrigins: [3, 0, 1, 2], operatorOrigins: [0, 0, 2, 3] }] });
    // Operator 1 is gone: what came of 0 (now 0 and 1) runs before what came of 3 (now 3).
    expect(metadataOf(file, 'model_control_dependencies')).toEqual([1, 1, 2, 2, 6, 1, 4]);
    expect(metadataOf(file, 'OfflineMemoryAllocation')).toEqual([
      ...new Uint8Array(Int32Array.of(1, 0, 4, 128, -1, -1, 64).buffer),
    ]);
  });
});

describe('metadata', () => {
  it('is added, and replaced in place with its size kept', () => {
    const source = sourceOf((parts) => {
      parts.buffers.push({ 0: bytes([49, 46, 53, 46, 48, 0, 0, 0, 0, 0]) });
      parts.model = { 6: tables([{ 0: text('min_runtime_version'), 1: int32(3) }]) };
    });
    const { model, file } = rewrite(source, {
      metadata: [
        { name: 'gatescope', text: '{"a":1}' },
        { name: 'min_runtime_version', text: '2.1.0' },
      ],
    });
    expect(model.metadata).toEqual([
      { name: 'min_runtime_version', byteLength: 10, text: '2.1.0' },
      { name: 'gatescope', byteLength: 7, text: '{"a":1}' },
    ]);
    expect(buffersOf(file)).toHaveLength(5);
  });
});
