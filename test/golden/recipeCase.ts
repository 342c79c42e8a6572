import { readFileSync } from 'node:fs';
import { readTflite } from '../../worker/core/formats/tflite/readTflite';
import type { Graph, Model, Tensor } from '../../worker/core/model/model';
import { quantizeModel } from '../../worker/core/recipe/quantizeModel';
import { rangesInFile } from '../../worker/core/recipe/rangesInFile';
import type { Recipe } from '../../worker/core/recipe/recipe';

export function readModelFile(path: string): Model {
  return readTflite(new Uint8Array(readFileSync(path)), path);
}

/** Quantizes a file with the ranges that it, or another file of the same tensors, keeps. */
export function quantizeFile(path: string, recipe: Partial<Recipe> = {}, rangesOf = path) {
  return quantizeModel(readModelFile(path), rangesInFile(readModelFile(rangesOf)), { schema: 'gatescope.recipe/1', ...recipe });
}

/**
 * Compares a result with what TensorFlow Lite's quantizer wrote: every tensor of the reference with values or parameters must be
 * there under its name, with the same type, bytes, zero points and scales. Returns the differences.
 * @param rename the name here of a tensor of the reference
 */
export function differences(
  { graphs }: { readonly graphs: readonly { readonly graph: Graph }[] },
  reference: Model,
  rename = (name: string) => name,
) {
  const found = new Map(graphs[0]!.graph.tensors.map((tensor) => [tensor.name, tensor]));
  const wanted = reference.graphs[0]!.tensors.filter(({ data, quantization }) => data !== null || quantization !== null);
  const differing = wanted.flatMap((tensor) => {
    const own = found.get(rename(tensor.name));
    return own === undefined ? [`${tensor.name}: missing`] : differencesOf(own, tensor);
  });
  return { compared: wanted.length, differing };
}

function differencesOf(own: Tensor, wanted: Tensor): string[] {
  const describe = (tensor: Tensor): Record<string, string> => ({
    type: tensor.dtype,
    data: tensor.data === null ? '' : Buffer.from(tensor.data).toString('hex'),
    zeroPoints: (tensor.quantization?.zeroPoints ?? []).join(),
    scales: (tensor.quantization?.scales ?? []).join(),
    axis: String(tensor.quantization === null || tensor.quantization.scales.length === 1 ? '' : tensor.quantization.axis),
    shape: tensor.shape.join(),
  });
  const [a, b] = [describe(own), describe(wanted)];
  return Object.keys(b).flatMap((part) =>
    a[part] === b[part] ? [] : [`${wanted.name}: ${part} ${a[part]?.slice(0, 60)} for ${b[part]?.slice(0, 60)}`],
  );
}

/** Operators by name and operand names: what must agree beside the tensors. */
export function wiring({ operators, tensors }: Graph): string[] {
  const names = (indices: readonly number[]) => indices.map((index) => tensors[index]?.name ?? '-').join(' ');
  return operators.map(({ name, inputs, outputs }) => `${name}: ${names(inputs)} -> ${names(outputs)}`);
}
