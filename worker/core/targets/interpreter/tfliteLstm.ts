import { LSTM_INTERMEDIATES, LSTM_OPERANDS } from '../../model/lstmOperands';
import { FIX } from '../fix';
import { hasScale, inputOf, isConstant, isPerAxis, scaleOf, shapeText, tensorAt } from '../operands';
import type { Rule } from '../target';
import type { KernelRules } from '../kernelRules';
import { BIASES, firstMissing, firstThere, GATE_WEIGHTS, isCifg, NORM_COEFFICIENTS, PEEPHOLES } from './lstmChecks';

const { input, inputToGate, recurrentToGate, cellToGate, gateBias, layerNormCoefficients } = LSTM_OPERANDS;
const { projectionWeights, projectionBias, outputState, cellState } = LSTM_OPERANDS;

/** What TFLite's UNIDIRECTIONAL_SEQUENCE_LSTM checks, and where it crashes or goes wrong instead of checking. */
export function tfliteLstmRules(rules: KernelRules, source: string): readonly Rule[] {
  const unchecked = (rule: string, message: string, broken: Rule['broken']): Rule => ({
    rule,
    verdict: 'conditional',
    message,
    source,
    broken,
  });
  const integerType = (operands: readonly number[], integer: 'int32' | 'int16', what: string): Rule =>
    rules.custom(`${what} is ${integer} with an int8 input, otherwise float32`, (context) => {
      const wanted = inputOf(context, input)?.dtype === 'int8' ? integer : 'float32';
      const tensors = operands.map((operand) => inputOf(context, operand)).filter((tensor) => tensor !== null);
      const odd = tensors.find((tensor) => tensor.dtype !== wanted);
      return odd === undefined ? null : { seen: `${odd.name} is ${odd.dtype}` };
    });
  const forgetCellOutput = (gates: { readonly forget: number; readonly cell: number; readonly output: number }) => [
    gates.forget,
    gates.cell,
    gates.output,
  ];
  return [
    { ...rules.operandCount(20, 24), fix: FIX.use24Operands },
    rules.rank(input, 3),
    rules.custom('forget, cell and output gate have weights and biases', (context) => {
      const needed = [inputToGate, recurrentToGate, gateBias].flatMap(forgetCellOutput);
      const missing = firstMissing(context, needed);
      if (missing === undefined) return null;
      const message = 'The model does not load; TFLite 2.21 crashes on some of these.';
      return { seen: `operand ${missing} is absent`, message, fix: FIX.addBiases };
    }),
    rules.custom('input gate weights both present or both absent', (context) => {
      const [own, recurrent] = [inputOf(context, inputToGate.input), inputOf(context, recurrentToGate.input)];
      return (own === null) === (recurrent === null) ? null : { seen: 'only one of operands 1 and 5 is there' };
    }),
    rules.custom(
      'input gate bias present exactly when the input gate has weights',
      (context) => {
        const there = inputOf(context, gateBias.input) !== null;
        return there === !isCifg(context)
          ? null
          : { seen: there ? 'there although coupled (CIFG)' : 'absent', fix: FIX.addBiases };
      },
      'The interpreter crashes.',
    ),
    rules.custom('recurrent weights have the type of the input weights', (context) => {
      const types = new Set(GATE_WEIGHTS.flatMap((operand) => inputOf(context, operand) ?? []).map((tensor) => tensor.dtype));
      return types.size <= 1 ? null : { seen: [...types].join(' and ') };
    }),
    rules.custom('peepholes all present or all absent', (context) => {
      const wanted = isCifg(context) ? [cellToGate.forget, cellToGate.output] : PEEPHOLES;
      const some = firstThere(context, PEEPHOLES) !== undefined;
      const missing = firstMissing(context, wanted);
      return some && missing !== undefined ? { seen: `operand ${missing} is absent` } : null;
    }),
    rules.custom('peepholes are int16 with an int8 input, otherwise of the weights type', (context) => {
      const isInteger = inputOf(context, input)?.dtype === 'int8';
      const wanted = isInteger ? 'int16' : inputOf(context, inputToGate.forget)?.dtype;
      const tensors = PEEPHOLES.flatMap((operand) => inputOf(context, operand) ?? []);
      const odd = tensors.find((tensor) => tensor.dtype !== wanted);
      return odd === undefined ? null : { seen: `${odd.name} is ${odd.dtype}` };
    }),
    integerType(BIASES, 'int32', 'gate bias'),
    integerType([projectionBias], 'int32', 'projection bias'),
    rules.custom('a projection bias needs projection weights', (context) =>
      inputOf(context, projectionWeights) === null && inputOf(context, projectionBias) !== null
        ? { seen: 'bias without weights' }
        : null,
    ),
    rules.custom('layer norm on all gates that have weights', (context) => {
      if (inputOf(context, layerNormCoefficients.forget) === null) return null;
      const missing = firstMissing(context, forgetCellOutput(layerNormCoefficients));
      if (missing !== undefined) return { seen: `operand ${missing} is absent` };
      const own = inputOf(context, layerNormCoefficients.input) !== null;
      return own === !isCifg(context) ? null : { seen: `input gate ${own ? 'has' : 'lacks'} coefficients` };
    }),
    integerType(NORM_COEFFICIENTS, 'int16', 'layer norm coefficient'),
    rules.custom('states are variable tensors', (context) => {
      const odd = [outputState, cellState].find((operand) => inputOf(context, operand)?.isVariable !== true);
      return odd === undefined ? null : { seen: `operand ${odd} is not variable`, fix: FIX.variableStates };
    }),
    rules.custom('sizes fit each other', (context) => {
      const depth = inputOf(context, input)?.shape[2];
      const weights = inputOf(context, inputToGate.output)?.shape ?? [];
      return depth === undefined || weights[1] === depth ? null : { seen: `input depth ${depth}, weights ${shapeText(weights)}` };
    }),
    rules.custom('five intermediates with an int8 input', (context) => {
      const count = context.operator.intermediates.length;
      return inputOf(context, input)?.dtype === 'int8' && count !== 5
        ? { seen: `${count} intermediates`, fix: FIX.addIntermediates }
        : null;
    }),
    rules.custom('the hidden value (intermediate 4) has a scale with an int8 input', (context) => {
      const hidden = tensorAt(context.graph, context.operator.intermediates[LSTM_INTERMEDIATES.hidden]);
      if (inputOf(context, input)?.dtype !== 'int8' || hidden === null || hasScale(hidden)) return null;
      return { seen: `${hidden.name} has no scale`, fix: FIX.addIntermediates };
    }),
    rules.custom(
      'weights are constant with an int8 input',
      (context) => {
        if (inputOf(context, input)?.dtype !== 'int8') return null;
        const odd = GATE_WEIGHTS.flatMap((operand) => inputOf(context, operand) ?? []).find((w) => !isConstant(w));
        return odd === undefined ? null : { seen: `${odd.name} is computed at run time`, fix: FIX.constantWeights };
      },
      'The interpreter crashes.',
    ),
    unchecked('cell scale is a power of two', 'Not checked: the model runs, and its results are wrong.', (context) => {
      const scale = scaleOf(inputOf(context, cellState));
      if (inputOf(context, input)?.dtype !== 'int8' || scale === null || Number.isInteger(Math.log2(scale))) return null;
      return { seen: `scale ${scale}`, fix: FIX.powerOfTwoCell };
    }),
    unchecked(
      'weights are quantized per tensor',
      'Not checked: only the first scale is used, and the results are wrong.',
      (context) => {
        if (inputOf(context, input)?.dtype !== 'int8') return null;
        const odd = GATE_WEIGHTS.flatMap((operand) => inputOf(context, operand) ?? []).find(isPerAxis);
        return odd === undefined
          ? null
          : { seen: `${odd.name} has ${odd.quantization?.scales.length ?? 0} scales`, fix: FIX.perTensorWeights };
      },
    ),
  ];
}
