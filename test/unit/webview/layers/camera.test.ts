import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  broughtIntoSight,
  fit,
  firstLook,
  kept,
  MOST_SCALE,
  panned,
  READABLE,
  steadySight,
  zoomed,
} from '../../../../webview/views/graph/camera';

const window = { width: 900, height: 400 };
const camera = fc.record({
  x: fc.double({ min: -1e4, max: 1e5, noNaN: true }),
  y: fc.double({ min: -1e4, max: 1e4, noNaN: true }),
  scale: fc.double({ min: 0.05, max: 2.4, noNaN: true }),
});

describe('camera', () => {
  it('keeps the point under the pointer where it is while it zooms, within limits', () => {
    const property = fc.property(
      camera,
      fc.double({ min: 0.2, max: 5, noNaN: true }),
      fc.nat(900),
      fc.nat(400),
      (at, factor, x, y) => {
        const next = zoomed(at, factor, { x, y });
        expect(next.scale).toBeLessThanOrEqual(MOST_SCALE);
        expect(next.x + x / next.scale).toBeCloseTo(at.x + x / at.scale, 3);
        expect(next.y + y / next.scale).toBeCloseTo(at.y + y / at.scale, 3);
      },
    );
    fc.assert(property);
  });

  it('shows all of a graph in its middle, and begins with what can be read of a long one', () => {
    const whole = fit({ width: 9_000, height: 300 }, window);
    expect(whole.x + window.width / whole.scale / 2).toBeCloseTo(4_500);
    expect(window.width / whole.scale).toBeGreaterThan(9_000);
    expect(fit({ width: 100, height: 50 }, window).scale).toBe(1);
    const first = firstLook({ width: 9_000, height: 300 }, window);
    expect(first.scale).toBeGreaterThanOrEqual(READABLE);
    expect(first.x).toBeLessThan(0);
    expect(firstLook({ width: 500, height: 300 }, window)).toEqual(fit({ width: 500, height: 300 }, window));
  });

  it('never loses the graph out of the window', () => {
    const graph = { width: 2_000, height: 500 };
    const property = fc.property(camera, fc.integer({ min: -5_000, max: 5_000 }), (at, by) => {
      const next = kept(panned(at, { x: by, y: by }), graph, window);
      expect(next.x).toBeLessThan(graph.width);
      expect(next.x + window.width / next.scale).toBeGreaterThan(0);
      expect(next.y + window.height / next.scale).toBeGreaterThan(0);
    });
    fc.assert(property);
  });

  it('moves as little as it takes to bring a box into sight', () => {
    const at = { x: 0, y: 0, scale: 1 };
    expect(broughtIntoSight(at, { x: 100, y: 100, width: 50, height: 20 }, window)).toEqual(at);
    expect(broughtIntoSight(at, { x: 1_000, y: 100, width: 50, height: 20 }, window)).toMatchObject({
      x: 1_050 + 16 - 900,
      y: 0,
    });
  });

  it('draws around what is in sight, and nothing anew for a small move', () => {
    const property = fc.property(camera, (at) => {
      const sight = steadySight(at, window);
      expect(sight.left).toBeLessThanOrEqual(at.x + 1e-9);
      expect(sight.top).toBeLessThanOrEqual(at.y + 1e-9);
      expect(sight.right).toBeGreaterThanOrEqual(at.x + window.width / at.scale - 1e-6);
      expect(sight.bottom).toBeGreaterThanOrEqual(at.y + window.height / at.scale - 1e-6);
      // At most what four windows hold, so that what is drawn is bounded.
      expect((sight.right - sight.left) * (sight.bottom - sight.top) * at.scale ** 2).toBeLessThan(
        4 * window.width * window.height,
      );
    });
    fc.assert(property);
    const near = { x: 10, y: 10, scale: 1 };
    expect(steadySight({ ...near, x: 40 }, window)).toEqual(steadySight(near, window));
  });
});
