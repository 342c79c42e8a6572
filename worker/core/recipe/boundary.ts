import { conversion } from './activations';
import { checkRange } from './plan';
import type { Rewriting } from './rewriting';

type Boundary = 'int8' | 'float32';

/**
 * Gives the graph's inputs and outputs the types that the recipe names: QUANTIZE and DEQUANTIZE go between them and the
 * graph. The outer tensor keeps the name and the place in signatures; the inner one is named `x_int8`, as TensorFlow Lite
 * does, or `x_float`.
 */
export function setBoundary(rewriting: Rewriting): void {
  const { draft, recipe } = rewriting;
  draft.inputs = draft.inputs.map((index) => {
    const outer = outerTensor(rewriting, index, recipe.inputs);
    if (outer === null) return index;
    draft.operators.unshift(conversion(draft, outer, index));
    return outer;
  });
  draft.outputs = draft.outputs.map((index) => {
    const outer = outerTensor(rewriting, index, recipe.outputs);
    if (outer === null) return index;
    draft.operators.push(conversion(draft, index, outer));
    return outer;
  });
}

/** The tensor to stand outside for one of another type; null where it needs none, or cannot have one. */
function outerTensor({ draft, activations }: Rewriting, index: number, wanted: Boundary | undefined): number | null {
  const tensor = draft.tensor(index);
  const { name, shape, shapeSignature, hasRank, origin, calibrated } = tensor;
  const isInteger = tensor.quantization !== null && (tensor.dtype === 'int8' || tensor.dtype === 'int16');
  const isFloat = tensor.dtype === 'float32' && tensor.data === null && calibrated !== null;
  if (!(wanted === 'float32' && isInteger) && !(wanted === 'int8' && isFloat)) return null;
  const outer = draft.tensor(draft.add(name, { dtype: 'float32', shape, shapeSignature, hasRank, calibrated }));
  if (wanted === 'int8' && calibrated !== null) {
    checkRange(name, calibrated);
    activations.give(outer, activations.parameters(outer, calibrated, 8), 8);
  }
  outer.origin = origin;
  tensor.name = `${name}_${isInteger ? tensor.dtype : 'float'}`;
  tensor.origin = null;
  return outer.index;
}
