import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { DataFormatError } from '../../../worker/core/data/dataFormatError';
import { openNpz, writeNpz } from '../../../worker/core/data/npz';
import { writeNpy } from '../../../worker/core/data/npy';
import type { Value } from '../../../worker/core/run/value';
import { dictionary, npyBytes } from './npyBytes';

const value: Value = { dtype: 'int8', shape: [2, 2], data: Int8Array.of(1, 2, 3, 4) };

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof DataFormatError) return error.code;
    throw error;
  }
  return 'none';
};

describe('npz', () => {
  it('gives back what it wrote, in order', () => {
    const other: Value = { dtype: 'float32', shape: [1], data: Float32Array.of(0.5) };
    const arrays = openNpz(writeNpz(new Map([['0/i_x', value], ['b', other]])), 'x.npz'); // prettier-ignore
    expect(arrays.map(({ key, shape }) => [key, shape])).toEqual([['0/i_x', [2, 2]], ['b', [1]]]); // prettier-ignore
    expect(arrays.map((array) => array.load())).toEqual([value, other]);
  });

  it('reads stored and deflated entries and passes over others', () => {
    const npy = writeNpy(value);
    const bytes = zipSync({ 'stored.npy': [npy, { level: 0 }], 'packed.npy': [npy, { level: 9 }], 'readme.txt': npy });
    expect(openNpz(bytes, 'x.npz').map((array) => array.load())).toEqual([value, value]);
  });

  it('names the entry that is damaged', () => {
    const bytes = zipSync({ 'a.npy': npyBytes(dictionary('|i1', '(9,)'), [1]) });
    expect(() => openNpz(bytes, 'x.npz')).toThrow(DataFormatError);
    expect(() => openNpz(bytes, 'x.npz')).toThrow(/claims \[9\]/);
  });

  it('refuses what is no zip, and entries that claim too much', () => {
    expect(codeOf(() => openNpz(new Uint8Array(3), 'x.npz'))).toBe('ZIP_MAGIC');
    expect(codeOf(() => openNpz(new Uint8Array(100), 'x.npz'))).toBe('ZIP_DAMAGED');
    const bytes = zipSync({ 'a.npy': writeNpy(value) });
    const view = new DataView(bytes.buffer);
    const directory = view.getUint32(bytes.length - 6, true);
    view.setUint32(directory + 24, 0xf0000000, true); // uncompressed size
    expect(codeOf(() => openNpz(bytes, 'x.npz'))).toBe('ZIP_ENTRY_TOO_LARGE');
  });

  it('stops counting entries at its limit', () => {
    const bytes = zipSync({ 'a.npy': writeNpy(value) });
    // An end record of the 64-bit kind that announces four billion entries.
    const end = bytes.length - 22;
    const directory = new DataView(bytes.buffer).getUint32(end + 16, true);
    const forged = new Uint8Array(bytes.length + 76);
    forged.set(bytes.subarray(0, end));
    const view = new DataView(forged.buffer);
    view.setUint32(end, 0x06064b50, true);
    view.setUint32(end + 32, 0xffffffff, true);
    view.setUint32(end + 48, directory, true);
    view.setUint32(end + 56, 0x07064b50, true);
    view.setUint32(end + 64, end, true);
    forged.set(bytes.subarray(end), end + 76);
    expect(['ZIP_ENTRIES', 'ZIP_DAMAGED']).toContain(codeOf(() => openNpz(forged, 'x.npz')));
  });

  it('answers every mutation with values or a data error', () => {
    const bytes = writeNpz(new Map([['a', value]]));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const mutated = bytes.slice();
        mutated[at] = byte;
        try {
          for (const array of openNpz(mutated, 'x.npz')) array.load();
        } catch (error) {
          expect(error).toBeInstanceOf(DataFormatError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
