import { describe, expect, it } from 'vitest';
import { parseRequest } from '../../../extension/parseRequest';
import type { AudioDetailRequest } from '../../../worker/core/report/audioDetail';

const REQUEST: AudioDetailRequest = {
  tensor: 3,
  input: null,
  samples: { from: 0, to: 20 },
  kind: 'frames',
  frame: 512,
  hop: 128,
  overlap: 'sum',
  rate: 16_000,
  columns: 600,
  sound: null,
  reference: null,
};
const message = (fields: object) => ({
  kind: 'request',
  id: 1,
  name: 'audioDetail',
  params: { id: 'a', request: { ...REQUEST, ...fields } },
});

describe('questions about sound', () => {
  it.each([{}, { input: 0, sound: 'difference', reference: 'r' }, { kind: 'mask', frame: null, overlap: 'mean' }])(
    '%j',
    (fields) => {
      const asked = message(fields);
      expect(parseRequest(asked)).toBe(asked);
    },
  );

  it.each([
    { tensor: -1 },
    { samples: { from: 2, to: 1 } },
    { samples: null },
    { kind: 'noise' },
    { frame: 0 },
    { frame: 65_537 },
    { hop: 0 },
    { hop: 0.5 },
    { overlap: 'max' },
    { rate: 0 },
    { rate: 1e9 },
    { columns: 1e6 },
    { sound: '../x' },
    { reference: 'x'.repeat(101) },
    { reference: 1 },
  ])('%j is none', (fields) => {
    expect(parseRequest(message(fields))).toBeNull();
  });

  it('pick a recording without parameters', () => {
    const asked = { kind: 'request', id: 1, name: 'chooseRecording', params: null };
    expect(parseRequest(asked)).toBe(asked);
    expect(parseRequest({ ...asked, params: {} })).toBeNull();
  });
});
