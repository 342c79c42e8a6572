import type { Model } from '../../../worker/core/model/model';
import { prepareGraphAnywhere } from '../../../worker/core/run/prepareGraph';
import type { Value } from '../../../worker/core/run/value';
import { runtimeByFormat } from '../../../worker/runtimes/runtimeByFormat';
import { OnnxSession } from '../../onnxSession';
import { uniform } from '../lstm/randomLstm';
import type { ConstantSpec, OnnxModelSpec } from './onnxLstmModel';

/** Uniform values in +-scale. */
export function random(shape: readonly number[], seed: number, scale = 1): ConstantSpec & { readonly values: Float32Array } {
  const next = uniform(seed);
  return {
    shape,
    values: Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => scale * next()),
  };
}

/** Inputs of a model for these values. */
export function inputTypes(feeds: Readonly<Record<string, ConstantSpec>>): OnnxModelSpec['inputs'] {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { values }]) => [name, values instanceof Int32Array ? 'int32' : 'float32'] as const),
  );
}

/** Outputs of a model by ONNX Runtime. */
export async function byOrt(bytes: Uint8Array, feeds: Readonly<Record<string, ConstantSpec>>) {
  const session = await OnnxSession.open(bytes);
  const outputs = await session.run(Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, valueOf(feed)])));
  await session.close();
  return outputs.map(listed);
}

/** Outputs by this engine, and by ONNX Runtime for operators that are not its own. */
export async function byEngine(model: Model, feeds: Readonly<Record<string, ConstantSpec>>) {
  const graph = model.graphs[0]!;
  const runner = await prepareGraphAnywhere(model, 0, { path: 'int8', persona: 'tflite', runtime: runtimeByFormat });
  return runner.run(graph.inputs.map((index) => valueOf(feeds[graph.tensors[index]!.name]!))).map(listed);
}

function valueOf({ shape, values: data }: ConstantSpec): Value {
  return { dtype: data instanceof Int32Array ? 'int32' : 'float32', shape, data };
}

function listed({ shape, data }: Value) {
  return { shape, values: Array.from(data as Float32Array) };
}
