import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delayed, delayOf } from '../../../../worker/core/analysis/audio/delay';
import { envelopeOf, loudnessOf } from '../../../../worker/core/analysis/audio/envelope';
import { overlapAdd } from '../../../../worker/core/analysis/audio/overlapAdd';
import { siSdr, siSdrOfCosine } from '../../../../worker/core/analysis/audio/siSdr';
import { frameGrid, inDecibels, SILENCE_DB, spectrogram } from '../../../../worker/core/analysis/audio/spectrogram';

const signal = (length: number, of: (index: number) => number): Float32Array => Float32Array.from({ length }, (_, k) => of(k));

/** Noise without a library: the same on every machine. */
function noise(length: number, seed = 1): Float32Array {
  let state = seed;
  return signal(length, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** What overlap-adding takes apart. */
const framesOf = (values: Float32Array, size: number, hop: number, count: number): Float32Array =>
  signal(size * count, (at) => values[Math.floor(at / size) * hop + (at % size)] ?? 0);

describe('overlapping frames', () => {
  it('add where they meet', () => {
    const frames = Float32Array.of(1, 2, 3, 4, 10, 20, 30, 40);
    expect([...overlapAdd(frames, 4, 2, 'sum')]).toEqual([1, 2, 13, 24, 30, 40]);
    expect([...overlapAdd(frames, 4, 2, 'mean')]).toEqual([1, 2, 6.5, 12, 30, 40]);
    expect([...overlapAdd(frames, 4, 4, 'mean')]).toEqual([...frames]);
    expect([...overlapAdd(frames, 4, 5, 'sum')]).toEqual([1, 2, 3, 4, 0, 10, 20, 30, 40]);
    expect([...overlapAdd(new Float32Array(3), 4, 2, 'sum')]).toEqual([]);
  });

  it('give back the signal that they were cut from, as their mean', () => {
    const sizes = fc.record({
      size: fc.integer({ min: 1, max: 9 }),
      hop: fc.integer({ min: 1, max: 9 }),
      count: fc.integer({ min: 1, max: 6 }),
    });
    fc.assert(
      fc.property(sizes, ({ size, hop, count }) => {
        fc.pre(hop <= size);
        const values = signal((count - 1) * hop + size, (k) => (k * 37) % 11);
        const back = overlapAdd(framesOf(values, size, hop, count), size, hop, 'mean');
        expect(back.length).toBe(values.length);
        back.forEach((value, k) => expect(value).toBeCloseTo(values[k]!, 5));
      }),
    );
  });
});

describe('a spectrogram', () => {
  it('of a full sine is 0 dB in its row, and far less elsewhere', () => {
    const grid = spectrogram(
      signal(4096, (k) => Math.sin((2 * Math.PI * 32 * k) / 512)),
      512,
      1024,
    );
    expect(grid).toMatchObject({ rows: 257, columns: 29, perColumn: 128 });
    const at = (row: number, column: number) => grid.cells[row * grid.columns + column]!;
    expect(at(32, 5)).toBeCloseTo(0, 3);
    expect(at(31, 5)).toBeCloseTo(-6.02, 1);
    expect(at(60, 5)).toBeLessThan(-80);
    expect(Math.max(...grid.cells)).toBeLessThan(0.01);
  });

  it('joins columns by their loudest, and of silence is silent', () => {
    const quietButOnce = signal(65_536, (k) => (k >= 30_000 && k < 30_512 ? Math.cos((Math.PI * k) / 4) : 0));
    const grid = spectrogram(quietButOnce, 512, 40);
    expect(grid.columns).toBeLessThanOrEqual(40);
    const row = grid.cells.subarray(64 * grid.columns, 65 * grid.columns);
    const loudest = row.indexOf(Math.max(...row));
    expect(loudest).toBe(Math.floor(30_000 / grid.perColumn));
    expect(row[loudest]).toBeGreaterThan(-1);
    expect(row[0]).toBe(SILENCE_DB);
    expect(spectrogram(new Float32Array(0), 512, 40).columns).toBe(0);
  });

  it('of a piece shorter than a window has one column', () => {
    expect(
      spectrogram(
        signal(100, () => 1),
        512,
        40,
      ),
    ).toMatchObject({ rows: 257, columns: 1 });
  });
});

it('frames as they are: rows of values, columns of frames, joined by the largest magnitude', () => {
  const frames = Float32Array.of(1, 2, -3, 1, 0.5, 0.25);
  expect(frameGrid(frames, 2, 10)).toEqual({ rows: 2, columns: 3, perColumn: 1, cells: Float32Array.of(1, -3, 0.5, 2, 1, 0.25) });
  expect(frameGrid(frames, 2, 2)).toEqual({ rows: 2, columns: 2, perColumn: 2, cells: Float32Array.of(-3, 0.5, 2, 0.25) });
  expect([...inDecibels(frameGrid(Float32Array.of(10, 0), 1, 2), 1).cells]).toEqual([20, SILENCE_DB]);
});

describe('SI-SDR', () => {
  it('does not depend on the scale, and is null without distortion or signal', () => {
    const reference = Float32Array.of(1, 0, 1, 0);
    const estimate = Float32Array.of(1, 0.1, 1, -0.1);
    expect(siSdr(reference, estimate)).toBeCloseTo(20, 5);
    expect(
      siSdr(
        reference,
        estimate.map((value) => value * -0.25),
      ),
    ).toBeCloseTo(20, 5);
    expect(
      siSdr(
        reference,
        reference.map((value) => value * 4),
      ),
    ).toBeNull();
    expect(siSdr(new Float32Array(4), estimate)).toBeNull();
    expect(siSdr(reference, new Float32Array(0))).toBeNull();
  });

  it('follows from the cosine', () => {
    const [reference, other] = [noise(1000), noise(1000, 77)];
    const estimate = reference.map((value, k) => 0.5 * value + 0.01 * other[k]!);
    const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, k) => sum + value * b[k]!, 0);
    const cosine = dot(reference, estimate) / Math.sqrt(dot(reference, reference) * dot(estimate, estimate));
    expect(siSdrOfCosine(cosine)).toBeCloseTo(siSdr(reference, estimate)!, 8);
    expect(siSdrOfCosine(1)).toBeNull();
    expect(siSdrOfCosine(0)).toBeNull();
  });
});

describe('delay', () => {
  it.each([0, 1, 128, 384, -37])('of %i values is found, and taken off', (delay) => {
    const reference = noise(5000);
    const late = signal(5000, (k) => -0.3 * (reference[k - delay] ?? 0));
    expect(delayOf(reference, late, 512)).toBe(delay);
    expect(siSdr(reference.subarray(0, 4000), delayed(late, delay).subarray(0, 4000)) ?? 200).toBeGreaterThan(
      delay < 0 ? 15 : 100,
    );
  });

  it('of silence is none', () => {
    expect(delayOf(new Float32Array(100), noise(100), 50)).toBe(0);
    expect(delayOf(new Float32Array(0), new Float32Array(0), 50)).toBe(0);
  });
});

it('an envelope holds every value', () => {
  const values = noise(1003);
  const { low, high, perColumn } = envelopeOf(values, 100);
  expect(low).toHaveLength(Math.ceil(1003 / perColumn));
  expect(low.length).toBeLessThanOrEqual(100);
  values.forEach((value, k) => {
    const column = Math.floor(k / perColumn);
    expect(value).toBeGreaterThanOrEqual(low[column]!);
    expect(value).toBeLessThanOrEqual(high[column]!);
  });
  expect(loudnessOf(Float32Array.of(3, -4))).toEqual({ peak: 4, rms: Math.sqrt(12.5) });
  expect(loudnessOf(new Float32Array(0))).toEqual({ peak: 0, rms: 0 });
});
