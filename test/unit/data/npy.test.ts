import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataFormatError } from '../../../worker/core/data/dataFormatError';
import { readNpy, readNpyHeader, writeNpy } from '../../../worker/core/data/npy';
import { elementCount } from '../../../worker/core/run/arrays';
import type { Value } from '../../../worker/core/run/value';
import { dictionary, npyBytes } from './npyBytes';

const read = (bytes: Uint8Array) => readNpy(bytes, 'x.npy');

/** What a hostile file is answered with. */
function failure(bytes: Uint8Array): { code: string; byteOffset: number | null; limit: string | null; file: string } {
  try {
    read(bytes);
  } catch (error) {
    if (error instanceof DataFormatError) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('npy', () => {
  it('reads every type, little and big endian', () => {
    expect(read(npyBytes(dictionary('<f4', '(1,)'), [0, 0, 128, 63]))).toEqual({
      dtype: 'float32',
      shape: [1],
      data: Float32Array.of(1),
    });
    expect(read(npyBytes(dictionary('>f4', '(1,)'), [63, 128, 0, 0])).data).toEqual(Float32Array.of(1));
    expect(read(npyBytes(dictionary('>i2', '(2,)'), [1, 0, 255, 254])).data).toEqual(Int16Array.of(256, -2));
    expect(read(npyBytes(dictionary('|i1', '(2,)'), [127, 128])).data).toEqual(Int8Array.of(127, -128));
    expect(read(npyBytes(dictionary('|u1', '(2,)'), [0, 255])).data).toEqual(Uint8Array.of(0, 255));
    expect(read(npyBytes(dictionary('|b1', '(3,)'), [0, 1, 1]))).toEqual({
      dtype: 'bool',
      shape: [3],
      data: Uint8Array.of(0, 1, 1),
    });
    expect(read(npyBytes(dictionary('<i8', '(1,)'), [254, 255, 255, 255, 255, 255, 255, 255])).data).toEqual(
      BigInt64Array.of(-2n),
    );
    expect(read(npyBytes(dictionary('<f8', '(1,)'), [0, 0, 0, 0, 0, 0, 240, 191])).data).toEqual(Float64Array.of(-1));
  });

  it('widens half floats: 1, smallest subnormal, infinity, NaN, -0', () => {
    const { dtype, data } = read(npyBytes(dictionary('<f2', '(5,)'), [0, 60, 1, 0, 0, 124, 1, 126, 0, 128]));
    expect(dtype).toBe('float32');
    expect(Array.from(data as Float32Array)).toEqual([1, 2 ** -24, Infinity, NaN, -0]);
  });

  it('puts Fortran order into rows', () => {
    const value = read(npyBytes(dictionary('|i1', '(2, 3)', 'True'), [1, 4, 2, 5, 3, 6]));
    expect(value).toEqual({ dtype: 'int8', shape: [2, 3], data: Int8Array.of(1, 2, 3, 4, 5, 6) });
  });

  it('reads scalars, empty arrays, versions 2 and 3, and NumPy 1 shapes', () => {
    expect(read(npyBytes(dictionary('|i1', '()'), [7]))).toEqual({ dtype: 'int8', shape: [], data: Int8Array.of(7) });
    expect(read(npyBytes(dictionary('|i1', '(0, 4)'), []))).toEqual({ dtype: 'int8', shape: [0, 4], data: new Int8Array() });
    expect(read(npyBytes(dictionary('|i1', '(1,)'), [7], 2)).data).toEqual(Int8Array.of(7));
    expect(read(npyBytes(dictionary('|i1', '(1L, 1L)'), [7], 3)).shape).toEqual([1, 1]);
  });

  it('ignores what follows the values, and reads unaligned files', () => {
    const bytes = npyBytes(dictionary('<f4', '(1,)'), [0, 0, 128, 63, 9, 9]);
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(read(shifted.subarray(1)).data).toEqual(Float32Array.of(1));
  });

  it('refuses what lies, with what, where and limit', () => {
    expect(failure(new Uint8Array([1, 2, 3]))).toMatchObject({ code: 'NPY_MAGIC', byteOffset: 0, file: 'x.npy' });
    expect(failure(npyBytes(dictionary('|i1', '(1,)'), [7], 9))).toMatchObject({ code: 'NPY_VERSION', byteOffset: 6 });
    expect(failure(npyBytes(dictionary('<U8', '(1,)'), [7]))).toMatchObject({ code: 'NPY_TYPE', byteOffset: 10 });
    expect(failure(npyBytes(dictionary('<c8', '(1,)'), [7]))).toMatchObject({ code: 'NPY_TYPE' });
    expect(failure(npyBytes("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", [7])).code).toBe('NPY_TYPE');
    expect(failure(npyBytes(dictionary('|i1', '(-1,)'), [7])).code).toBe('NPY_HEADER');
    expect(failure(npyBytes(dictionary('|i1', '(4,)'), [1, 2, 3]))).toMatchObject({
      code: 'NPY_TRUNCATED',
      byteOffset: 128,
      limit: '4 bytes',
    });
    expect(failure(npyBytes(dictionary('<f4', '(99999999, 99999999)'), [7])).code).toBe('NPY_TOO_LARGE');
    expect(failure(npyBytes(dictionary('<f4', `(${'9'.repeat(400)},)`), [7])).code).toBe('NPY_TOO_LARGE');
    expect(failure(npyBytes(dictionary('|i1', '(1, 1, 1, 1, 1, 1, 1, 1, 1)'), [7])).code).toBe('NPY_TOO_LARGE');
    const endless = npyBytes(dictionary('|i1', '(1,)'), [7], 2);
    new DataView(endless.buffer).setUint32(8, 0xffffffff, true);
    expect(failure(endless)).toMatchObject({ code: 'NPY_TRUNCATED', byteOffset: 8 });
  });

  it('reads a header from the start of a file alone', () => {
    const bytes = npyBytes(dictionary('<f4', '(1, 2)'), new Uint8Array(8));
    expect(readNpyHeader(bytes.subarray(0, 128), 'x.npy', bytes.length).shape).toEqual([1, 2]);
  });

  const arrays = fc
    .array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 })
    .chain((shape) =>
      fc.tuple(fc.constant(shape), fc.array(fc.integer(), { minLength: elementCount(shape), maxLength: elementCount(shape) })),
    );

  it('gives back what it wrote', () => {
    fc.assert(
      fc.property(arrays, ([shape, integers]) => {
        const values: Value[] = [
          { dtype: 'int32', shape, data: Int32Array.from(integers) },
          { dtype: 'int8', shape, data: Int8Array.from(integers) },
          { dtype: 'float32', shape, data: Float32Array.from(integers, (x) => x / 7) },
          { dtype: 'int64', shape, data: BigInt64Array.from(integers, BigInt) },
        ];
        for (const value of values) expect(read(writeNpy(value))).toEqual(value);
      }),
    );
  });

  it('answers every mutation with values or a data error', () => {
    const bytes = npyBytes(dictionary('<f2', '(2, 3)', 'True'), new Uint8Array(12));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 }), fc.nat(bytes.length), (at, byte, length) => {
        const mutated = bytes.slice(0, length);
        if (at < length) mutated[at] = byte;
        try {
          const { shape, data } = read(mutated);
          expect(data).toHaveLength(elementCount(shape));
        } catch (error) {
          expect(error).toBeInstanceOf(DataFormatError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
