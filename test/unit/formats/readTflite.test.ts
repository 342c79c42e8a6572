import { describe, expect, it } from 'vitest';
import { readTflite } from '../../../worker/core/formats/tflite/readTflite';
import { constantValues, realConstant } from '../../../worker/core/model/constants';
import type { Graph, Model } from '../../../worker/core/model/model';
import { bytes, float32, float32s, int32, int32s, int64, int64s, int8, table, tables, text, uint16s } from './flatWriter';
import { tinyModel, type TinyParts } from './tinyModel';

const read = (change?: (parts: TinyParts) => void): Model => readTflite(tinyModel(change).bytes, 'tiny.tflite');

function graphOf(model: Model): Graph {
  const graph = model.graphs[0];
  if (graph === undefined) throw new Error('no graph');
  return graph;
}

describe('readTflite', () => {
  it('reads tensors, operators and constants of a small file', () => {
    const model = read();
    expect(model).toMatchObject({
      format: 'tflite',
      formatVersion: 3,
      fileName: 'tiny.tflite',
      description: 'tiny',
      signatures: [],
    });
    const graph = graphOf(model);
    expect(graph.inputs).toEqual([0]);
    expect(graph.outputs).toEqual([3]);
    expect(graph.operators).toEqual([
      {
        index: 0,
        name: 'FULLY_CONNECTED',
        customCode: null,
        version: 4,
        inputs: [0, 1, 2],
        outputs: [3],
        intermediates: [],
        options: {
          fused_activation_function: 'RELU',
          weights_format: 'DEFAULT',
          keep_num_dims: false,
          asymmetric_quantize_inputs: false,
          quantized_bias_type: 'float32',
        },
      },
    ]);
    expect(graph.tensors[0]).toMatchObject({ name: 'input', dtype: 'int8', shape: [1, 4], data: null, isVariable: false });
    expect(graph.tensors[0]?.quantization).toMatchObject({
      scales: Float32Array.of(0.5),
      zeroPoints: Float64Array.of(-3),
      axis: 0,
    });
    expect(constantValues(graph.tensors[1]!)).toEqual(Int8Array.of(1, 2, 3, 4, -4, -3, -2, -1));
    expect(realConstant(graph.tensors[2]!)).toEqual(Float32Array.of(1.25, -1.25));
  });

  it('keeps constants as views into the file', () => {
    const file = tinyModel().bytes;
    const data = graphOf(readTflite(file, 'tiny')).tensors[1]?.data;
    expect(data?.buffer).toBe(file.buffer);
  });

  it('takes the larger of the old and the new operator code', () => {
    const codeOf = (deprecated: number, code: number) =>
      graphOf(read((parts) => (parts.codes = [{ 0: int8(deprecated), 3: int32(code) }]))).operators[0]?.name;
    expect(codeOf(9, 0)).toBe('FULLY_CONNECTED');
    expect(codeOf(127, 150)).toBe('GELU');
    expect(codeOf(127, 209)).toBe('STABLEHLO_CASE');
    expect(codeOf(127, 4000)).toBe('BUILTIN_4000');
  });

  it('fills in defaults where the options table is absent or of another operator', () => {
    const optionsOf = (change: (parts: TinyParts) => void) => graphOf(read(change)).operators[0]?.options;
    const asConvolution = (parts: TinyParts) => (parts.codes = [{ 0: int8(3) }]);
    const absent = optionsOf((parts) => {
      asConvolution(parts);
      parts.operators = [{ 1: int32s([0, 1, 2]), 2: int32s([3]) }];
    });
    expect(absent).toMatchObject({ padding: 'SAME', stride_w: 0, dilation_w_factor: 1, fused_activation_function: 'NONE' });
    expect(optionsOf(asConvolution)).toMatchObject({ padding: 'SAME', dilation_h_factor: 1, fused_activation_function: 'RELU' });
  });

  it('reads options of every kind', () => {
    const optionsOf = (code: number, type: number, fields: Parameters<typeof table>[0]) =>
      graphOf(
        read((parts) => {
          parts.codes = [{ 0: int8(Math.min(code, 127)), 3: int32(code) }];
          parts.operators = [{ 1: int32s([0]), 2: int32s([3]), 3: int8(type), 4: table(fields) }];
        }),
      ).operators[0]?.options;
    expect(optionsOf(44, 71, { 0: int8(4), 1: float32(10), 3: int8(1) })).toEqual({
      fused_activation_function: 'TANH',
      cell_clip: 10,
      proj_clip: 0,
      time_major: true,
      asymmetric_quantize_inputs: false,
      diagonal_recurrent_tensors: false,
    });
    expect(optionsOf(22, 17, { 0: int32s([1, -1]) })).toEqual({ new_shape: [1, -1] });
    expect(optionsOf(53, 37, { 0: int8(9), 1: int8(7) })).toEqual({ in_data_type: 'int8', out_data_type: 'int16' });
    expect(optionsOf(23, 15, { 2: int8(1) })).toEqual({ align_corners: true, half_pixel_centers: false });
    expect(optionsOf(142, 111, { 1: text('state') })).toEqual({ container: '', shared_name: 'state' });
    expect(optionsOf(147, 115, { 0: float32s([0.5, 1.5]) })).toEqual({ boundaries: [0.5, 1.5] });
    expect(optionsOf(146, 114, { 0: int64(-5n) })).toEqual({ seed: -5, seed2: 0 });
    expect(optionsOf(3, 1, { 0: int8(77) })).toMatchObject({ padding: '77' });
  });

  it('reads the second union of options', () => {
    const operator = graphOf(
      read((parts) => {
        parts.codes = [{ 0: int8(127), 3: int32(199) }];
        parts.operators = [{ 1: int32s([0]), 2: int32s([3]), 11: int8(14), 12: table({ 0: int64(1n), 1: int8(1) }) }];
      }),
    ).operators[0];
    expect(operator).toMatchObject({
      name: 'STABLEHLO_SORT',
      options: { dimension: 1, is_stable: true, comparator_subgraph_index: 0 },
    });
  });

  it('names custom operators by their code and keeps their options as bytes', () => {
    const operator = graphOf(
      read((parts) => {
        parts.codes = [{ 0: int8(32), 1: text('SignalWindow') }];
        parts.operators = [{ 1: int32s([0]), 2: int32s([3]), 5: bytes([1, 2, 3]) }];
      }),
    ).operators[0];
    expect(operator).toMatchObject({ name: 'CUSTOM', customCode: 'SignalWindow', customOptions: Uint8Array.of(1, 2, 3) });
  });

  it('reads per-channel parameters, ranges, dynamic axes and variables', () => {
    const graph = graphOf(
      read((parts) => {
        parts.tensors[1] = {
          ...parts.tensors[1],
          4: table({ 0: float32s([-1, -2]), 1: float32s([1, 2]), 2: float32s([0.5, 2]), 3: int64s([0, 0]), 6: int32(0) }),
        };
        parts.tensors[0] = { ...parts.tensors[0], 7: int32s([-1, 4]), 5: int8(1) };
      }),
    );
    expect(graph.tensors[1]).toMatchObject({ range: { min: [-1, -2], max: [1, 2] } });
    expect(realConstant(graph.tensors[1]!)).toEqual(Float32Array.of(0.5, 1, 1.5, 2, -8, -6, -4, -2));
    expect(graph.tensors[0]).toMatchObject({ shape: [1, 4], shapeSignature: [-1, 4], isVariable: true });
  });

  it('reads blockwise quantization, whose scales are in another tensor', () => {
    const graph = graphOf(
      read((parts) => {
        parts.tensors[1] = {
          ...parts.tensors[1],
          4: table({ 4: int8(2), 5: table({ 0: int32(4), 1: int32(-1), 2: int32(2) }), 6: int32(1) }),
        };
        parts.tensors.push({ 0: int32s([2, 2]), 1: int8(0), 2: int32(3), 3: text('scales') });
        parts.buffers.push({ 0: bytes(new Uint8Array(Float32Array.of(1, 0.5, 2, 10).buffer)) });
      }),
    );
    expect(graph.tensors[1]?.quantization?.blockwise).toEqual({ scalesTensor: 4, zeroPointsTensor: -1, blockSize: 2 });
    expect(realConstant(graph.tensors[1]!, graph)).toEqual(Float32Array.of(1, 2, 1.5, 2, -8, -6, -20, -10));
    expect(() => realConstant(graph.tensors[1]!)).toThrow(expect.objectContaining({ code: 'BLOCKWISE_SCALES' }) as Error);
  });

  it('reads buffers and custom options that lie after the tables', () => {
    const outside = Uint8Array.of(9, 8, 7, 6, 5, 4, 3, 2);
    const inside = tinyModel((parts) => {
      parts.buffers[1] = { 1: int64(0x1111n, 'offset'), 2: int64(8n) };
    });
    const file = new Uint8Array(inside.bytes.length + outside.length);
    file.set(inside.bytes);
    file.set(outside, inside.bytes.length);
    new DataView(file.buffer).setBigUint64(inside.places.get('offset') ?? 0, BigInt(inside.bytes.length), true);
    expect(graphOf(readTflite(file, 'large')).tensors[1]?.data).toEqual(outside);
    expect(() => readTflite(inside.bytes, 'large')).toThrow(
      expect.objectContaining({ code: 'DATA_OUTSIDE_FILE', byteOffset: inside.places.get('offset') }) as Error,
    );
  });

  it('reads signatures, metadata and several subgraphs', () => {
    const model = read((parts) => {
      parts.model = {
        6: tables([
          { 0: text('min_runtime_version'), 1: int32(3) },
          { 0: text('blob'), 1: int32(4) },
        ]),
        7: tables([
          {
            0: tables([{ 0: text('x') }]),
            1: tables([{ 0: text('y'), 1: int32(3) }]),
            2: text('serving_default'),
          },
        ]),
      };
      parts.buffers.push({ 0: bytes([49, 46, 49, 52, 46, 48, 0, 0]) }, { 0: bytes([0, 1, 2]) });
    });
    expect(model.metadata).toEqual([
      { name: 'min_runtime_version', byteLength: 8, text: '1.14.0' },
      { name: 'blob', byteLength: 3, text: null },
    ]);
    expect(model.signatures).toEqual([
      { key: 'serving_default', graph: 0, inputs: [{ name: 'x', tensor: 0 }], outputs: [{ name: 'y', tensor: 3 }] },
    ]);
  });

  it('reads sparsity with all widths of indices', () => {
    const csr = (indices: ReturnType<typeof bytes>, type: number) => ({
      0: int8(1),
      2: int8(1),
      3: table({ 0: int32s([0, 2, 3]) }),
      4: int8(type),
      5: table({ 0: indices }),
    });
    for (const [indices, type] of [
      [int32s([0, 3, 1]), 1],
      [uint16s([0, 3, 1]), 2],
      [bytes([0, 3, 1]), 3],
    ] as const) {
      const graph = graphOf(
        read((parts) => {
          const sparsity = table({ 0: int32s([0, 1]), 2: tables([{ 1: int32(2) }, csr(indices, type)]) });
          parts.tensors[1] = { ...parts.tensors[1], 6: sparsity };
          parts.buffers[1] = { 0: bytes([5, 6, 7]) };
        }),
      );
      expect(constantValues(graph.tensors[1]!)).toEqual(Int8Array.of(5, 0, 0, 6, 0, 7, 0, 0));
    }
  });

  it('takes an empty list of bytes as no constant, unless the shape is empty as well', () => {
    const dataOf = (shape: number[]) =>
      graphOf(
        read((parts) => {
          parts.tensors[2] = { ...parts.tensors[2], 0: int32s(shape) };
          parts.buffers[2] = { 0: bytes([]) };
        }),
      ).tensors[2]?.data;
    expect(dataOf([2])).toBeNull();
    expect(dataOf([0])).toEqual(new Uint8Array(0));
  });

  it('opens scales of 0 and below, which the findings name', () => {
    const scale = (value: number) =>
      graphOf(read((parts) => (parts.tensors[1] = { ...parts.tensors[1], 4: table({ 2: float32s([value]) }) }))).tensors[1]
        ?.quantization?.scales[0];
    expect(scale(-1)).toBe(-1);
    expect(scale(0)).toBe(0);
  });
});
