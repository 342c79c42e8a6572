import { constantIntegers, elementCount, inputOf, numberOption, shapeText } from '../operands';
import { ifmOf } from './roles';
import { normalizedAxes, paddedShape } from './shapes';
import { supported } from './velaRule';

export const stridedSlice = supported(
  'Slice must represent a volume. Stride must be non-negative (and over W or H).',
  (context) => {
    const shape = ifmOf(context)?.shape ?? [];
    const [begin, end, strides] = [1, 2, 3].map((operand) => constantIntegers(inputOf(context, operand)) ?? []);
    const length = Math.min(begin?.length ?? 0, end?.length ?? 0, strides?.length ?? 0);
    const bit = (option: string, at: number): boolean => ((numberOption(context, option, 0) >> at) & 1) === 1;
    let axis = 0;
    for (let at = 0; at < length; at++) {
      if (bit('ellipsis_mask', at)) {
        axis = shape.length - (length - at - 1);
        continue;
      }
      const size = shape[axis] ?? 1;
      const stride = strides?.[at] ?? 1;
      const fromEnd = shape.length - axis;
      if (stride !== 1 && fromEnd !== 2 && fromEnd !== 3) return { seen: `stride ${stride} on axis ${axis}` };
      if (stride < 0) return { seen: `stride ${stride}` };
      const first = bit('begin_mask', at) ? 0 : clampIndex(begin?.[at] ?? 0, size, 0, size - 1);
      const last = bit('end_mask', at) ? size : clampIndex(end?.[at] ?? size, size, 1, size);
      if (!bit('shrink_axis_mask', at) && last - first <= 0) return { seen: `axis ${axis} from ${first} to ${last}` };
      axis++;
    }
    return null;
  },
);

function clampIndex(index: number, size: number, low: number, high: number): number {
  return Math.min(Math.max(index < 0 ? index + size : index, low), high);
}

export const transposeRank = supported('Tensor dimension must be <= 8.', (context) => {
  const rank = ifmOf(context)?.shape.length ?? 0;
  return rank > 8 ? { seen: `rank ${rank}` } : null;
});

/** A permutation of at most four axes by the hardware's letters: NHWC is the identity. */
function permutationName(permutation: readonly number[]): string | null {
  if (permutation.length > 4) return null;
  const shift = 4 - permutation.length;
  const full = [...Array.from({ length: shift }, (_, i) => i), ...permutation.map((axis) => axis + shift)];
  return full.map((axis) => 'NHWC'[axis] ?? '?').join('');
}

const LIMIT = 65536;

/** Ethos-U55 and U65. */
export const transposeOf32Bit = supported('Int32 transpose: rank <= 4 and NHWC, NWHC (N = 1, C <= 2^14) or NHCW.', (context) => {
  const ifm = ifmOf(context);
  const permutation = constantIntegers(inputOf(context, 1));
  if (ifm?.dtype !== 'int32' || permutation === null) return null;
  const shape = paddedShape(ifm.shape);
  const [n = 1, h = 1, w = 1, c = 1] = shape;
  const name = permutationName(normalizedAxes(permutation, ifm.shape.length));
  const fits =
    shape.length <= 4 &&
    ((name === 'NHWC' && c <= LIMIT) ||
      (name === 'NWHC' && n === 1 && h <= LIMIT && w <= LIMIT && c <= 1 << 14) ||
      (name === 'NHCW' && n * h <= LIMIT && w <= LIMIT && c <= LIMIT));
  return fits ? null : { seen: `permutation ${permutation.join(', ')} of ${shapeText(ifm.shape)}` };
});

const SINGLE_STEP: ReadonlySet<string> = new Set(['NWHC', 'NHCW', 'NCWH', 'NWCH', 'NCHW']);

/** Ethos-U55 and U65. */
export const transposeOf8And16Bit = supported(
  'Int8 or Int16 transpose: H, W and C <= 2^16 for permutations of three axes, otherwise the product of any N-2 axes <= 2^16.',
  (context) => {
    const ifm = ifmOf(context);
    const permutation = constantIntegers(inputOf(context, 1));
    if (ifm === null || permutation === null || ifm.dtype === 'int32' || ifm.dtype === 'int64') return null;
    const axes = normalizedAxes(permutation, ifm.shape.length);
    if (axes.every((axis, position) => axis === position)) return null;
    const shape = paddedShape(ifm.shape);
    const outer = elementCount(shape.slice(0, -3));
    const single = outer === 1 && SINGLE_STEP.has(permutationName(axes) ?? '');
    const fits = single ? shape.slice(-3).every((size) => size <= LIMIT) : largestProductWithoutTwo(shape) <= LIMIT;
    return fits ? null : { seen: `permutation ${permutation.join(', ')} of ${shapeText(ifm.shape)}` };
  },
);

/** Largest product over all choices of all axes but two: the whole without the two smallest sizes. */
function largestProductWithoutTwo(shape: readonly number[]): number {
  return elementCount([...shape].sort((a, b) => b - a).slice(0, Math.max(0, shape.length - 2)));
}
