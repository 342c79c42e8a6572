import type { DType } from '../../model/dtype';
import type { Tensor } from '../../model/model';
import { producerOf } from '../dataflow';
import { FIX } from '../fix';
import {
  elementCount,
  hasScale,
  inputOf,
  isConstant,
  labelOf,
  nameOption,
  numberOption,
  outputOf,
  presentInputs,
  presentOutputs,
  scaleOf,
  shapeText,
  tensorAt,
  zeroPointOf,
} from '../operands';
import type { OperatorContext, Rule } from '../target';

export const XNNPACK_SOURCE = 'ai-edge-litert 2.3.0, xnnpack_delegate.cc and its execution plans';

/** A condition that, when broken, leaves the operator to TFLite's own kernel. */
export function delegated(rule: string, broken: Rule['broken']): Rule {
  return {
    rule,
    verdict: 'fallback',
    message: "The operator stays on TFLite's own kernel.",
    source: XNNPACK_SOURCE,
    broken,
  };
}

const FLOAT: readonly DType[] = ['float32', 'float16'];

/** Float, or 8 bits with one scale. */
function isFloatOr8Bit(tensor: Tensor): boolean {
  if (FLOAT.includes(tensor.dtype)) return true;
  if (tensor.dtype !== 'int8' && tensor.dtype !== 'uint8') return false;
  return tensor.quantization?.scales.length === 1 && tensor.quantization.axis === 0;
}

type Operands = (context: OperatorContext) => readonly (Tensor | null)[];

export const dataOperands =
  (...positions: readonly number[]): Operands =>
  (context) => [...positions.map((position) => inputOf(context, position)), ...presentOutputs(context)];

export const allOperands: Operands = (context) => [...presentInputs(context), ...presentOutputs(context)];

export const floatOnly = (operands: Operands = allOperands): Rule =>
  delegated('inputs and outputs are float32 or float16', (context) => {
    const odd = operands(context).find((tensor) => tensor !== null && !FLOAT.includes(tensor.dtype));
    return odd === undefined || odd === null ? null : { seen: `${labelOf(odd)} is ${odd.dtype}` };
  });

export const floatOr8Bit = (operands: Operands = allOperands): Rule =>
  delegated('inputs and outputs are float, or 8 bits with one scale', (context) => {
    const odd = operands(context).find((tensor) => tensor !== null && !isFloatOr8Bit(tensor));
    if (odd === undefined || odd === null) return null;
    const scales = odd.quantization?.scales.length ?? 0;
    const seen = `${labelOf(odd)} is ${odd.dtype}${odd.dtype.includes('int8') ? ` with ${scales} scales` : ''}`;
    return odd.dtype === 'int16' ? { seen, fix: FIX.int8Activations } : { seen };
  });

export const sameTypes = delegated('inputs and output have one type', (context) => {
  const types = new Set(allOperands(context).map((tensor) => tensor?.dtype));
  return types.size <= 1 ? null : { seen: [...types].join(' and ') };
});

/** XNN_MAX_TENSOR_DIMS. */
const MOST_DIMENSIONS = 6;

export const rankUpTo6 = delegated('tensors have at most 6 dimensions, none of size 0', (context) => {
  const odd = allOperands(context).find(
    (tensor) => tensor !== null && (tensor.shape.length > MOST_DIMENSIONS || elementCount(tensor.shape) === 0),
  );
  return odd === undefined || odd === null ? null : { seen: `${labelOf(odd)} has shape ${shapeText(odd.shape)}` };
});

export const rank = (position: number, count: number): Rule =>
  delegated(`operand ${position} has ${count} dimensions`, (context) => {
    const tensor = inputOf(context, position);
    return tensor === null || tensor.shape.length === count ? null : { seen: shapeText(tensor.shape) };
  });

/** Constants, and constants that a DEQUANTIZE expands. */
function isStatic({ graph }: OperatorContext, tensor: Tensor): boolean {
  if (isConstant(tensor)) return true;
  const producer = producerOf(graph, tensor.index);
  const source = producer?.name === 'DEQUANTIZE' ? tensorAt(graph, producer.inputs[0]) : null;
  return source !== null && isConstant(source);
}

export const constant = (...positions: readonly number[]): Rule =>
  delegated('weights and parameters are constant', (context) => {
    const odd = positions
      .map((position) => inputOf(context, position))
      .find((tensor) => tensor !== null && !isStatic(context, tensor));
    return odd === undefined || odd === null
      ? null
      : { seen: `${labelOf(odd)} is computed at run time`, fix: FIX.constantParameters };
  });

export const plainActivation = delegated('fused activation is NONE, RELU, RELU_N1_TO_1 or RELU6', (context) => {
  const name = nameOption(context, 'fused_activation_function', 'NONE');
  return ['NONE', 'RELU', 'RELU_N1_TO_1', 'RELU6'].includes(name) ? null : { seen: name };
});

/** @param product of both inputs' scales, or each input's on its own */
export const scaleRatio = (least: number, most: number, product: boolean): Rule =>
  delegated(`input scale / output scale lies within ${least} and ${most}`, (context) => {
    const output = outputOf(context);
    if (output === null || FLOAT.includes(output.dtype)) return null;
    const scales = presentInputs(context).map((tensor) => scaleOf(tensor) ?? 0);
    const compared = product ? [scales.reduce((a, b) => a * b, 1)] : scales;
    const ratio = compared.map((scale) => scale / (scaleOf(output) ?? 0)).find((value) => !(value >= least && value < most));
    return ratio === undefined ? null : { seen: `ratio ${ratio}` };
  });

export const inputCount = (least: number, most: number): Rule =>
  delegated(`${least} to ${most} inputs`, ({ operator }) =>
    operator.inputs.length >= least && operator.inputs.length <= most ? null : { seen: `${operator.inputs.length} inputs` },
  );

export const outputCount = (least: number, most: number): Rule =>
  delegated(`${least} to ${most} outputs`, ({ operator }) =>
    operator.outputs.length >= least && operator.outputs.length <= most ? null : { seen: `${operator.outputs.length} outputs` },
  );

export const beta1 = delegated('beta is 1', (context) => {
  const beta = numberOption(context, 'beta', 1);
  return beta === 1 ? null : { seen: `beta ${beta}` };
});

export const sameQuantization = (...types: readonly DType[]): Rule =>
  delegated('inputs and output share scale and zero point', (context) => {
    const output = outputOf(context);
    if (output === null || !types.includes(output.dtype)) return null;
    const odd = presentInputs(context).find(
      (tensor) =>
        tensor.dtype === output.dtype && (scaleOf(tensor) !== scaleOf(output) || zeroPointOf(tensor) !== zeroPointOf(output)),
    );
    return odd === undefined ? null : { seen: `${labelOf(odd)} differs from the output` };
  });

/** Bias and weights of one arithmetic, and weights that fit the input. */
export const weights = (position: number, axis: number, dynamicallyQuantized: boolean, narrow: boolean): Rule =>
  delegated('weights: float, or integers per tensor or per output channel, of the type that the input asks for', (context) => {
    const input = inputOf(context, context.operator.name === 'TRANSPOSE_CONV' ? 2 : 0);
    const filter = inputOf(context, position);
    if (input === null || filter === null) return { seen: 'no weights' };
    const { quantization, dtype } = filter;
    const seen = { seen: `${input.dtype} input, ${dtype} weights` };
    if (dtype === 'float32') return input.dtype === 'float32' ? null : seen;
    const integers: readonly DType[] = narrow ? ['int8', 'int4', 'int2'] : ['int8'];
    if (dtype === 'uint8') return input.dtype === 'uint8' && quantization?.scales.length === 1 ? null : seen;
    if (!integers.includes(dtype)) return seen;
    if (quantization?.blockwise !== null && quantization?.blockwise !== undefined) {
      return quantization.blockwise.blockSize % 32 === 0 && dynamicallyQuantized && input.dtype === 'float32' ? null : seen;
    }
    if (!hasScale(filter)) return { seen: `${labelOf(filter)} has no scale` };
    if ((quantization?.scales.length ?? 0) > 1 && quantization?.axis !== axis)
      return { seen: `scales along axis ${quantization?.axis ?? 0}` };
    if (quantization?.scales.some((scale) => !(scale > 0) || !Number.isFinite(scale)) === true)
      return { seen: `scale ${scaleOf(filter) ?? 0}` };
    if (input.dtype === 'int8')
      return quantization?.zeroPoints.every((zero) => zero === 0) === true
        ? null
        : { seen: `weight zero point ${zeroPointOf(filter)}`, fix: FIX.symmetricWeights };
    return input.dtype === 'float32' && dynamicallyQuantized ? null : seen;
  });

export const bias = (position: number, needed: boolean): Rule =>
  delegated(needed ? 'a constant bias of int32 or float' : 'bias, where present, is constant int32 or float', (context) => {
    const tensor = inputOf(context, position);
    if (tensor === null) return needed ? { seen: 'no bias' } : null;
    const fits =
      FLOAT.includes(tensor.dtype) || (tensor.dtype === 'int32' && hasScale(tensor) && (tensor.quantization?.axis ?? 0) === 0);
    return fits ? null : { seen: `bias is ${tensor.dtype}${hasScale(tensor) ? '' : ' without scale'}` };
  });

export const poolingWindow = delegated('the stride does not exceed the window, and a 1 x 1 window has stride 1', (context) => {
  const [w, h] = [numberOption(context, 'filter_width', 1), numberOption(context, 'filter_height', 1)];
  const [strideW, strideH] = [numberOption(context, 'stride_w', 1), numberOption(context, 'stride_h', 1)];
  return strideW <= w && strideH <= h ? null : { seen: `window ${w} x ${h}, stride ${strideW} x ${strideH}` };
});

export const plainSlice = (...masks: readonly string[]): Rule =>
  delegated('no ellipsis, no new and no shrunk axes', (context) => {
    const odd = masks.find((mask) => numberOption(context, mask, 0) !== 0);
    return odd === undefined ? null : { seen: `${odd} is set`, fix: FIX.plainSlice };
  });
