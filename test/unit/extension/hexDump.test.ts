import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { hexDump } from '../../../extension/hexDump';

const bytes = (length: number) => Uint8Array.from({ length }, (_, index) => index & 0xff);

describe('hex dump', () => {
  it('shows offset, bytes and printable text', () => {
    const { text } = hexDump(new TextEncoder().encode('TFL3 is what a model says\n'), 0);
    expect(text.split('\n')).toEqual([
      '00000000  54 46 4C 33 20 69 73 20 77 68 61 74 20 61 20 6D  TFL3 is what a m',
      '00000010  6F 64 65 6C 20 73 61 79 73 0A                    odel says.',
      '',
    ]);
  });

  it('finds the byte, in whole files and in parts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(5000), fc.constantFrom(64, 256, 65_536), (length, wanted, max) => {
        const file = bytes(length);
        const offset = Math.min(wanted, length - 1);
        const { text, line, column } = hexDump(file, wanted, max);
        expect(text.split('\n')[line]?.slice(column, column + 2)).toBe(
          (offset & 0xff).toString(16).toUpperCase().padStart(2, '0'),
        );
      }),
    );
  });

  it('says which part of a long file it shows', () => {
    const lines = hexDump(bytes(10_000), 5_000, 64).text.trimEnd().split('\n');
    expect(lines[0]).toBe('Bytes 4,960 to 5,023 of 10,000');
    expect(lines).toHaveLength(5);
  });

  it('copes with an empty file and an offset beyond the end', () => {
    expect(hexDump(new Uint8Array(), 12)).toMatchObject({ line: 0 });
    expect(hexDump(bytes(3), 99).line).toBe(0);
  });
});
