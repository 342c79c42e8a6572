import { hasScale, isPerAxis, labelOf, presentInputs, presentOutputs } from '../operands';
import { dtypeFix, FIX } from '../fix';
import type { Rule } from '../target';
import type { DType } from '../../model/dtype';
import { featureMaps, ifmOf, inputsOfRole, ofmOf, weightsOf } from './roles';
import { hasKnownShape, intermediatesOf } from './shapes';
import { supported } from './velaRule';

export function featureMapTypes(types: ReadonlySet<DType>): Rule {
  const names = [...types].join(', ');
  return supported(`Feature-map dataTypes must be one of ${names}.`, (context) => {
    const odd = featureMaps(context).find((tensor) => !types.has(tensor.dtype));
    return odd === undefined ? null : { seen: `${labelOf(odd)} is ${odd.dtype}`, ...dtypeFix(odd.dtype, [...types]) };
  });
}

export const hasInput = supported('Operations must have at least one IFM.', (context) =>
  ifmOf(context) === null ? { seen: 'no input' } : null,
);

export const hasOutput = supported('Operations must have at least one OFM.', (context) =>
  ofmOf(context) === null ? { seen: 'no output' } : null,
);

export const constantShape = supported('Tensors must have constant shape.', (context) => {
  const tensors = [...presentInputs(context), ...presentOutputs(context), ...intermediatesOf(context)];
  const odd = tensors.find((tensor) => !hasKnownShape(context.graph, tensor));
  return odd === undefined ? null : { seen: `${labelOf(odd)} has no shape`, fix: FIX.staticShape };
});

export const staticAxes = supported('Only the first dimension of tensors can be dynamic.', (context) => {
  for (const tensor of [...presentInputs(context), ...presentOutputs(context)]) {
    const axis = tensor.shapeSignature.findIndex((size, position) => position > 0 && size < 0);
    if (axis >= 0) return { seen: `axis ${axis} of ${labelOf(tensor)} is dynamic`, fix: FIX.staticShape };
  }
  return null;
});

export const quantized = supported('Input(s), Output and Weight tensors must have quantization parameters.', (context) => {
  const weights = weightsOf(context);
  const tensors = [...inputsOfRole(context, 'ifm'), ...(weights === null ? [] : [weights]), ...presentOutputs(context)];
  // The report does not say so, but plain int32 arithmetic goes to the NPU without parameters.
  const odd = tensors.find((tensor) => tensor.dtype !== 'int32' && !hasScale(tensor));
  return odd === undefined ? null : { seen: `${labelOf(odd)} has no quantization parameters`, fix: FIX.quantizeInt8 };
});

export const positiveScales: Rule = {
  ...supported('Quantization scale of any tensor must be positive.', (context) => {
    for (const tensor of [...presentInputs(context), ...presentOutputs(context)]) {
      const scale = tensor.quantization?.scales.find((value) => !(value > 0));
      if (scale !== undefined) return { seen: `${labelOf(tensor)} has scale ${scale}` };
    }
    return null;
  }),
  // Measured: zero and negative scales pass, on every operator tried.
  verdict: 'conditional',
  message: 'Vela 5.2.0 states the rule and does not enforce it: the operator is compiled, and its results mean nothing.',
};

export const perTensorOnly = supported('Per-axis quantization is not supported.', (context) => {
  const odd = [...presentInputs(context), ...presentOutputs(context)].find(isPerAxis);
  return odd === undefined
    ? null
    : { seen: `${labelOf(odd)} has ${odd.quantization?.scales.length ?? 0} scales`, fix: FIX.perTensorWeights };
});

export function noFeatureMapsOf(bits: 32 | 64): Rule {
  const dtypes: readonly DType[] = bits === 32 ? ['int32', 'uint32', 'float32'] : ['int64', 'uint64', 'float64'];
  return supported(`${bits}-bit feature-maps are not supported.`, (context) => {
    const odd = featureMaps(context).find((tensor) => dtypes.includes(tensor.dtype));
    return odd === undefined ? null : { seen: `${labelOf(odd)} is ${odd.dtype}`, ...dtypeFix(odd.dtype, ['int8']) };
  });
}

/** Ethos-U55 and U65. */
export const zeroPointsOfWideTypes = supported(
  'Zero-points must be 0 for Int32 and non-negative for unsigned dataTypes.',
  (context) => {
    for (const tensor of featureMaps(context)) {
      const zeroPoint = tensor.quantization?.zeroPoints.find((value) => value !== 0);
      if (zeroPoint === undefined) continue;
      if (tensor.dtype === 'int32' || tensor.dtype === 'uint32' || (tensor.dtype.startsWith('uint') && zeroPoint < 0)) {
        return { seen: `${labelOf(tensor)} is ${tensor.dtype} with zero point ${zeroPoint}` };
      }
    }
    return null;
  },
);

/** Ethos-U85. */
export const inputZeroPoints = supported(
  'IFM zero-points: int8 within -128..127, uint8 within 0..255, uint16 0 or 32768, others 0.',
  (context) => {
    for (const tensor of inputsOfRole(context, 'ifm')) {
      const odd = tensor.quantization?.zeroPoints.find((value) => !acceptsInputZeroPoint(tensor.dtype, value));
      if (odd !== undefined) return { seen: `${labelOf(tensor)} is ${tensor.dtype} with zero point ${odd}` };
    }
    return null;
  },
);

function acceptsInputZeroPoint(dtype: DType, zeroPoint: number): boolean {
  if (dtype === 'int8') return zeroPoint >= -128 && zeroPoint <= 127;
  if (dtype === 'uint8') return zeroPoint >= 0 && zeroPoint <= 255;
  return zeroPoint === 0 || (dtype === 'uint16' && zeroPoint === 32768);
}

/** Ethos-U85. */
export const outputZeroPoints = supported(
  'OFM zero-points: signed within -128..127, unsigned within 0..255 or 32768.',
  (context) => {
    for (const tensor of presentOutputs(context)) {
      const signed = !tensor.dtype.startsWith('uint') && tensor.dtype !== 'bool';
      const [low, high] = signed ? [-128, 127] : [0, 255];
      const odd = tensor.quantization?.zeroPoints.find((value) => (value < low || value > high) && !(value === 32768 && !signed));
      if (odd !== undefined) return { seen: `${labelOf(tensor)} is ${tensor.dtype} with zero point ${odd}` };
    }
    return null;
  },
);
