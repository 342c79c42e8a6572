import { ABSENT } from '../model/model';
import { type Bits, isConstant, parametersOf } from './activations';
import { biasFormat, channelsOf, matrixFormat, WEIGHTS_INT8, weightsInt16Format } from './constantFormats';
import type { DraftOperator } from './draft';
import type { OperatorProperty } from './operatorProperties';
import { dataPositions, outputPositions } from './plan';
import { extremes, INT16_LEVELS, largest, reachPerChannel, scaleProduct, symmetric } from './quantizedValues';
import { requantizedConstant } from './requantizedConstant';
import type { Rewriting } from './rewriting';

const INT32_MAX = 2 ** 31 - 1;
/** SVDF's time weights: 6 bits are left for the sum over them. */
const TIME_LEVELS = 512;

/** Gives an operator's operands and outputs their integer form, by its properties. */
export function quantizeOperator(rewriting: Rewriting, operator: DraftOperator, property: OperatorProperty, bits: Bits): void {
  const { draft, activations, constants } = rewriting;
  const data = dataPositions(operator, property);
  for (const position of data) {
    const index = draft.operand(operator, position);
    const waits = index === ABSENT || (property.joins && isConstant(draft.tensor(index)));
    if (!waits) operator.inputs[position] = activations.integer(index, bits);
  }
  const weights = property.weights === null ? ABSENT : draft.operand(operator, property.weights.operand);
  const bias = property.bias === null ? ABSENT : draft.operand(operator, property.bias);
  const scale = parametersOf(draft.tensor(operator.inputs[data[0] ?? 0] ?? ABSENT)).scale;
  if (property.weights !== null && weights !== ABSENT) {
    const { operand } = property.weights;
    const axis =
      operator.name === 'FULLY_CONNECTED' && rewriting.recipe.denseWeights === 'per-tensor' ? null : property.weights.axis;
    const least = bias === ABSENT || bits === 16 ? null : leastReach(rewriting, weights, bias, axis, scale);
    operator.inputs[operand] = constants.quantize(weights, matrixFormat(axis, least));
    const biasScales = draft
      .tensor(operator.inputs[operand] ?? ABSENT)
      .quantization?.scales.map((weightScale) => scaleProduct(scale, weightScale));
    if (property.bias !== null && bias !== ABSENT && biasScales !== undefined)
      operator.inputs[property.bias] = constants.quantize(bias, biasFormat(biasScales, bits));
  }
  giveOutputs(rewriting, operator, property, bits);
  if (property.joins) joinInputs(rewriting, operator, data, bits);
  setOptions(operator, bits);
  operator.version = Math.max(operator.version, property.version);
}

/** SVDF: int8 data and feature weights, int16 state and time weights. */
export function quantizeSvdf(rewriting: Rewriting, operator: DraftOperator): void {
  const { draft, activations, constants } = rewriting;
  const { inputs } = operator;
  const at = (position: number) => draft.operand(operator, position);
  inputs[0] = activations.integer(at(0), 8);
  inputs[1] = constants.quantize(at(1), WEIGHTS_INT8);
  inputs[2] = constants.quantize(at(2), weightsInt16Format(TIME_LEVELS));
  const state = draft.tensor(at(4));
  const found = state.calibrated === null ? null : symmetric(state.calibrated, INT16_LEVELS);
  activations.give(state, found ?? activations.parameters(state, state.calibrated, 16), 16);
  const scale = scaleProduct(parametersOf(draft.tensor(at(2))).scale, parametersOf(state).scale);
  if (at(3) !== ABSENT) inputs[3] = constants.quantize(at(3), biasFormat(Float32Array.of(scale), 8));
  const output = draft.tensor(operator.outputs[0] ?? ABSENT);
  activations.give(output, activations.parameters(output, output.calibrated, 8), 8);
  operator.version = Math.max(operator.version, 3);
}

function giveOutputs(rewriting: Rewriting, operator: DraftOperator, property: OperatorProperty, bits: Bits): void {
  const { draft, activations } = rewriting;
  for (const position of outputPositions(operator, property)) {
    const output = draft.tensor(operator.outputs[position] ?? ABSENT);
    if (property.parameters === 'own') {
      activations.give(output, activations.parameters(output, output.calibrated, bits), bits);
    } else if (property.parameters === 'of-data') {
      const source = draft.tensor(operator.inputs[dataPositions(operator, property)[0] ?? 0] ?? ABSENT);
      output.calibrated = source.calibrated ?? output.calibrated;
      activations.give(output, parametersOf(source), bits);
    } else {
      const fixed = bits === 16 ? property.parameters.int16 : property.parameters.int8;
      activations.give(output, fixed ?? property.parameters.int8, bits);
    }
  }
}

/** Inputs whose parameters are not the output's get them: constants are quantized again, others go through a QUANTIZE. */
function joinInputs(rewriting: Rewriting, operator: DraftOperator, data: readonly number[], bits: Bits): void {
  const { draft, activations, constants } = rewriting;
  const wanted = parametersOf(draft.tensor(operator.outputs[0] ?? ABSENT));
  for (const position of data) {
    const index = draft.operand(operator, position);
    if (index === ABSENT) continue;
    operator.inputs[position] = isConstant(draft.tensor(index))
      ? constants.quantize(index, requantizedConstant(wanted, bits))
      : activations.withParameters(index, wanted, bits);
  }
}

/**
 * The smallest max |w| of each channel with which its bias stays in the middle half of int32; null where all weights reach it.
 * Source: AdjustWeightsForBiasScale.
 */
function leastReach(
  { draft, constants }: Rewriting,
  weights: number,
  bias: number,
  axis: number | null,
  scale: number,
): Float32Array | null {
  const { channels, inner } = channelsOf(draft.tensor(weights).shape, axis);
  const own = reachPerChannel(constants.values(weights), channels, inner);
  const biases = constants.values(bias);
  const largestBias = largest(extremes(biases));
  const least = own.map((_, channel) => {
    const magnitude = axis === null ? largestBias : Math.abs(biases[channel] ?? 0);
    return ((2 * magnitude) / INT32_MAX) * Math.fround(127 / scale);
  });
  return least.some((reach, channel) => reach > (own[channel] ?? 0)) ? least : null;
}

const BIAS_TYPED: ReadonlySet<string> = new Set(['FULLY_CONNECTED', 'CONV_2D', 'TRANSPOSE_CONV']);

function setOptions(operator: DraftOperator, bits: Bits): void {
  if (BIAS_TYPED.has(operator.name) && 'quantized_bias_type' in operator.options)
    operator.options.quantized_bias_type = bits === 16 ? 'int64' : 'int32';
  if (bits === 16 && 'pot_scale_int16' in operator.options) operator.options.pot_scale_int16 = false;
}
