import { LSTM_OPERANDS } from '../../model/lstmOperands';
import { FIX, type Fix } from '../fix';
import { elementCount, inputOf, outputOf, shapeText, tensorAt } from '../operands';
import type { Rule } from '../target';
import type { KernelRules } from '../kernelRules';
import {
  BIASES,
  firstMissing,
  firstThere,
  GATE_WEIGHTS,
  isHybridLstm,
  NORM_COEFFICIENTS,
  PEEPHOLES,
  PROJECTION,
} from './lstmChecks';

const { input, inputToGate, outputState, cellState } = LSTM_OPERANDS;

/** What TFLite Micro's UNIDIRECTIONAL_SEQUENCE_LSTM asks for, in the order in which it looks. */
export function tflmLstmRules(rules: KernelRules, source: string): readonly Rule[] {
  const absent = (operands: readonly number[], what: string, fix: Fix): Rule =>
    rules.custom(`no ${what}`, (context) => {
      const operand = firstThere(context, operands);
      return operand === undefined ? null : { seen: `operand ${operand} is there`, fix };
    });
  const present = (operands: readonly number[], what: string, fix: Fix): Rule =>
    rules.custom(`all ${what} present and of one type`, (context) => {
      const missing = firstMissing(context, operands);
      if (missing !== undefined) return { seen: `operand ${missing} is absent`, fix };
      const types = new Set(operands.map((operand) => inputOf(context, operand)?.dtype));
      return types.size === 1 ? null : { seen: [...types].join(' and ') };
    });
  const state = (operand: number, what: string): Rule =>
    rules.custom(`${what} is a variable tensor`, (context) => {
      const tensor = inputOf(context, operand);
      if (tensor === null) return { seen: `operand ${operand} is absent` };
      return tensor.isVariable ? null : { seen: `${tensor.name} is not variable`, fix: FIX.variableStates };
    });
  const hybrid: Rule = {
    rule: 'input and weights are both float or both integer',
    verdict: 'conditional',
    message: 'A silent trap: the model loads, and the outputs are NaN. Use full int8, or float weights.',
    source,
    fix: FIX.fullPrecisionWeights,
    broken: (context) =>
      isHybridLstm(context) ? { seen: `float32 input, ${inputOf(context, inputToGate.forget)?.dtype ?? '?'} weights` } : null,
  };
  return [
    { ...rules.operandCount(24), fix: FIX.use24Operands },
    state(outputState, 'output state'),
    rules.custom('output state has the type of the input', (context) => {
      const [from, to] = [inputOf(context, input)?.dtype, inputOf(context, outputState)?.dtype];
      return from === to ? null : { seen: `${from ?? '?'} input, ${to ?? '?'} state` };
    }),
    state(cellState, 'cell state'),
    rules.sameType(),
    present(GATE_WEIGHTS, 'gate weights', FIX.noCifg),
    present(BIASES, 'gate biases', FIX.addBiases),
    absent(PEEPHOLES, 'peephole', FIX.removePeephole),
    absent(PROJECTION, 'projection', FIX.removeProjection),
    absent(NORM_COEFFICIENTS, 'layer norm', FIX.removeLayerNorm),
    sizes(rules),
    { ...rules.input(cellState, 'float32', 'int16'), fix: FIX.int16Cell },
    rules.input(input, 'float32', 'int8', 'int16'),
    rules.custom('int8 weights for integer inputs', (context) => {
      const [x, w] = [inputOf(context, input)?.dtype, inputOf(context, inputToGate.input)?.dtype];
      return x === 'float32' || w === 'int8' ? null : { seen: `${x ?? '?'} input, ${w ?? '?'} weights` };
    }),
    rules.productScale(),
    rules.custom('intermediates have size 0', (context) => {
      const odd = context.operator.intermediates
        .map((index) => tensorAt(context.graph, index))
        .find((tensor) => tensor !== null && elementCount(tensor.shape) !== 0);
      return odd === undefined || odd === null
        ? null
        : { seen: `${odd.name} has shape ${shapeText(odd.shape)}`, fix: FIX.emptyIntermediates };
    }),
    hybrid,
  ];
}

function sizes(rules: KernelRules): Rule {
  return rules.custom('tensor sizes fit each other', (context) => {
    const x = inputOf(context, input)?.shape ?? [];
    const state = inputOf(context, outputState)?.shape ?? [];
    const y = outputOf(context)?.shape ?? [];
    if (x.length !== 3 || y.length !== 3) return { seen: `input ${shapeText(x)}, output ${shapeText(y)}` };
    const [units, depth] = [state[1] ?? 0, x[2] ?? 0];
    const odd = GATE_WEIGHTS.find((operand, position) => {
      const shape = inputOf(context, operand)?.shape ?? [];
      return shape.length !== 2 || shape[0] !== units || shape[1] !== (position < 4 ? depth : units);
    });
    if (odd !== undefined) return { seen: `operand ${odd} has shape ${shapeText(inputOf(context, odd)?.shape ?? [])}` };
    const bias = BIASES.find((operand) => String(inputOf(context, operand)?.shape) !== String(units));
    if (bias !== undefined) return { seen: `bias ${bias} is not of ${units}` };
    return x[0] === y[0] && x[1] === y[1] && y[2] === units ? null : { seen: `output ${shapeText(y)}` };
  });
}
