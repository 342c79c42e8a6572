import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isConversion, matchFloat } from '../../../worker/core/analysis/matchFloat';
import { readModel } from '../../../worker/core/formats/readModel';
import type { Graph, Tensor } from '../../../worker/core/model/model';
import { describeShared } from '../../shared';
import { operator, tensor } from './toyGraph';

/** A chain of operators whose outputs have these names. */
function chain(ops: readonly (readonly [op: string, name: string, size?: number])[]): Graph {
  return {
    index: 0,
    name: 'main',
    tensors: [
      tensor(0),
      ...ops.map(([, name, size = 4], index) => ({ ...tensor(index + 1), name, shape: [1, size], shapeSignature: [1, size] })),
    ],
    operators: ops.map(([op], index) => operator(index, op, index, index + 1)),
    inputs: [0],
    outputs: [ops.length],
  };
}

describe('a float partner', () => {
  it('is matched by the names of outputs, whatever its order', () => {
    const match = matchFloat(
      chain([['A', 'one'], ['B', 'two']]), // prettier-ignore
      chain([['B', 'two'], ['C', 'extra'], ['A', 'one']]), // prettier-ignore
    );
    expect(match).toMatchObject({ by: 'name', partners: [2, 0] });
  });

  it('is matched by order where names differ but the sequence of operators is the same', () => {
    const match = matchFloat(chain([['A', 'x'], ['B', 'y']]), chain([['A', 'p'], ['B', 'q']])); // prettier-ignore
    expect(match).toMatchObject({ by: 'order', partners: [0, 1] });
  });

  it('needs no counterpart for conversions', () => {
    const match = matchFloat(
      chain([['QUANTIZE', 'in8'], ['A', 'x'], ['DEQUANTIZE', 'out']]), // prettier-ignore
      chain([['A', 'out']]),
    );
    expect(match).toMatchObject({ by: 'order', partners: [null, 0, null] });
  });

  it('is never matched to another operator or shape', () => {
    expect(matchFloat(chain([['A', 'x']]), chain([['B', 'x']])).partners).toEqual([null]);
    expect(matchFloat(chain([['A', 'x', 4]]), chain([['A', 'x', 5]])).partners).toEqual([null]);
  });

  it('is not matched by order against what names say', () => {
    const match = matchFloat(chain([['A', 'x'], ['A', 'y']]), chain([['A', 'y'], ['A', 'x']])); // prettier-ignore
    expect(match).toMatchObject({ by: 'name', partners: [1, 0] });
  });

  it('leaves unmatched what it does not have', () => {
    const match = matchFloat(chain([['A', 'x'], ['B', 'y']]), chain([['A', 'x']])); // prettier-ignore
    expect(match.partners).toEqual([0, null]);
  });

  it('is matched by its places between two names', () => {
    const match = matchFloat(
      chain([['A', 'a'], ['B', 'b8'], ['C', 'c8', 3], ['A', 'z']]), // prettier-ignore
      chain([['A', 'a'], ['B', 'b'], ['EXTRA', 'e'], ['C', 'c', 3], ['A', 'z']]), // prettier-ignore
    );
    expect(match).toMatchObject({ by: 'name', partners: [0, 1, 3, 4] });
  });

  it('may write a change of shape in another way', () => {
    expect(matchFloat(chain([['RESHAPE', 'r']]), chain([['SQUEEZE', 'r']])).partners).toEqual([0]);
  });

  describe('with weights', () => {
    const random = (seed: number) => Float32Array.from({ length: 64 }, (_, k) => Math.sin(seed * 77 + k * k));
    /** Each operator multiplies by 8 x 8 weights of its own. */
    function weighted(ops: readonly (readonly [name: string, weights: Float32Array])[], asInt8 = false): Graph {
      const graph = chain(ops.map(([name]) => ['FULLY_CONNECTED', name]));
      const first = graph.tensors.length;
      const constants = ops.map(([name, reals], k): Tensor => {
        const codes = Int8Array.from(reals, (real) => Math.round(real * 127));
        const base = { ...tensor(first + k), name: `${name}/w`, shape: [8, 8], shapeSignature: [8, 8] };
        return asInt8
          ? {
              ...base,
              dtype: 'int8',
              data: new Uint8Array(codes.buffer),
              quantization: { scales: Float32Array.of(1 / 127), zeroPoints: Float64Array.of(0), axis: 0, blockwise: null },
            }
          : { ...base, dtype: 'float32', quantization: null, data: new Uint8Array(reals.buffer) };
      });
      const operators = graph.operators.map((one, k) => ({ ...one, inputs: [...one.inputs, first + k] }));
      return { ...graph, tensors: [...graph.tensors, ...constants], operators };
    }

    it('is said to be another training where names fit and weights do not', () => {
      const quantized = weighted([['a', random(1)], ['b', random(2)]], true); // prettier-ignore
      expect(matchFloat(quantized, weighted([['a', random(1)], ['b', random(2)]])).unrelated).toEqual([]); // prettier-ignore
      expect(matchFloat(quantized, weighted([['a', random(1)], ['b', random(3)]])).unrelated).toEqual([1]); // prettier-ignore
    });

    it('is matched by them where names and places do not help', () => {
      const quantized = weighted([['same', random(0)], ['x', random(1)], ['y', random(2)]], true); // prettier-ignore
      const float = weighted([['p', random(2)], ['same', random(0)], ['q', random(1)]]); // prettier-ignore
      expect(matchFloat(quantized, float)).toMatchObject({ partners: [1, 2, 0], unrelated: [] });
    });

    it('is not matched by its place against what they say', () => {
      const quantized = weighted([['x', random(1)], ['y', random(2)]], true); // prettier-ignore
      const float = weighted([['p', random(1)], ['q', random(5)]]); // prettier-ignore
      expect(matchFloat(quantized, float).partners).toEqual([0, null]);
    });
  });
});

describeShared('float partners of real models', (shared) => {
  const graphOf = (name: string) => {
    const path = join(shared, `data/tflite/${name}.tflite`);
    return readModel({ name: path, bytes: new Uint8Array(readFileSync(path)) }).graphs[0]!;
  };

  it.each([
    ['mnist_lstm_int8', 'mnist_lstm_float'],
    ['mlperf_ad01_int8', 'mlperf_ad01_float'],
    ['mlperf_ad01_dynrange', 'mlperf_ad01_float'],
    ['mlperf_ad01_int8_floatio', 'mlperf_ad01_float'],
    ['mlperf_resnet_int8', 'mlperf_resnet_float'],
    ['mlperf_kws_int8', 'mlperf_kws_float_w8'],
    ['dtln_model_quant_1', 'dtln_model_1'],
    ['dtln_model_quant_2', 'dtln_model_2'],
    ['mobilenet_v1_0.25_224_quant', 'mobilenet_v1_0.25_224_float'],
  ])('%s: every operator has its counterpart, with the same weights', (quantized, float) => {
    const graph = graphOf(quantized);
    const { partners, unrelated } = matchFloat(graph, graphOf(float));
    graph.operators.forEach((one, position) => {
      if (!isConversion(one)) expect(partners[position], `op ${position} ${one.name}`).not.toBe(null);
    });
    expect(unrelated).toEqual([]);
  });

  it.each([
    ['hello_world_int8', 'hello_world_float', 1],
    ['aieq_conv_fc_mnist_srq_a8w8', 'aieq_conv_fc_mnist', 3],
  ])('%s has the names of %s, and other weights', (quantized, float, atLeast) => {
    expect(matchFloat(graphOf(quantized), graphOf(float)).unrelated.length).toBeGreaterThanOrEqual(atLeast);
  });
});
