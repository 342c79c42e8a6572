import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withFewBuffers } from '../../../extension/fewBuffers';
import { constantDetail } from '../../../worker/core/analysis/detail/constantDetail';
import { readModel } from '../../../worker/core/formats/readModel';

/** Typed arrays anywhere in a message. */
function buffersIn(value: unknown): number {
  if (ArrayBuffer.isView(value)) return 1;
  return typeof value === 'object' && value !== null
    ? Object.values(value).reduce((sum: number, one) => sum + buffersIn(one), 0)
    : 0;
}

describe('withFewBuffers', () => {
  const path = resolve(import.meta.dirname, '../../../samples/digits-int8.tflite');
  const model = readModel({ name: path, bytes: new Uint8Array(readFileSync(path)) });
  const weights = model.graphs[0]!.operators[0]!.inputs[1]!;
  const whole = { from: 0, to: 256 };
  const detail = constantDetail(model, {
    tensor: weights,
    sample: null,
    grid: { rows: { from: 0, to: 8 }, columns: { from: 0, to: 8 } },
    channels: { range: whole, mostBins: 16 },
  })!;

  it('leaves the figures and few typed arrays, however many channels there are', () => {
    expect(buffersIn(detail)).toBeGreaterThan(60);
    const sent = withFewBuffers(detail);
    expect(buffersIn(sent)).toBeLessThanOrEqual(3);
    expect(sent.grid).toBe(detail.grid);
    sent.channels!.channels.forEach((channel, at) => {
      const before = detail.channels!.channels[at]!;
      expect(channel).toEqual({ ...before, edges: [...Array.from(before.edges)], counts: [...Array.from(before.counts)] });
    });
  });

  it('leaves values alone', () => {
    const values = { ...detail, channels: null };
    expect(withFewBuffers(values)).toBe(values);
  });
});
