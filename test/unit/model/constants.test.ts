import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantValues, realConstant } from '../../../worker/core/model/constants';
import type { DType } from '../../../worker/core/model/dtype';
import type { Quantization, Sparsity, Tensor } from '../../../worker/core/model/model';

function constant(dtype: DType, shape: number[], data: Uint8Array, more: Partial<Tensor> = {}): Tensor {
  return {
    index: 0,
    name: 'c',
    dtype,
    shape,
    shapeSignature: shape,
    hasRank: true,
    quantization: null,
    range: null,
    isVariable: false,
    sparsity: null,
    data,
    buffer: 1,
    ...more,
  };
}

const bytesOf = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
const perAxis = (scales: number[], zeroPoints: number[], axis: number): Quantization => ({
  scales: Float32Array.from(scales),
  zeroPoints: Float64Array.from(zeroPoints),
  axis,
  blockwise: null,
});
const withCode = (code: string) => expect.objectContaining({ name: 'ModelFormatError', code }) as Error;

describe('constantValues', () => {
  it.each([
    ['float32', Float32Array.of(1.5, -2, 0.1)],
    ['float64', Float64Array.of(1.5, -2, 0.1)],
    ['int8', Int8Array.of(-128, 0, 127)],
    ['uint8', Uint8Array.of(0, 128, 255)],
    ['bool', Uint8Array.of(0, 1, 1)],
    ['int16', Int16Array.of(-32768, 0, 32767)],
    ['uint16', Uint16Array.of(0, 1, 65535)],
    ['int32', Int32Array.of(-2147483648, 0, 2147483647)],
    ['uint32', Uint32Array.of(0, 1, 4294967295)],
    ['int64', BigInt64Array.of(-1n, 0n, 2n ** 62n)],
  ] as const)('reads %s at any alignment, as a copy', (dtype, values) => {
    for (const shift of [0, 1, 3]) {
      const file = new Uint8Array(values.byteLength + shift);
      file.set(bytesOf(values), shift);
      const read = constantValues(constant(dtype, [3], file.subarray(shift)));
      expect(read).toEqual(values);
      file.fill(0);
      expect(read).toEqual(values);
    }
  });

  it('unpacks small integers, the first in the lowest bits', () => {
    expect(constantValues(constant('int4', [5], Uint8Array.of(0x8f, 0x70, 0x01)))).toEqual(Int8Array.of(-1, -8, 0, 7, 1));
    expect(constantValues(constant('uint4', [3], Uint8Array.of(0x8f, 0x01)))).toEqual(Uint8Array.of(15, 8, 1));
    expect(constantValues(constant('int2', [5], Uint8Array.of(0b11_10_01_00, 0b01)))).toEqual(Int8Array.of(0, 1, -2, -1, 1));
  });

  it('widens half floats and 8-bit floats exactly', () => {
    const half = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x7c00, 0xfc00, 0x7e00, 0x8000);
    const reals = Float32Array.of(1, -2, 65504, 2 ** -24, Infinity, -Infinity, NaN, -0);
    expect(constantValues(constant('float16', [8], bytesOf(half)))).toEqual(reals);
    const brain = Uint16Array.of(0x3f80, 0xc040, 0x7f80, 0x0001);
    expect(constantValues(constant('bfloat16', [4], bytesOf(brain)))).toEqual(Float32Array.of(1, -3, Infinity, 2 ** -133));
    const e4m3 = Uint8Array.of(0x38, 0x7e, 0x01, 0x7f, 0xb8);
    expect(constantValues(constant('float8e4m3fn', [5], e4m3))).toEqual(Float32Array.of(1, 448, 2 ** -9, NaN, -1));
    // ONNX's types without infinities and -0: exponents biased by one more.
    const e4m3fnuz = Uint8Array.of(0x40, 0x7f, 0x01, 0x80, 0xc0);
    expect(constantValues(constant('float8e4m3fnuz', [5], e4m3fnuz))).toEqual(Float32Array.of(1, 240, 2 ** -10, NaN, -1));
    const e5m2fnuz = Uint8Array.of(0x40, 0x7f, 0x01, 0x80);
    expect(constantValues(constant('float8e5m2fnuz', [4], e5m2fnuz))).toEqual(Float32Array.of(1, 57344, 2 ** -17, NaN));
    expect(constantValues(constant('float8e8m0', [3], Uint8Array.of(127, 130, 255)))).toEqual(Float32Array.of(1, 8, NaN));
    const e2m1 = Uint8Array.of(0x10, 0x72, 0xf9);
    expect(constantValues(constant('float4e2m1', [6], e2m1))).toEqual(Float32Array.of(0, 0.5, 1, 6, -0.5, -6));
    expect(constantValues(constant('uint2', [4], Uint8Array.of(0b11100100)))).toEqual(Uint8Array.of(0, 1, 2, 3));
    const e5m2 = Uint8Array.of(0x3c, 0x7b, 0x01, 0x7c, 0xfc);
    expect(constantValues(constant('float8e5m2', [5], e5m2))).toEqual(Float32Array.of(1, 57344, 2 ** -16, Infinity, -Infinity));
  });

  it('reads scalars, empty constants and longer buffers', () => {
    expect(constantValues(constant('int8', [], Uint8Array.of(7)))).toEqual(Int8Array.of(7));
    expect(constantValues(constant('int32', [0], new Uint8Array(0)))).toEqual(new Int32Array(0));
    expect(constantValues(constant('int8', [2], Uint8Array.of(1, 2, 3)))).toEqual(Int8Array.of(1, 2));
  });

  it('refuses what is no constant, not numeric, or too short', () => {
    expect(() => constantValues(constant('int8', [1], Uint8Array.of(1), { data: null }))).toThrow(withCode('NOT_CONSTANT'));
    for (const dtype of ['string', 'resource', 'variant', 'unknown', 'complex64', 'complex128'] as const) {
      expect(() => constantValues(constant(dtype, [1], new Uint8Array(16)))).toThrow(withCode('NOT_NUMERIC'));
    }
    expect(() => constantValues(constant('int16', [3], new Uint8Array(5)))).toThrow(withCode('BUFFER_TOO_SMALL'));
  });
});

describe('realConstant', () => {
  it('dequantizes per tensor, rounding each product once', () => {
    const tensor = constant('int8', [3], bytesOf(Int8Array.of(-128, 0, 127)), { quantization: perAxis([0.1], [-3], 0) });
    const scale = Math.fround(0.1);
    expect(realConstant(tensor)).toEqual(Float32Array.of(scale * -125, scale * 3, scale * 130));
  });

  it('dequantizes per channel along any axis', () => {
    const data = bytesOf(Int8Array.of(1, 2, 3, 4, 5, 6));
    const along = (axis: number, scales: number[], zeroPoints: number[]) =>
      realConstant(constant('int8', [2, 3], data, { quantization: perAxis(scales, zeroPoints, axis) }));
    expect(along(0, [1, 10], [0, 1])).toEqual(Float32Array.of(1, 2, 3, 30, 40, 50));
    expect(along(1, [1, 10, 100], [0, 0, 1])).toEqual(Float32Array.of(1, 20, 200, 4, 50, 500));
  });

  it('takes the only axis that fits where the stored one does not', () => {
    const tensor = constant('int8', [1, 2, 3], bytesOf(Int8Array.of(1, 2, 3, 4, 5, 6)), {
      quantization: perAxis([1, 2, 3], [0, 0, 0], 0),
    });
    expect(realConstant(tensor)).toEqual(Float32Array.of(1, 4, 9, 4, 10, 18));
    const unclear = constant('int8', [1, 2, 2], new Uint8Array(4), { quantization: perAxis([1, 2], [0, 0], 0) });
    expect(() => realConstant(unclear)).toThrow(withCode('SCALES_DO_NOT_FIT'));
  });

  it('passes floats and takes integers without parameters as they are', () => {
    expect(realConstant(constant('float32', [2], bytesOf(Float32Array.of(0.5, -1))))).toEqual(Float32Array.of(0.5, -1));
    expect(realConstant(constant('int64', [2], bytesOf(BigInt64Array.of(3n, -4n))))).toEqual(Float32Array.of(3, -4));
  });
});

describe('sparse constants', () => {
  const sparse = (shape: number[], values: number[], sparsity: Sparsity): Tensor =>
    constant('int8', shape, bytesOf(Int8Array.from(values)), { sparsity });

  it('equal the dense matrix they were made from, in blocks and in any order of axes', () => {
    fc.assert(
      fc.property(
        fc.record({
          rows: fc.integer({ min: 1, max: 4 }),
          columns: fc.integer({ min: 1, max: 4 }),
          blockRows: fc.integer({ min: 1, max: 3 }),
          blockColumns: fc.integer({ min: 1, max: 3 }),
          columnMajor: fc.boolean(),
        }),
        fc.infiniteStream(fc.integer({ min: -3, max: 3 })),
        ({ rows, columns, blockRows, blockColumns, columnMajor }, numbers) => {
          const width = columns * blockColumns;
          const dense = Int8Array.from(
            { length: rows * blockRows * width },
            () => (numbers.next().value as number | undefined) ?? 0,
          );
          const block = (row: number, column: number) =>
            Array.from({ length: blockRows * blockColumns }, (_, i) => {
              const r = row * blockRows + Math.floor(i / blockColumns);
              return dense[r * width + column * blockColumns + (i % blockColumns)] ?? 0;
            });
          const [outer, inner] = columnMajor ? [columns, rows] : [rows, columns];
          const segments = [0];
          const indices: number[] = [];
          const values: number[] = [];
          for (let o = 0; o < outer; o++) {
            for (let i = 0; i < inner; i++) {
              const found = columnMajor ? block(i, o) : block(o, i);
              if (found.some((value) => value !== 0)) {
                indices.push(i);
                values.push(...found);
              }
            }
            segments.push(indices.length);
          }
          const tensor = sparse([rows * blockRows, width], values, {
            traversalOrder: columnMajor ? [1, 0, 2, 3] : [0, 1, 2, 3],
            blockMap: [0, 1],
            dimensions: [
              { kind: 'dense', size: outer },
              { kind: 'sparse-csr', segments: Int32Array.from(segments), indices: Uint8Array.from(indices) },
              { kind: 'dense', size: blockRows },
              { kind: 'dense', size: blockColumns },
            ],
          });
          expect(constantValues(tensor)).toEqual(dense);
        },
      ),
    );
  });

  it.each<[string, Partial<Sparsity>]>([
    ['a traversal order that is no permutation', { traversalOrder: [0, 0] }],
    ['a traversal order out of range', { traversalOrder: [0, 7] }],
    ['too few levels', { dimensions: [{ kind: 'dense', size: 2 }] }],
    ['a level that is too large', { dimensions: [{ kind: 'dense', size: 1e9 }, csr([0, 1], [0])] }],
    ['segments that go backwards', { dimensions: [{ kind: 'dense', size: 2 }, csr([0, 2, 1], [0, 1])] }],
    ['segments past the indices', { dimensions: [{ kind: 'dense', size: 2 }, csr([0, 1, 9], [0, 1])] }],
    ['missing segments', { dimensions: [{ kind: 'dense', size: 2 }, csr([0, 1], [0])] }],
    ['an index outside the shape', { dimensions: [{ kind: 'dense', size: 2 }, csr([0, 1, 2], [0, 99])] }],
    ['two blocks on one axis', { blockMap: [1, 1], traversalOrder: [0, 1, 2, 3] }],
    ['an index past its row', { dimensions: [{ kind: 'dense', size: 2 }, csr([0, 1, 2], [2, 1])] }],
    [
      'a block of no size',
      { traversalOrder: [0, 1, 2], blockMap: [1], dimensions: [...dense3().slice(0, 2), { kind: 'dense', size: 0 }] },
    ],
    ['a negative index', { dimensions: [{ kind: 'dense', size: 2 }, csr([0, 1, 2], [0, -1])] }],
    ['a block on an axis that is not there', { traversalOrder: [0, 1, 2], blockMap: [5], dimensions: dense3() }],
    ['more entries than values', { dimensions: [{ kind: 'dense', size: 2 }, csr([0, 2, 4], [0, 1, 0, 1])] }],
  ])('with %s are refused', (_what, broken) => {
    const sparsity: Sparsity = {
      traversalOrder: [0, 1],
      blockMap: [],
      dimensions: [{ kind: 'dense', size: 2 }, csr([0, 1, 2], [0, 1])],
      ...broken,
    };
    expect(() => constantValues(sparse([2, 2], [5, 6], sparsity))).toThrow(withCode('SPARSITY_MALFORMED'));
  });

  it('cannot ask for any amount of memory', () => {
    const tensor = sparse([2 ** 20, 2 ** 20], [1], { traversalOrder: [0, 1], blockMap: [], dimensions: [] });
    expect(() => constantValues(tensor)).toThrow(withCode('SPARSITY_MALFORMED'));
  });

  function csr(segments: number[], indices: number[]): Sparsity['dimensions'][number] {
    return { kind: 'sparse-csr', segments: Int32Array.from(segments), indices: Int32Array.from(indices) };
  }

  function dense3(): Sparsity['dimensions'] {
    return [
      { kind: 'dense', size: 2 },
      { kind: 'dense', size: 1 },
      { kind: 'dense', size: 1 },
    ];
  }
});
