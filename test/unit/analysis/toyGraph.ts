import type { LayerSums } from '../../../worker/core/analysis/layerSums';
import type { Graph, Operator, Tensor } from '../../../worker/core/model/model';
import type { SampleSource } from '../../../worker/core/data/sample';
import type { GraphRunner, Path } from '../../../worker/core/run/graphRunner';
import type { Value } from '../../../worker/core/run/value';

/** Three int8 tensors in a row, all with scale 1 and zero point 0, named t0, t1 and t2. */
export const TOY_GRAPH: Graph = {
  index: 0,
  name: 'main',
  tensors: [0, 1, 2].map(tensor),
  operators: [operator(0, 'DOUBLE', 0, 1), operator(1, 'NEGATE', 1, 2)],
  inputs: [0],
  outputs: [2],
};

export function tensor(index: number): Tensor {
  return {
    index,
    name: `t${index}`,
    dtype: 'int8',
    shape: [1, 4],
    shapeSignature: [1, 4],
    hasRank: true,
    quantization: { scales: Float32Array.of(1), zeroPoints: Float64Array.of(0), axis: 0, blockwise: null },
    range: null,
    isVariable: false,
    sparsity: null,
    data: null,
    buffer: 0,
  };
}

export function operator(index: number, name: string, input: number, output: number): Operator {
  return { index, name, customCode: null, version: 1, inputs: [input], outputs: [output], intermediates: [], options: {} };
}

type Compute = (values: ArrayLike<number>) => number[];

/** Doubles and negates; the int8 path clamps, and adds `bias` in its first operator. */
export function toyRunner(path: Path, bias = 0, onRun: () => void = () => undefined): GraphRunner {
  const clamp = (v: number) => (path === 'float' ? v : Math.max(-128, Math.min(127, v)));
  const computes: Compute[] = [
    (values) => Array.from(values, (v) => clamp(2 * v + (path === 'float' ? 0 : bias))),
    (values) => Array.from(values, (v) => clamp(-v)),
  ];
  return {
    graph: TOY_GRAPH,
    options: { path, persona: 'tflite' },
    operators: TOY_GRAPH.operators.map((one, position) => ({
      operator: one,
      cells: [],
      run: ([input]) => {
        onRun();
        const values = computes[position]!(input!.data as ArrayLike<number>);
        const data = path === 'float' ? Float32Array.from(values) : Int8Array.from(values);
        return [{ dtype: path === 'float' ? 'float32' : 'int8', shape: input!.shape, data }];
      },
      resetState: () => undefined,
    })),
    run: () => [],
    runWhatCan: () => [],
    resetState: () => undefined,
  };
}

/** One sample per list of four reals. */
export function toySamples(rows: readonly (readonly number[])[], onGet: (index: number) => void = () => undefined): SampleSource {
  const value = (row: readonly number[]): Value => ({ dtype: 'float32', shape: [1, row.length], data: Float32Array.from(row) });
  return {
    count: rows.length,
    names: rows.map((_, index) => `s${index}`),
    synthetic: false,
    get: (index) => {
      onGet(index);
      return { name: `s${index}`, inputs: [value(rows[index]!)], steps: 1 };
    },
  };
}

/** Sums without the numbers of samples, which differ with their order. */
export function withoutSamples(layers: readonly LayerSums[]): unknown {
  return layers.map(({ output }) => {
    const largest = output?.located?.largest ?? null;
    const located = output?.located && { ...output.located, largest: largest && { ...largest, sample: null } };
    return output && { ...output, worstSamples: null, located };
  });
}
