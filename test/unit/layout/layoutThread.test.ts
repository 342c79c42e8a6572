import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GraphLayout, LayoutRequest } from '../../../worker/core/graph/graphLayout';
import { LayoutThread } from '../../../worker/layout/layoutThread';
import { bundle, type Bundle } from '../worker/bundle';

let program: Bundle;
const started: Worker[] = [];
beforeAll(async () => {
  program = await bundle('worker/layout/thread.ts');
});
afterAll(async () => {
  await Promise.all(started.map((worker) => worker.terminate()));
  program.remove();
});

function spawn(): Worker {
  const worker = new Worker(program.program);
  started.push(worker);
  return worker;
}

const box = (inside: number | null = null) => ({ width: 120, height: 34, inside });
/** 0 -> 1 (open, holds 2 -> 3) -> 4, and 0 -> 4. */
const NESTED: LayoutRequest = {
  boxes: [box(), box(), box(1), box(1), box()],
  lines: [
    { from: 0, to: 2 },
    { from: 2, to: 3 },
    { from: 3, to: 4 },
    { from: 0, to: 4 },
  ],
};

const rectangle = ({ boxes }: GraphLayout, at: number) => {
  const [left = NaN, top = NaN, width = NaN, height = NaN] = boxes.slice(4 * at, 4 * at + 4);
  return { left, top, right: left + width, bottom: top + height, width, height };
};

describe('LayoutThread', () => {
  it('places boxes from left to right, inner ones inside, with lines from border to border', async () => {
    const layout = await new LayoutThread(spawn).layout('a', NESTED);
    const [first, outer, second, third, last] = [0, 1, 2, 3, 4].map((at) => rectangle(layout, at));
    expect([first, second, third, last].map((one) => [one?.width, one?.height])).toEqual(Array(4).fill([120, 34]));
    expect(first!.right).toBeLessThan(second!.left);
    expect(second!.right).toBeLessThan(third!.left);
    expect(third!.right).toBeLessThan(last!.left);
    for (const inner of [second!, third!]) {
      expect(inner.left).toBeGreaterThanOrEqual(outer!.left);
      expect(inner.right).toBeLessThanOrEqual(outer!.right);
      expect(inner.top).toBeGreaterThan(outer!.top + 20);
      expect(inner.bottom).toBeLessThanOrEqual(outer!.bottom);
    }
    expect(layout.width).toBeGreaterThanOrEqual(last!.right);
    const inward = layout.points.slice(layout.starts[0], layout.starts[1]);
    expect(inward[0]).toBeCloseTo(first!.right, 3);
    expect(inward.at(-2)).toBeCloseTo(second!.left, 3);
    expect(inward.at(-1)).toBeGreaterThanOrEqual(second!.top);
    expect(inward.at(-1)).toBeLessThanOrEqual(second!.bottom);
    expect(layout.starts.length).toBe(5);
    layout.starts.slice(0, -1).forEach((start, line) => expect(layout.starts[line + 1]! - start).toBeGreaterThanOrEqual(4));
    expect(layout.starts[4]).toBe(layout.points.length);
  });

  it('stops the layout that is cancelled, and makes the next one', async () => {
    const thread = new LayoutThread(spawn);
    const chain: LayoutRequest = {
      boxes: Array.from({ length: 1_500 }, () => box()),
      lines: Array.from({ length: 1_499 }, (_, at) => ({ from: at, to: at + 1 })),
    };
    const long = thread.layout('long', chain);
    const queued = thread.layout('queued', NESTED);
    const unwanted = thread.layout('unwanted', NESTED);
    await new Promise((resolve) => setTimeout(resolve, 20));
    thread.cancel('unwanted');
    thread.cancel('long');
    await expect(long).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(unwanted).rejects.toMatchObject({ code: 'CANCELLED' });
    expect((await queued).starts.length).toBe(5);
    thread.end();
  });

  it('refuses more than a picture can hold, and tells when its thread is lost', async () => {
    const thread = new LayoutThread(spawn);
    const much: LayoutRequest = { boxes: Array.from({ length: 2_001 }, () => box()), lines: [] };
    await expect(thread.layout('much', much)).rejects.toMatchObject({ code: 'TOO_MUCH' });
    const layout = thread.layout('lost', NESTED);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await started.at(-1)?.terminate();
    await expect(layout).rejects.toThrow('The layout was stopped.');
  });
});
