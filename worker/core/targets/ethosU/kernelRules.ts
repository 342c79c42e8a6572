import type { Tensor } from '../../model/model';
import { FIX } from '../fix';
import { flagOption, nameOption, numberOption, sizeFromEnd } from '../operands';
import type { OperatorContext } from '../target';
import { ifmOf, ofmOf, weightsOf } from './roles';
import { supported } from './velaRule';

interface Kernel {
  readonly width: number;
  readonly height: number;
  readonly strideW: number;
  readonly strideH: number;
  readonly dilationW: number;
  readonly dilationH: number;
  /** Whether any row or column of padding is really added. */
  readonly padded: boolean;
}

/** Kernel of a convolution (from its weights' shape) or of a pooling operator (from its options). */
function kernelOf(context: OperatorContext): Kernel {
  const weights = weightsOf(context);
  const isPool = weights === null;
  const width = isPool ? numberOption(context, 'filter_width', 1) : sizeFromEnd(weights.shape, -2);
  const height = isPool ? numberOption(context, 'filter_height', 1) : sizeFromEnd(weights.shape, -3);
  const strideW = numberOption(context, 'stride_w', 1);
  const strideH = numberOption(context, 'stride_h', 1);
  const dilationW = numberOption(context, 'dilation_w_factor', 1);
  const dilationH = numberOption(context, 'dilation_h_factor', 1);
  const ifm = ifmOf(context);
  const same = nameOption(context, 'padding', 'SAME') === 'SAME' && ifm !== null;
  const padded =
    same &&
    (neededPadding(sizeFromEnd(ifm.shape, -2), strideW, dilationW * (width - 1) + 1) > 0 ||
      neededPadding(sizeFromEnd(ifm.shape, -3), strideH, dilationH * (height - 1) + 1) > 0);
  return { width, height, strideW, strideH, dilationW, dilationH, padded };
}

/** Rows that SAME padding adds: the output has ceil(size / stride) of them. */
function neededPadding(size: number, stride: number, filter: number): number {
  return Math.max(0, (Math.ceil(size / stride) - 1) * stride + filter - size);
}

export const strideUpTo3 = supported('Kernel stride must be in the range (1,3).', (context) => {
  const { strideW, strideH } = kernelOf(context);
  return strideW > 3 || strideH > 3 ? { seen: `stride ${strideW} x ${strideH}`, fix: FIX.smallerStride } : null;
});

export const largeStride = supported('Stride>3 is only supported IF (dilation = 1 AND padding = VALID).', (context) => {
  const { strideW, strideH, dilationW, dilationH, padded } = kernelOf(context);
  if (strideW <= 3 && strideH <= 3) return null;
  if (!padded && dilationW === 1 && dilationH === 1) return null;
  return { seen: `stride ${strideW} x ${strideH}${padded ? ' with padding' : ''}`, fix: FIX.smallerStride };
});

export const averagePoolKernel = supported(
  'Kernel: with VALID padding product <= 256*256 and height <= 256, otherwise width and height <= 8.',
  (context) => {
    const { width, height, padded } = kernelOf(context);
    const fits = padded ? width <= 8 && height <= 8 : height <= 256 && width * height <= 65536;
    return fits ? null : { seen: `kernel ${width} x ${height}${padded ? ' with padding' : ''}` };
  },
);

export const maxPoolKernel = supported('Kernel product <= 256*256 and kernel height <= 256.', (context) => {
  const { width, height } = kernelOf(context);
  return height <= 256 && width * height <= 65536 ? null : { seen: `kernel ${width} x ${height}` };
});

export const transposeConvolutionStride = supported(
  'Stride values WxH must be 1x1 OR 2x2 OR 2x1 (if IFM height and kernel height is 1) OR 1x2 (if IFM width and kernel width is 1).',
  (context) => {
    const { width, height, strideW, strideH } = kernelOf(context);
    const ifm = ifmOf(context)?.shape ?? [];
    const fits =
      (strideW === strideH && strideW <= 2) ||
      (strideW === 2 && strideH === 1 && sizeFromEnd(ifm, -3) === 1 && height === 1) ||
      (strideW === 1 && strideH === 2 && sizeFromEnd(ifm, -2) === 1 && width === 1);
    return fits ? null : { seen: `stride ${strideW} x ${strideH}` };
  },
);

export const transposeConvolutionShape = supported(
  'OFM must be IFM * stride (SAME padding), or IFM * stride + (kernel - stride) (VALID).',
  (context) => {
    const kernel = kernelOf(context);
    const ifm = ifmOf(context)?.shape ?? [];
    const ofm = ofmOf(context)?.shape ?? [];
    const valid = nameOption(context, 'padding', 'SAME') === 'VALID';
    const width = sizeFromEnd(ifm, -2) * kernel.strideW + (valid ? Math.max(0, kernel.width - kernel.strideW) : 0);
    const height = sizeFromEnd(ifm, -3) * kernel.strideH + (valid ? Math.max(0, kernel.height - kernel.strideH) : 0);
    const fits = sizeFromEnd(ofm, -2) === width && sizeFromEnd(ofm, -3) === height;
    return fits ? null : { seen: `OFM ${sizeFromEnd(ofm, -2)} x ${sizeFromEnd(ofm, -3)}, needed ${width} x ${height}` };
  },
);

interface Scaling {
  readonly width: readonly [numerator: number, denominator: number];
  readonly height: readonly [numerator: number, denominator: number];
}

function scalingOf(ifm: Tensor, ofm: Tensor, alignCorners: boolean): Scaling {
  const along = (axis: number): readonly [number, number] => {
    const from = sizeFromEnd(ifm.shape, axis);
    const to = sizeFromEnd(ofm.shape, axis);
    return alignCorners && from > 1 ? [to - 1, from - 1] : [to, from];
  };
  return { width: along(-2), height: along(-3) };
}

const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(value));

/** Ethos-U55 and U65. */
export const resizeScale = supported(
  'Resize: IFM 1x1, or unchanged, or the same factor 2, 4 or 8 in both directions (2 with half pixel centers).',
  (context) => {
    const ifm = ifmOf(context);
    const ofm = ofmOf(context);
    if (ifm === null || ofm === null) return null;
    const bilinear = context.operator.name === 'RESIZE_BILINEAR';
    const halfPixel = bilinear && flagOption(context, 'half_pixel_centers');
    const [inputW, inputH] = [sizeFromEnd(ifm.shape, -2), sizeFromEnd(ifm.shape, -3)];
    const [outputW, outputH] = [sizeFromEnd(ofm.shape, -2), sizeFromEnd(ofm.shape, -3)];
    const seen = { seen: `${inputW} x ${inputH} to ${outputW} x ${outputH}${halfPixel ? ', half pixel centers' : ''}` };
    if (inputW === 1 && inputH === 1) return null;
    if (inputW === outputW && inputH === outputH) return halfPixel ? seen : null;
    const scaling = scalingOf(ifm, ofm, flagOption(context, 'align_corners'));
    const w = outputW === 1 ? 1 : scaling.width[0] / scaling.width[1];
    const h = outputH === 1 ? 1 : scaling.height[0] / scaling.height[1];
    if (w !== h && (halfPixel || !((outputH === 1 && h === 1) || (outputW === 1 && w === 1)))) return seen;
    const factor = Math.max(w, h);
    return isPowerOfTwo(factor) && factor > 1 && factor <= (halfPixel ? 2 : 8) ? null : seen;
  },
);

/** Ethos-U85. */
export const resizeOptions = supported('align_corners and half_pixel_centers are mutually exclusive.', (context) => {
  const alignCorners = flagOption(context, 'align_corners');
  const both = alignCorners && flagOption(context, 'half_pixel_centers');
  return both ? { seen: 'both are set' } : null;
});

/** Ethos-U85. */
export const resizeLimit = supported('Scale-factor at most 2048 (align_corners) or 1024.', (context) => {
  const ifm = ifmOf(context);
  const ofm = ofmOf(context);
  if (ifm === null || ofm === null) return null;
  const alignCorners = flagOption(context, 'align_corners');
  const { width, height } = scalingOf(ifm, ofm, alignCorners);
  const limit = alignCorners || context.operator.name === 'RESIZE_BILINEAR' ? 2048 : 1024;
  const odd = [width, height].find(([n, d]) => n === 0 || d === 0 || Math.floor(n / d) > limit);
  return odd === undefined ? null : { seen: `factor ${odd[0]}/${odd[1]}` };
});

/** Ethos-U85, RESIZE_BILINEAR only. */
export const resizePowerOfTwo = supported('Scale-factor must be an integer power of two.', (context) => {
  const ifm = ifmOf(context);
  const ofm = ofmOf(context);
  if (ifm === null || ofm === null) return null;
  if (sizeFromEnd(ifm.shape, -2) === 1 && sizeFromEnd(ifm.shape, -3) === 1) return null;
  const { width, height } = scalingOf(ifm, ofm, flagOption(context, 'align_corners'));
  const odd = [width, height].find(([n, d]) => n % d !== 0 || !isPowerOfTwo(n / d));
  return odd === undefined ? null : { seen: `factor ${odd[0]}/${odd[1]}` };
});
