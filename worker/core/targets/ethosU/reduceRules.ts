import type { DType } from '../../model/dtype';
import { constantIntegers, inputOf, shapeText, sizeFromEnd } from '../operands';
import type { OperatorContext } from '../target';
import { ifmOf } from './roles';
import { elementsAlong, normalizedAxes, paddedShape } from './shapes';
import { supported } from './velaRule';

/** Shape of the IFM padded to four axes, and the axes reduced, counted in it. */
function reduction(context: OperatorContext): { readonly shape: readonly number[]; readonly axes: readonly number[] } {
  const shape = ifmOf(context)?.shape ?? [];
  const padded = paddedShape(shape);
  const axes = normalizedAxes(constantIntegers(inputOf(context, 1)) ?? [], shape.length);
  return { shape: padded, axes: axes.map((axis) => axis + padded.length - shape.length) };
}

export const meanBatch = supported('Batch must be 1.', (context) => {
  const { shape } = reduction(context);
  const batch = sizeFromEnd(shape, -4);
  return batch > 1 ? { seen: `batch ${batch}` } : null;
});

export const meanDepth = supported('Reduction over depth is only supported if any of h,w,c == 1.', (context) => {
  const { shape, axes } = reduction(context);
  const overDepth = axes.includes(shape.length - 1);
  return overDepth && !shape.slice(-3).includes(1) ? { seen: `over depth of ${shapeText(shape)}` } : null;
});

export const meanAxis = supported('Reduced axis must not exceed 4096.', (context) => {
  const { shape, axes } = reduction(context);
  const odd = axes.find((axis) => (shape[axis] ?? 1) > 4096);
  return odd === undefined ? null : { seen: `axis of ${shape[odd] ?? 1}` };
});

export const meanType = supported('IFM precision must be one of: (Int8, UInt8, Int16).', (context) => {
  const dtype = ifmOf(context)?.dtype;
  return dtype === 'int8' || dtype === 'uint8' || dtype === 'int16' ? null : { seen: `IFM is ${dtype ?? 'absent'}` };
});

const MEAN_ELEMENTS: Readonly<Partial<Record<DType, number>>> = { int8: 1 << 24, uint8: 1 << 23, int16: 1 << 16 };

export const meanElements = supported(
  'Amount of reduced elements cannot exceed: 16777216(Int8), 8388608(UInt8), 65536(Int16).',
  (context) => {
    const { shape, axes } = reduction(context);
    const limit = MEAN_ELEMENTS[ifmOf(context)?.dtype ?? 'unknown'] ?? Infinity;
    const elements = elementsAlong(shape, axes);
    return elements > limit ? { seen: `${elements} elements` } : null;
  },
);
