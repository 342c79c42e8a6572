import { describe, expect, it } from 'vitest';
import { openCsv } from '../../../worker/core/data/csv';
import { DataFormatError } from '../../../worker/core/data/dataFormatError';
import { openJson } from '../../../worker/core/data/json';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('csv', () => {
  const only = (text: string) => openCsv(bytes(text), 'x.csv')[0]?.load();

  it('reads numbers with any delimiter, with and without a header, and empty lines', () => {
    const table = { dtype: 'float32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, -6e3) };
    expect(only('1,2,3\n4,5,-6e3')).toEqual(table);
    expect(only('a;b;c\r\n1;2;3\r\n\r\n4;5;-6e3\r\n')).toEqual(table);
    expect(only('1\t2\t3\n4\t5\t-6e3\n')).toEqual(table);
    expect(only('"x","y","z"\n"1","2","3"\n4, 5 ,-6e3')).toEqual(table);
  });

  it('says which row is not like the others, and which cell is no number', () => {
    expect(() => only('1,2\n3')).toThrow(/row 2 has 1 values/);
    expect(() => only('a,b\n1,2\n3,x')).toThrow(/row 2 after the header, column 2 is "x"/);
    expect(() => only('')).toThrow(DataFormatError);
    expect(() => only('a,b\n')).toThrow(/no numbers/);
  });
});

describe('json', () => {
  const open = (text: string) => openJson(bytes(text), 'x.json');

  it('reads nested lists, and objects of them by name', () => {
    expect(open('[[1, 2], [3, 4.5]]').map((array) => [array.key, array.load()])).toEqual([
      [null, { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4.5) }],
    ]);
    expect(open('{"a": [1], "note": "text", "b": [[2]]}').map(({ key, shape }) => [key, shape])).toEqual([
      ['a', [1]],
      ['b', [1, 1]],
    ]);
  });

  it('refuses ragged, too deep and other content', () => {
    expect(() => open('[[1, 2], [3]]')).toThrow(/differ in length after value 2/);
    expect(() => open('[1, "x"]')).toThrow(/value 1 is "x"/);
    expect(() => open('[1, [2]]')).toThrow(DataFormatError);
    expect(() => open('[[[[[[[[[[1]]]]]]]]]]')).toThrow(/too deep/);
    expect(() => open('{"a": 1}')).toThrow(/no list/);
    expect(() => open('{')).toThrow(/is not JSON/);
  });
});
