import { describe, expect, it } from 'vitest';
import { parseRequest } from '../../../extension/parseRequest';

const request = (name: string, params: unknown) => ({ kind: 'request', id: 1, name, params });
const SIGNAL = { op: 1, signal: 'h', samples: [0], steps: null, units: { from: 0, to: 4 }, filter: null };
const MATRIX = { of: 'error', against: 'local', path: 'float', width: 500, height: 96, order: 'worst' };
const signal = (fields: object) => request('signalDetail', { id: 'a', request: { ...SIGNAL, ...fields } });
const tensor = (fields: object) => request('tensorDetail', { id: 'a', request: { tensor: 3, sample: null, ...fields } });

describe('questions about details', () => {
  it.each([
    signal({}),
    signal({ direction: 'backward', series: { mostPoints: 500 }, unitList: { order: 'index', most: 8 }, matches: true }),
    signal({ matrix: MATRIX, histogram: { from: null, to: 0.5, mostBins: 150 } }),
    signal({ filter: { kind: 'range', path: 'float', low: null, high: 1 } }),
    signal({ filter: { kind: 'rails', end: 'either' } }),
    signal({ filter: { kind: 'flat' }, values: [{ sample: 0, step: 1, batch: 0, unit: 2 }] }),
    tensor({ grid: { rows: { from: 0, to: 2 }, columns: { from: 0, to: 2 } } }),
    tensor({ sample: 2, channels: { range: { from: 0, to: 2 }, mostBins: 30 } }),
    request('cancelDetail', { id: 'a' }),
  ])('are accepted: %j', (message) => {
    expect(parseRequest(message)).toBe(message);
  });

  it.each([
    ['without id', request('signalDetail', { request: SIGNAL })],
    ['without request', request('signalDetail', { id: 'a' })],
    ['of an operator that is no number', signal({ op: '1' })],
    ['of too many samples', signal({ samples: new Array(2000).fill(0) })],
    ['of a sample that is no place', signal({ samples: [-1] })],
    ['of a range that runs back', signal({ steps: { from: 4, to: 2 } })],
    ['of an unknown filter', signal({ filter: { kind: 'all' } })],
    ['of a range of values that is not finite', signal({ filter: { kind: 'range', path: 'float', low: Infinity, high: null } })],
    ['of a matrix larger than may be', signal({ matrix: { ...MATRIX, width: 4000, height: 4000 } })],
    ['of an endless series', signal({ series: { mostPoints: 1e9 } })],
    ['of no bins', signal({ histogram: { from: null, to: null, mostBins: 0 } })],
    ['of values without a unit', signal({ values: [{ sample: 0, step: 1, batch: 0 }] })],
    ['of a tensor that is no number', tensor({ tensor: null })],
    ['of half a grid', tensor({ grid: { rows: { from: 0, to: 2 } } })],
  ])('are refused %s', (_, message) => {
    expect(parseRequest(message)).toBeNull();
  });
});
