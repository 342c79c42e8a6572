import { numberAttribute, numbersAttribute, textAttribute } from '../attributes';
import type { OnnxNode } from '../proto/messages';
import { type Operands, shapeOf } from './operand';

/** [batch, output channels, ...]: `weights` is the operand with [output channels, input channels / groups, ...]. */
export function convolved(weights: number): (node: OnnxNode, operands: Operands) => readonly number[] | null {
  return (node, operands) => {
    const [data, filter] = [shapeOf(operands, 0), shapeOf(operands, weights)];
    if (data === null || filter === null || data.length !== filter.length || data.length < 3) return null;
    const kernel = numbersAttribute(node, 'kernel_shape') ?? filter.slice(2);
    return [data[0] ?? -1, filter[0] ?? -1, ...windows(node, data.slice(2), kernel)];
  };
}

export function pooled(node: OnnxNode, operands: Operands): readonly number[] | readonly (readonly number[])[] | null {
  const data = shapeOf(operands, 0);
  const kernel = numbersAttribute(node, 'kernel_shape');
  if (data === null || kernel === null || data.length !== kernel.length + 2) return null;
  const shape = [data[0] ?? -1, data[1] ?? -1, ...windows(node, data.slice(2), kernel)];
  return [shape, shape];
}

export function globallyPooled(_: OnnxNode, operands: Operands): readonly number[] | null {
  return shapeOf(operands, 0)?.map((size, axis) => (axis < 2 ? size : 1)) ?? null;
}

/** [batch, output channels, ...] of a ConvTranspose, whose weights are [input channels, output channels / groups, ...]. */
export function transposedConvolution(node: OnnxNode, operands: Operands): readonly number[] | null {
  const [data, filter] = [shapeOf(operands, 0), shapeOf(operands, 1)];
  if (data === null || filter === null || data.length !== filter.length || data.length < 3) return null;
  const channels = (filter[1] ?? -1) < 0 ? -1 : (filter[1] ?? 0) * numberAttribute(node, 'group', 1);
  const given = numbersAttribute(node, 'output_shape');
  const automatic = textAttribute(node, 'auto_pad', 'NOTSET');
  const kernel = numbersAttribute(node, 'kernel_shape') ?? filter.slice(2);
  const { strides, dilations, pads } = windowAttributes(node);
  const more = numbersAttribute(node, 'output_padding');
  const sizes = data.slice(2).map((size, axis) => {
    const wanted = given?.[axis];
    if (wanted !== undefined) return wanted;
    const stride = strides?.[axis] ?? 1;
    const span = ((kernel[axis] ?? 1) - 1) * (dilations?.[axis] ?? 1) + 1;
    if (size < 0 || (kernel[axis] ?? -1) < 0) return -1;
    if (automatic.startsWith('SAME')) return size * stride;
    const padding = (pads?.[axis] ?? 0) + (pads?.[axis + kernel.length] ?? 0);
    return Math.max(0, stride * (size - 1) + (more?.[axis] ?? 0) + span - padding);
  });
  return [data[0] ?? -1, channels, ...sizes];
}

function windowAttributes(node: OnnxNode): Record<'strides' | 'dilations' | 'pads', readonly number[] | null> {
  return {
    strides: numbersAttribute(node, 'strides'),
    dilations: numbersAttribute(node, 'dilations'),
    pads: numbersAttribute(node, 'pads'),
  };
}

/** How often a window fits on every axis. */
function windows(node: OnnxNode, sizes: readonly number[], kernel: readonly number[]): number[] {
  const { strides, dilations, pads } = windowAttributes(node);
  const automatic = textAttribute(node, 'auto_pad', 'NOTSET');
  const round = numberAttribute(node, 'ceil_mode', 0) === 0 ? Math.floor : Math.ceil;
  return sizes.map((size, axis) => {
    const stride = Math.max(1, strides?.[axis] ?? 1);
    const width = kernel[axis] ?? -1;
    if (size < 0 || width < 0) return -1;
    if (automatic.startsWith('SAME')) return Math.ceil(size / stride);
    const span = (width - 1) * (dilations?.[axis] ?? 1) + 1;
    const padding = automatic === 'VALID' ? 0 : (pads?.[axis] ?? 0) + (pads?.[axis + sizes.length] ?? 0);
    return Math.max(0, round((size + padding - span) / stride) + 1);
  });
}
