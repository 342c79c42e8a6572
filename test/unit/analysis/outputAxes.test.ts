import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inSteps, outputAxes } from '../../../worker/core/analysis/outputAxes';

const axesOf = (shape: readonly number[], name = 'CONV_2D') => outputAxes({ name }, shape);

describe('steps and units of an output', () => {
  it.each([
    [[1, 20, 40], { step: 1, unit: 2, steps: 20, batch: 1, units: 40 }],
    [[20, 1, 40], { step: 0, unit: 2, steps: 20, batch: 1, units: 40 }],
    [[3, 20, 40], { step: 1, unit: 2, steps: 20, batch: 3, units: 40 }],
    [[1, 12], { step: 0, unit: 1, steps: 1, batch: 1, units: 12 }],
    [[60, 12], { step: 0, unit: 1, steps: 60, batch: 1, units: 12 }],
    [[1, 96, 64, 8], { step: 1, unit: 3, steps: 96, batch: 64, units: 8 }],
    [[1, 1, 64, 8], { step: 2, unit: 3, steps: 64, batch: 1, units: 8 }],
    [[7], { step: null, unit: 0, steps: 1, batch: 1, units: 7 }],
  ])('%j', (shape, axes) => {
    expect(axesOf(shape)).toEqual(axes);
  });

  it('of ONNX’s image operators are found in the second axis', () => {
    expect(axesOf([1, 8, 96, 64], 'Conv')).toEqual({ step: 2, unit: 1, steps: 96, batch: 64, units: 8 });
    expect(axesOf([1, 8], 'BatchNormalization')).toMatchObject({ unit: 1, units: 8 });
    expect(axesOf([1, 8, 96, 64], 'Softmax')).toMatchObject({ unit: 3, units: 64 });
  });

  it('are none of a single value, or of none', () => {
    expect(axesOf([])).toBeNull();
    expect(axesOf([0, 4])).toBeNull();
  });

  it('every value stands at its step and unit', () => {
    const dims = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(dims, fc.constantFrom('Conv', 'ADD'), (shape, name) => {
        const axes = axesOf(shape, name)!;
        const size = shape.reduce((product, length) => product * length, 1);
        const values = Float32Array.from({ length: size }, (_, at) => at);
        const ordered = inSteps(values, shape, axes);
        expect(axes.steps * axes.batch * axes.units).toBe(size);
        expect([...ordered].sort((a, b) => a - b)).toEqual([...values]);
        const along = (at: number, axis: number) =>
          Math.floor(at / shape.slice(axis + 1).reduce((product, length) => product * length, 1)) % shape[axis]!;
        ordered.forEach((value, at) => {
          expect(along(value, axes.unit)).toBe(at % axes.units);
          if (axes.step !== null) expect(along(value, axes.step)).toBe(Math.floor(at / (axes.units * axes.batch)));
        });
      }),
    );
  });

  it('are not copied where they lie so', () => {
    const values = new Int8Array(2 * 3 * 4);
    expect(inSteps(values, [1, 2, 3, 4], axesOf([1, 2, 3, 4])!)).toBe(values);
    expect(inSteps(values, [2, 3, 4], axesOf([2, 3, 4])!)).not.toBe(values);
  });
});
