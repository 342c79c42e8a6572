import { describe, expect, it } from 'vitest';
import { rowForKey } from '../../../webview/ui/rowKeys';

describe('keys in a table', () => {
  const at = (row: number) => ({ at: row, rows: 10, page: 4 });

  it.each([
    ['ArrowDown', 3, 4],
    ['ArrowDown', 9, 9],
    ['ArrowUp', 3, 2],
    ['ArrowUp', -1, 0],
    ['ArrowDown', -1, 0],
    ['PageDown', 8, 9],
    ['PageUp', 2, 0],
    ['Home', 5, 0],
    ['End', 5, 9],
  ])('%s leads from row %i to row %i', (key, from, to) => {
    expect(rowForKey(key, at(from))).toBe(to);
  });

  it('other keys lead nowhere, and page keys only where there are pages', () => {
    expect(rowForKey('a', at(3))).toBeNull();
    expect(rowForKey('PageDown', { at: 3, rows: 10 })).toBeNull();
  });
});
