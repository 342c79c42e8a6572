import { describe, expect, it } from 'vitest';
import type { Tensor } from '../../../worker/core/model/model';
import { mapTargets } from '../../../worker/core/targets/mapTargets';
import type { TargetName } from '../../../worker/core/targets/verdict';
import { affine, graphOf, modelOf, perChannel, tensor, type OperatorSpec } from '../findings/models';

function on(target: TargetName, spec: OperatorSpec) {
  const placement = mapTargets(modelOf(graphOf([spec])))[target];
  return { result: placement.result, verdict: placement.ops[0]?.verdict, rule: placement.ops[0]?.reasons[0]?.rule ?? '' };
}

const int8 = (name: string, shape: readonly number[], scale = 0.1, zeroPoint = 0) =>
  tensor(name, 'int8', shape, affine(scale, zeroPoint));
const integers = (name: string, values: readonly number[]): Tensor => ({
  ...tensor(name, 'int32', [values.length], null, { constant: true }),
  data: new Uint8Array(Int32Array.from(values).buffer),
});

const add = (a: Tensor, b: Tensor, y: Tensor): OperatorSpec => ({
  name: 'ADD',
  inputs: [a, b],
  outputs: [y],
  options: { fused_activation_function: 'NONE' },
});

function convolution(options: OperatorSpec['options'], kernel: readonly number[] = [8, 3, 3, 4]): OperatorSpec {
  return {
    name: 'CONV_2D',
    inputs: [
      int8('x', [1, 16, 16, 4]),
      tensor('w', 'int8', kernel, perChannel(Array<number>(kernel[0] ?? 0).fill(0.02)), { constant: true }),
      tensor('b', 'int32', [kernel[0] ?? 0], perChannel(Array<number>(kernel[0] ?? 0).fill(0.002)), { constant: true }),
    ],
    outputs: [int8('y', [1, 16, 16, 8])],
    options: { padding: 'SAME', stride_w: 1, stride_h: 1, dilation_w_factor: 1, dilation_h_factor: 1, ...options },
  };
}

describe('Operators on Ethos-U', () => {
  it('strides beyond 3 only without padding', () => {
    expect(on('ethos-u55', convolution({})).verdict).toBe('native');
    expect(on('ethos-u55', convolution({ stride_w: 4, stride_h: 4 }, [8, 5, 5, 4])).rule).toContain('Stride>3');
    expect(on('ethos-u55', convolution({ stride_w: 4, stride_h: 4, padding: 'VALID' })).verdict).toBe('native');
    expect(on('ethos-u85', convolution({ stride_w: 4, stride_h: 4 }, [8, 5, 5, 4])).verdict).toBe('native');
  });

  it('weights whose sum could overflow', () => {
    const weights = tensor('w', 'int8', [1, 66000], affine(0.1), { constant: true });
    weights.data?.fill(127);
    const spec = { name: 'FULLY_CONNECTED', inputs: [int8('x', [1, 66000]), weights], outputs: [int8('y', [1, 1])] };
    expect(on('ethos-u55', spec).rule).toContain('sum of absolute weights');
    weights.data?.fill(1);
    expect(on('ethos-u55', spec).verdict).toBe('native');
  });

  it('addition refuses mixed types and a dynamic inner axis stays on the CPU', () => {
    const x = int8('x', [1, 4]);
    expect(on('ethos-u55', add(x, int8('y', [1, 4]), tensor('z', 'float32', [1, 4]))).result).toBe('rejected');
    expect(on('ethos-u55', add({ ...x, shapeSignature: [1, -1] }, x, int8('z', [1, 4]))).verdict).toBe('fallback');
    expect(on('ethos-u55', add({ ...x, shapeSignature: [-1, 4] }, x, int8('z', [1, 4]))).verdict).toBe('native');
  });

  it('resizes by 2, 4 and 8', () => {
    const resize = (to: number): OperatorSpec => ({
      name: 'RESIZE_BILINEAR',
      inputs: [int8('x', [1, 5, 5, 3]), integers('size', [to, to])],
      outputs: [int8('y', [1, to, to, 3])],
      options: { align_corners: false, half_pixel_centers: false },
    });
    expect([10, 20, 40].map((to) => on('ethos-u55', resize(to)).verdict)).toEqual(['native', 'native', 'native']);
    expect([5, 15, 80].map((to) => on('ethos-u55', resize(to)).verdict)).toEqual(['native', 'fallback', 'fallback']);
    expect(on('ethos-u85', resize(15)).verdict).toBe('fallback');
    expect(on('ethos-u85', resize(80)).verdict).toBe('native');
  });

  it('reductions over depth need another axis of 1', () => {
    const mean = (shape: readonly number[]): OperatorSpec => ({
      name: 'MEAN',
      inputs: [int8('x', shape), integers('axes', [-1])],
      outputs: [int8('y', [...shape.slice(0, -1), 1])],
    });
    expect(on('ethos-u55', mean([1, 4, 4, 8])).rule).toContain('Reduction over depth');
    expect(on('ethos-u55', mean([1, 1, 4, 8])).verdict).toBe('native');
  });

  it('slices with strides over width and height only, and transposes of any three axes', () => {
    const slice = (strides: readonly number[]): OperatorSpec => ({
      name: 'STRIDED_SLICE',
      inputs: [int8('x', [1, 8, 8, 4]), integers('b', [0, 0, 0, 0]), integers('e', [1, 8, 8, 4]), integers('s', strides)],
      outputs: [int8('y', [1, 4, 4, 4])],
    });
    expect(on('ethos-u55', slice([1, 2, 2, 1])).verdict).toBe('native');
    expect(on('ethos-u55', slice([1, 1, 1, 2])).verdict).toBe('fallback');
    const transpose = (dtype: 'int8' | 'int32', order: readonly number[]): OperatorSpec => ({
      name: 'TRANSPOSE',
      inputs: [tensor('x', dtype, [2, 3, 4], affine(0.1)), integers('p', order)],
      outputs: [tensor('y', dtype, [2, 3, 4], affine(0.1))],
    });
    expect(on('ethos-u55', transpose('int8', [2, 0, 1])).verdict).toBe('native');
    expect(on('ethos-u55', transpose('int32', [2, 0, 1])).verdict).toBe('fallback');
    expect(on('ethos-u55', transpose('int32', [1, 0, 2])).verdict).toBe('native');
  });
});

describe('Operators in interpreters', () => {
  it('have no kernel for unknown custom operators', () => {
    const spec: OperatorSpec = { name: 'CUSTOM', customCode: 'NotAnOp', inputs: [int8('x', [1])], outputs: [int8('y', [1])] };
    for (const target of ['tflite-cpu', 'tflm'] as const) expect(on(target, spec).result).toBe('rejected');
    expect(on('tflm', { ...spec, customCode: 'SignalWindow' }).result).toBe('runs');
  });

  it('TFLite Micro takes no hybrid matrices, TFLite does', () => {
    const hybrid: OperatorSpec = {
      name: 'FULLY_CONNECTED',
      inputs: [tensor('x', 'float32', [1, 4]), tensor('w', 'int8', [2, 4], affine(0.1), { constant: true })],
      outputs: [tensor('y', 'float32', [1, 2])],
    };
    expect(on('tflm', hybrid).result).toBe('rejected');
    expect(on('tflite-cpu', hybrid).result).toBe('runs');
    expect(on('xnnpack', hybrid).verdict).toBe('native');
  });

  it('follow the types that arithmetic really produces', () => {
    const [x, mixed, y] = [int8('x', [1]), tensor('mixed', 'float32', [1], affine(0.1)), int8('y', [1])];
    const map = mapTargets(modelOf(graphOf([add(x, x, mixed), add(mixed, x, y)])));
    expect(map['tflite-cpu'].result).toBe('runs');
    expect(map['ethos-u55'].result).toBe('rejected');
  });

  it('abort on sums without scales', () => {
    const bare = tensor('x', 'int8', [1]);
    const { ops } = mapTargets(modelOf(graphOf([add(bare, bare, tensor('y', 'int8', [1]))])))['tflite-cpu'];
    expect(ops[0]?.reasons[0]?.message).toBe('The interpreter aborts.');
  });

  it('XNNPACK leaves what it declines to TFLite, which may refuse it', () => {
    const softmax = (beta: number, type: 'int8' | 'float32'): OperatorSpec => ({
      name: 'SOFTMAX',
      inputs: [tensor('x', type, [1, 4], type === 'int8' ? affine(0.1) : null)],
      outputs: [tensor('y', type, [1, 4], type === 'int8' ? affine(1 / 256, -128) : null)],
      options: { beta },
    });
    expect(on('xnnpack', softmax(1, 'float32')).verdict).toBe('native');
    expect(on('xnnpack', softmax(0.5, 'float32')).rule).toBe('beta is 1');
    expect(on('xnnpack', softmax(1, 'int8')).verdict).toBe('fallback');
    const custom: OperatorSpec = { name: 'CUSTOM', customCode: 'NotAnOp', inputs: [int8('x', [1])], outputs: [int8('y', [1])] };
    expect(on('xnnpack', custom).result).toBe('rejected');
  });

  it('fail on TFLite where an input is written by nothing', () => {
    const [x, orphan, y] = [int8('x', [1, 4]), int8('orphan', [1, 4]), int8('y', [1, 4])];
    const graph = graphOf([add(x, orphan, y)]);
    const resultOf = (inputs: readonly number[]) => mapTargets(modelOf({ ...graph, inputs }))['tflite-cpu'];
    expect(resultOf([0, 1]).result).toBe('runs');
    expect(resultOf([0]).ops[0]?.reasons[0]?.seen).toBe('orphan has no data');
  });

  it('BROADCAST_TO on TFLite Micro has at most 5 dimensions and a constant shape', () => {
    const to = (shape: readonly number[], constant = true): OperatorSpec => ({
      name: 'BROADCAST_TO',
      inputs: [int8('x', [1]), constant ? integers('s', shape) : tensor('s', 'int32', [shape.length])],
      outputs: [int8('y', shape)],
    });
    expect(on('tflm', to([1, 2, 3, 4, 5])).result).toBe('runs');
    expect(on('tflm', to([1, 1, 2, 3, 4, 5])).result).toBe('rejected');
    expect(on('tflm', to([2, 2], false)).result).toBe('rejected');
  });
});
