import { readTflite } from '../../worker/core/formats/tflite/readTflite';
import { ABSENT } from '../../worker/core/model/model';
import type { GraphOptions } from '../../worker/core/run/graphRunner';
import { prepareGraph } from '../../worker/core/run/prepareGraph';
import type { NumericArray, Value } from '../../worker/core/run/value';
import { buildOperator, type OperatorSpec } from '../lstmBuilder';
import { writeTflite } from '../writeTflite';
import type { OracleRuntime } from './runtimes/oracleModel';

/** One value that this engine and the other runtime do not agree on. */
export interface Difference {
  readonly run: number;
  readonly output: number;
  readonly index: number;
  readonly ours: number;
  readonly theirs: number;
}

export interface Comparison {
  readonly compared: number;
  readonly differences: readonly Difference[];
  /** Highest less lowest value of the other runtime. */
  readonly range: number;
}

/**
 * A file of one operator; what is neither constant nor variable is given from outside. Outputs from the third on are scratch
 * memory (of LSTM's basic kernel).
 */
export function operatorFile(spec: OperatorSpec): Uint8Array {
  const { graph, operator } = buildOperator(spec);
  const isGiven = (index: number) => {
    const tensor = graph.tensors[index];
    return index !== ABSENT && tensor !== undefined && tensor.data === null && !tensor.isVariable;
  };
  return writeTflite({ ...graph, inputs: operator.inputs.filter(isGiven), outputs: operator.outputs.slice(0, 2) });
}

/** Runs one file in both, run after run with states carried over, and compares every value of every output. */
export async function runSideBySide(
  runtime: OracleRuntime,
  bytes: Uint8Array,
  options: GraphOptions,
  runs: readonly (readonly Value[])[],
): Promise<Comparison> {
  const runner = prepareGraph(readTflite(bytes, 'oracle.tflite'), 0, options);
  const model = await runtime.open(bytes);
  const differences: Difference[] = [];
  let compared = 0;
  let low = Infinity;
  let high = -Infinity;
  for (const [run, values] of runs.entries()) {
    const theirs = await model.run(values.map(({ data }) => data));
    runner.run(values).forEach(({ data }, output) => {
      const other = likewise(data, theirs[output] ?? new Uint8Array(0));
      if (other.length !== data.length) throw new Error(`output ${output}: ${data.length} values here, ${other.length} there`);
      compared += data.length;
      for (let index = 0; index < data.length; index++) {
        const ours = Number(data[index]);
        const value = Number(other[index]);
        low = Math.min(low, value);
        high = Math.max(high, value);
        if (!Object.is(ours, value) && ours !== value) differences.push({ run, output, index, ours, theirs: value });
      }
    });
  }
  model.close();
  return { compared, differences, range: high - low };
}

/** Largest difference as a share of the other runtime's range; NaN on one side only counts as infinite. */
export function relativeError({ differences, range }: Comparison): number {
  const largest = differences.reduce((max, { ours, theirs }) => {
    const difference = Math.abs(ours - theirs);
    return Number.isNaN(difference) ? Infinity : Math.max(max, difference);
  }, 0);
  return largest === 0 ? 0 : largest / range;
}

/** Bytes as values of the type that `data` has. */
export function likewise(data: NumericArray, bytes: Uint8Array): NumericArray {
  const Type = data.constructor as new (buffer: ArrayBufferLike) => NumericArray;
  return new Type(bytes.slice().buffer);
}
