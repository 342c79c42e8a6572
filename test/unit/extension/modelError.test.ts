import { describe, expect, it } from 'vitest';
import { modelErrorInfo, unreadable } from '../../../extension/modelError';

const error = (byteOffset: number | null) => ({
  kind: 'model' as const,
  code: 'X',
  message: 'm',
  file: null,
  byteOffset,
  limit: 'below 25',
});
const file = Uint8Array.from({ length: 200 }, (_, index) => index);

describe('what the broken-file screen shows', () => {
  it.each([
    [13, 0],
    [16, 0],
    [100, 80],
    [199, 160],
    [5_000, 160],
    [null, 0],
  ])('three rows of bytes around byte %s start at %i', (offset, start) => {
    const info = modelErrorInfo(error(offset), file);
    expect(info.bytesStart).toBe(start);
    expect(info.bytes).toEqual([...file.subarray(start, start + 48)]);
    expect(info).toMatchObject({ byteLength: 200, byteOffset: offset, limit: 'below 25', code: 'X' });
  });

  it('shows short files whole and no bytes where there are none', () => {
    expect(modelErrorInfo(error(2), file.subarray(0, 8)).bytes).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(modelErrorInfo(unreadable(new Error('gone')), null)).toMatchObject({
      bytes: [],
      byteLength: 0,
      message: 'The file could not be read: gone',
    });
  });
});
