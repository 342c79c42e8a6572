import { conversion } from './activations';
import type { Draft } from './draft';
import type { Recipe } from './recipe';

/**
 * Puts QUANTIZE behind integer inputs and DEQUANTIZE before integer outputs where the recipe wants them float. The float
 * tensor keeps the name and the place in signatures; the integer one is named `x_int8`, as TensorFlow Lite does.
 */
export function setBoundary(draft: Draft, recipe: Recipe): void {
  if (recipe.inputs === 'float32') {
    draft.inputs = draft.inputs.map((index) => {
      const outer = outerTensor(draft, index);
      if (outer === null) return index;
      draft.operators.unshift(conversion(draft, outer, index));
      return outer;
    });
  }
  if (recipe.outputs === 'float32') {
    draft.outputs = draft.outputs.map((index) => {
      const outer = outerTensor(draft, index);
      if (outer === null) return index;
      draft.operators.push(conversion(draft, index, outer));
      return outer;
    });
  }
}

/** The float tensor to stand for an integer one outside; null where it is float or holds no reals. */
function outerTensor(draft: Draft, index: number): number | null {
  const tensor = draft.tensor(index);
  if (tensor.quantization === null || (tensor.dtype !== 'int8' && tensor.dtype !== 'int16')) return null;
  const { name, shape, shapeSignature, hasRank, origin } = tensor;
  const outer = draft.add(name, { dtype: 'float32', shape, shapeSignature, hasRank });
  draft.tensor(outer).origin = origin;
  tensor.name = `${name}_${tensor.dtype}`;
  tensor.origin = null;
  return outer;
}
