import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOnnx } from '../../../worker/core/formats/onnx/readOnnx';
import { constantValues } from '../../../worker/core/model/constants';
import type { Tensor } from '../../../worker/core/model/model';
import { type NodeSpec, onnxModel, type TensorSpec } from './onnxWriter';

const int64 = (name: string, values: readonly number[]): TensorSpec => ({
  name,
  dtype: 'int64',
  shape: [values.length],
  values: BigInt64Array.from(values, BigInt),
});

/** What an operator of constants becomes: the constant that reader makes of it, before an operator that keeps it. */
function folded(shape: readonly number[], node: NodeSpec, more: readonly TensorSpec[] = []): Tensor | undefined {
  const values = Int32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, i) => i);
  const bytes = onnxModel({
    outputs: ['y'],
    constants: [{ name: 'a', dtype: 'int32', shape, values }, ...more],
    nodes: [node, { op: 'Keep', domain: 'own', inputs: ['f'], outputs: ['y'] }],
  });
  const [graph] = readOnnx(bytes, 'f.onnx').graphs;
  expect(graph?.operators.map(({ name }) => name)).toEqual(['Keep']);
  return graph?.tensors.find(({ name }) => name === 'f');
}

/** Position of an element in row-major order. */
const at = (position: readonly number[], shape: readonly number[]) =>
  position.reduce((sum, index, axis) => sum * (shape[axis] ?? 1) + index, 0);

function positions(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (all, size) => all.flatMap((start) => Array.from({ length: size }, (_, i) => [...start, i])),
    [[]],
  );
}

const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });

describe('operators of constants are computed by the reader', () => {
  it('Transpose, as element by element', () => {
    const cases = shapes.chain((shape) =>
      fc.tuple(fc.constant(shape), fc.shuffledSubarray([...shape.keys()], { minLength: shape.length })),
    );
    fc.assert(
      fc.property(cases, ([shape, perm]) => {
        const tensor = folded(shape, { op: 'Transpose', inputs: ['a'], outputs: ['f'], attributes: { perm } });
        const wanted = perm.map((axis) => shape[axis] ?? 0);
        expect(tensor?.shape).toEqual(wanted);
        const expected = positions(wanted).map((position) => {
          const source = new Array<number>(shape.length).fill(0);
          for (const [i, axis] of perm.entries()) source[axis] = position[i] ?? 0;
          return at(source, shape);
        });
        expect(tensor === undefined ? [] : [...constantValues(tensor)]).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('Slice, forward and backward, as slices of lists are', () => {
    const end = fc.integer({ min: -6, max: 6 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), end, end, fc.constantFrom(1, 2, -1, -2), (size, start, stop, step) => {
        const node = { op: 'Slice', inputs: ['a', 's', 'e', 'x', 't'], outputs: ['f'] };
        const tensor = folded([2, size], node, [int64('s', [start]), int64('e', [stop]), int64('x', [-1]), int64('t', [step])]);
        // The specification's words: negative ends count from the back, then both are clamped to what the step can reach.
        const clamp = (value: number, low: number, high: number) =>
          Math.min(high, Math.max(low, value < 0 ? value + size : value));
        const from = step > 0 ? clamp(start, 0, size) : clamp(start, 0, size - 1);
        const to = step > 0 ? clamp(stop, 0, size) : clamp(stop, -1, size - 1);
        const taken: number[] = [];
        for (let i = from; step > 0 ? i < to : i > to; i += step) taken.push(i);
        expect(tensor?.shape).toEqual([2, taken.length]);
        const values = tensor === undefined ? [] : [...constantValues(tensor)];
        expect(values).toEqual([0, 1].flatMap((row) => taken.map((column) => row * size + column)));
      }),
      { numRuns: 100 },
    );
  });

  it('Split and Concat undo each other', () => {
    fc.assert(
      fc.property(shapes, fc.nat(3), fc.nat(4), (shape, axis, cut) => {
        const split = axis % shape.length;
        const size = shape[split] ?? 1;
        const first = Math.min(cut, size);
        const bytes = onnxModel({
          outputs: ['y'],
          constants: [
            { name: 'a', dtype: 'int16', shape, values: Int16Array.from(positions(shape), (_, i) => i) },
            int64('s', [first, size - first]),
          ],
          nodes: [
            { op: 'Split', inputs: ['a', 's'], outputs: ['l', 'r'], attributes: { axis: split } },
            { op: 'Concat', inputs: ['l', 'r'], outputs: ['f'], attributes: { axis: split - shape.length } },
            { op: 'Keep', domain: 'own', inputs: ['f'], outputs: ['y'] },
          ],
        });
        const [graph] = readOnnx(bytes, 'f.onnx').graphs;
        const tensor = graph?.tensors.find(({ name }) => name === 'f');
        expect(graph?.operators).toHaveLength(1);
        expect(tensor?.shape).toEqual(shape);
        expect(tensor === undefined ? [] : [...constantValues(tensor)]).toEqual(positions(shape).map((_, i) => i));
      }),
      { numRuns: 60 },
    );
  });

  it('Gather and Reshape', () => {
    const gathered = folded([3, 2], { op: 'Gather', inputs: ['a', 'i'], outputs: ['f'] }, [int64('i', [2, -3])]);
    expect(gathered === undefined ? [] : [...constantValues(gathered)]).toEqual([4, 5, 0, 1]);
    const reshaped = folded([3, 2], { op: 'Reshape', inputs: ['a', 'i'], outputs: ['f'] }, [int64('i', [0, 1, -1])]);
    expect(reshaped?.shape).toEqual([3, 1, 2]);
  });
});

describe('shapes follow from operators', () => {
  it.each([
    ['Conv', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 0, 1, 0] }, [8, 4, 3, 3], [-1, 8, 8, 7]],
    ['Conv', { auto_pad: 'SAME_UPPER', strides: [2, 2] }, [8, 4, 3, 3], [-1, 8, 8, 8]],
    ['ConvTranspose', { strides: [2, 2], output_padding: [1, 1] }, [4, 8, 3, 3], [-1, 8, 34, 34]],
    ['MaxPool', { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }, null, [-1, 4, 8, 8]],
    ['GlobalAveragePool', {}, null, [-1, 4, 1, 1]],
    ['Flatten', {}, null, [-1, 1024]],
    ['ReduceMean', { axes: [2, -1], keepdims: 0 }, null, [-1, 4]],
    ['MatMul', {}, [16, 5], [-1, 4, 16, 5]],
    ['Add', {}, [4, 1, 1], [-1, 4, 16, 16]],
  ] as const)('%s %j', (op, attributes, weights, expected) => {
    const bytes = onnxModel({
      inputs: [['x', 'float32', ['n', 4, 16, 16]], ...(weights === null ? [] : [['w', 'float32', weights] as const])],
      outputs: ['y'],
      nodes: [{ op, inputs: weights === null ? ['x'] : ['x', 'w'], outputs: ['y'], attributes }],
    });
    const [graph] = readOnnx(bytes, 's.onnx').graphs;
    expect(graph?.tensors.find(({ name }) => name === 'y')?.shapeSignature).toEqual(expected);
  });
});
