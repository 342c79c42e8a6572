import { describe, expect, it } from 'vitest';
import { cellsPath, cellsQuery, fusedName, parseCellsQuery } from '../../../extension/cells/cellsPlace';
import { linkQuery, parseLink } from '../../../extension/placeLink';

describe('files that show a model’s cells', () => {
  it('stand beside the model, and say what they are made from', () => {
    const place = { model: 'file:///models/a%20b.tflite', asFloat: true };
    expect(parseCellsQuery(cellsQuery(place))).toEqual(place);
    expect(cellsPath('/models/a b.tflite')).toBe('/models/a b.cells.tflite');
    expect(fusedName('/models/a.b.TFLITE')).toBe('a.b.fused.tflite');
  });

  it.each([
    ['no JSON', 'model'],
    ['no object', '7'],
    ['null', 'null'],
    ['no model', '{"asFloat":true}'],
    ['a path without a scheme', '{"model":"/etc/passwd.tflite"}'],
    ['another file', '{"model":"file:///etc/passwd"}'],
  ])('are refused with %s', (_, query) => {
    expect(parseCellsQuery(query)).toBeNull();
  });

  it('can be linked to', () => {
    const file = `gatescope-cells:/models/a.cells.tflite?${encodeURIComponent(cellsQuery({ model: 'file:///models/a.tflite', asFloat: false }))}`;
    expect(parseLink(linkQuery({ file, place: { tab: 'lstm' } }))).toEqual({ file, place: { tab: 'lstm' } });
  });
});
