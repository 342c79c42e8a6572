import type { OperatorContext } from './operatorContext';

/** How a window moves along one axis of an image. */
export interface WindowAxis {
  /** Positions of the window: the output's size. */
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
  /** Rows or columns of padding before the image. */
  readonly before: number;
}

/**
 * Positions along height (`h`) or width (`w`) by the operator's stride, dilation and padding. SAME: ceil(input / stride)
 * positions, the odd row of padding after the image; VALID: none.
 */
export function windowAxis(context: OperatorContext, axis: 'h' | 'w', input: number, length: number): WindowAxis {
  const stride = context.numberOption(`stride_${axis}`);
  const dilation = Math.max(1, context.numberOption(`dilation_${axis}_factor`));
  if (stride < 1) throw context.malformed('STRIDE', `the stride is ${stride}`);
  const span = (length - 1) * dilation + 1;
  const isSame = context.nameOption('padding') === 'SAME';
  const size = Math.floor(((isSame ? input : input - span + 1) + stride - 1) / stride);
  if (size < 1) throw context.misfit(`a window of ${span} does not fit into ${input}`);
  const before = isSame ? Math.max(0, Math.floor(((size - 1) * stride + span - input) / 2)) : 0;
  return { size, stride, dilation, before };
}
