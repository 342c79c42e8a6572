import { quantizeModel } from '../../../worker/core/recipe/quantizeModel';
import type { Graph, Model } from '../../../worker/core/model/model';
import { prepareGraph } from '../../../worker/core/run/prepareGraph';
import type { Value } from '../../../worker/core/run/value';
import { buildOperator, type OperatorSpec } from '../../lstmBuilder';

/** A model of one operator, with what is given for an operand as a further input. */
export function modelOf(spec: OperatorSpec, operands: readonly number[]): Model {
  const { graph, operator } = buildOperator(spec);
  const inputs = operands.map((position) => operator.inputs[position] ?? -1);
  const common = { formatVersion: 3, fileName: '', byteLength: 0, description: '', metadata: [], signatures: [] };
  return { format: 'tflite', ...common, graphs: [{ ...graph, inputs }] };
}

/** The recipe, with the ranges of one run: the model's float tensors as they are in it. */
export function quantizedBy(model: Model, inputs: readonly Value[], keepsFloatBoundary = true): Model {
  const [graph] = model.graphs as [Graph];
  const ranges = graph.tensors.map(() => null as { min: number; max: number } | null);
  const see = (index: number | undefined, { data }: Value) => {
    if (index === undefined || !(data instanceof Float32Array)) return;
    ranges[index] = { min: Math.min(...data), max: Math.max(...data) };
  };
  graph.inputs.forEach((index, position) => see(index, inputs[position]!));
  const runner = prepareGraph(model, 0, { path: 'float', persona: 'tflite' });
  runner.run(inputs, ({ outputs }, values) => values.forEach((value, output) => see(outputs[output], value)));
  const boundary = keepsFloatBoundary ? 'float32' : 'int8';
  const recipe = { schema: 'gatescope.recipe/1', scheme: 'int8', inputs: boundary, outputs: boundary } as const;
  const { edit } = quantizeModel(model, { tensors: ranges, lstms: new Map() }, recipe);
  return { ...model, graphs: edit.graphs.map((one) => one.graph) };
}
