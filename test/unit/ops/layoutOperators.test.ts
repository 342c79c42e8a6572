import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementCount } from '../../../worker/core/run/arrays';
import { InputShapeError } from '../../../worker/core/run/inputShapeError';
import { UnsupportedOperatorError } from '../../../worker/core/run/preparedOp';
import type { Value } from '../../../worker/core/run/value';
import type { OperatorSpec, TensorSpec } from '../../lstmBuilder';
import { FLOAT, float32, indices, int8, run } from './oneOperator';

const tensor: TensorSpec = { shape: [], dtype: 'int8', scale: 1 };
const spec = (name: string, operands: readonly TensorSpec[], options: OperatorSpec['options'] = {}, outputs = 1) => ({
  name,
  operands,
  outputs: new Array<TensorSpec>(outputs).fill(tensor),
  options,
});

const values = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }).map((shape): Value =>
  int8(
    shape,
    Array.from({ length: elementCount(shape) }, (_, i) => (i % 100) - 100),
  ),
);

describe('operators that move values', () => {
  it('TRANSPOSE and its inverse give the value back', () => {
    fc.assert(
      fc.property(values, fc.integer(), (value, seed) => {
        const axes = value.shape.map((_, axis) => axis);
        const order = axes.sort((a, b) => ((a * 7 + seed) % 5) - ((b * 7 + seed) % 5));
        const inverse = order.map((_, axis) => order.indexOf(axis));
        const [there] = run(spec('TRANSPOSE', [tensor, indices(...order)]), [value]);
        expect(there?.shape).toEqual(order.map((axis) => value.shape[axis]));
        expect(run(spec('TRANSPOSE', [tensor, indices(...inverse)]), [there!])).toEqual([value]);
      }),
    );
  });

  it('REVERSE_V2 twice gives the value back, once mirrors it', () => {
    fc.assert(
      fc.property(values, fc.nat(), (value, choice) => {
        const reverse = spec('REVERSE_V2', [tensor, indices(choice % value.shape.length)]);
        const [there] = run(reverse, [value]);
        expect(run(reverse, [there!])).toEqual([value]);
      }),
    );
    expect(run(spec('REVERSE_V2', [tensor, indices(1)]), [int8([2, 3], [1, 2, 3, 4, 5, 6])])).toEqual([
      int8([2, 3], [3, 2, 1, 6, 5, 4]),
    ]);
  });

  it('SPLIT and CONCATENATION, UNPACK and PACK undo each other', () => {
    fc.assert(
      fc.property(values, fc.nat(), (value, choice) => {
        const axis = choice % value.shape.length;
        const count = value.shape[axis]!;
        const scalar: TensorSpec = { shape: [], dtype: 'int32', values: Int32Array.of(axis) };
        const parts = run(spec('SPLIT', [scalar, tensor], { num_splits: count }, count), [value]);
        expect(run(spec('CONCATENATION', parts.map(() => tensor), { axis }), parts)).toEqual([value]); // prettier-ignore
        const rows = run(spec('UNPACK', [tensor], { axis, num: count }, count), [value]);
        expect(run(spec('PACK', rows.map(() => tensor), { axis, values_count: count }), rows)).toEqual([value]); // prettier-ignore
      }),
    );
  });

  it('PAD and SLICE undo each other; padding is real zero', () => {
    fc.assert(
      fc.property(values, fc.nat(2), fc.nat(2), (value, before, after) => {
        const pads = Int32Array.from(value.shape.flatMap(() => [before, after]));
        const paddings: TensorSpec = { shape: [value.shape.length, 2], dtype: 'int32', values: pads };
        const [padded] = run({ ...spec('PAD', [tensor, paddings]), outputs: [{ ...tensor, zeroPoint: 9 }] }, [value]);
        const zeros = Array.from(padded?.data as Int8Array).filter((code) => code === 9).length;
        expect(zeros).toBe(padded!.data.length - value.data.length);
        const begin = indices(...value.shape.map(() => before));
        expect(run(spec('SLICE', [tensor, begin, indices(...value.shape)]), [padded!])).toEqual([value]);
      }),
    );
  });

  it('RESHAPE fills in one axis and refuses what does not fit', () => {
    const value = int8([2, 6], new Array(12).fill(0));
    expect(run(spec('RESHAPE', [tensor, indices(3, -1)]), [value])[0]?.shape).toEqual([3, 4]);
    expect(run(spec('RESHAPE', [tensor], { new_shape: [12] }), [value])[0]?.shape).toEqual([12]);
    expect(() => run(spec('RESHAPE', [tensor, indices(5, -1)]), [value])).toThrow(InputShapeError);
    expect(() => run(spec('RESHAPE', [tensor, indices(1, 560)]), [value])).toThrow(/\[2, 6\] does not fit into \[1, 560\]/);
  });

  it('other parameters in than out are refused by CONCATENATION, and pass on the float path', () => {
    const joined = { ...spec('CONCATENATION', [tensor, { ...tensor, scale: 2 }], { axis: 0 }) };
    expect(() => run(joined, [int8([1], [1]), int8([1], [2])])).toThrow(UnsupportedOperatorError);
    expect(run(joined, [float32([1], [1]), float32([1], [2])], FLOAT)).toEqual([float32([2], [1, 2])]);
  });

  it('GATHER and UNPACK refuse indices and counts outside of the value', () => {
    const value = int8([2, 3], [1, 2, 3, 4, 5, 6]);
    expect(run(spec('GATHER', [tensor, indices(2, 0)], { axis: 1, batch_dims: 0 }), [value])).toEqual([
      int8([2, 2], [3, 1, 6, 4]),
    ]);
    expect(() => run(spec('GATHER', [tensor, indices(3)], { axis: 1, batch_dims: 0 }), [value])).toThrow(/index 3 is outside/);
    expect(() => run(spec('UNPACK', [tensor], { axis: 0, num: 3 }, 3), [value])).toThrow(/gives 2 outputs; the file has 3/);
  });
});

describe('the float path', () => {
  it('dequantizes integer weights and lets QUANTIZE and DEQUANTIZE pass', () => {
    const weights: TensorSpec = { shape: [1, 2], dtype: 'int8', scale: 0.5, zeroPoint: 2, values: Int8Array.of(4, 0) };
    const bias: TensorSpec = { shape: [1], dtype: 'int32', scale: 0.25, values: Int32Array.of(6) };
    const dense = {
      ...spec('FULLY_CONNECTED', [tensor, weights, bias], { fused_activation_function: 'NONE', keep_num_dims: false }),
    };
    // (4 - 2) / 2 = 1, (0 - 2) / 2 = -1, bias 1.5
    expect(run(dense, [float32([1, 2], [10, 3])], FLOAT)).toEqual([float32([1, 1], [8.5])]);
    const real: TensorSpec = { shape: [], dtype: 'float32' };
    const value = float32([1], [0.1]);
    expect(run({ ...spec('QUANTIZE', [real]) }, [value], FLOAT)).toEqual([value]);
    expect(run({ ...spec('DEQUANTIZE', [tensor]), outputs: [real] }, [value], FLOAT)).toEqual([value]);
  });
});
