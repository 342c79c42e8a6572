import type { PersonaName } from '../lstm/persona';
import { INTEGER_RAILS } from '../model/dtype';
import type { Graph, Operator, Tensor } from '../model/model';
import { codeLimits } from '../ops/fusedActivation';
import { OperatorContext } from '../ops/operatorContext';
import { RULES } from './arithmeticOf';
import type { FormulaOperand, OperatorFormula } from './operatorFormula';
import { weightedOperand } from './weightedOperand';
import { whereComputed } from './whereComputed';

/**
 * The integer arithmetic of an operator with its own numbers. Null where none is done (floats, plain integers), where this engine does
 * not compute the operator, and where its operands contradict each other.
 */
export function operatorFormula(graph: Graph, operator: Operator, persona: PersonaName): OperatorFormula | null {
  const rule = RULES[operator.name];
  const context = new OperatorContext(graph, operator, { path: 'int8', persona });
  return whereComputed(() => {
    if (rule === undefined || !isOnCodes(context)) return null;
    const arithmetic = rule(context);
    if (arithmetic === null) return null;
    return {
      operands: operandsOf(context),
      arithmetic,
      limits: limitsOf(context, arithmetic.kind),
      source: sourceOf(operator, persona),
    };
  });
}

/** Something quantized goes in or comes out. */
function isOnCodes(context: OperatorContext): boolean {
  const tensors = [...context.operator.inputs.map((_, at) => context.optionalInput(at)), context.output()];
  return tensors.some((tensor) => tensor !== null && isCodes(tensor) && tensor.data === null);
}

const isCodes = ({ dtype, quantization }: Tensor): boolean =>
  INTEGER_RAILS[dtype] !== undefined && (quantization?.scales.length ?? 0) > 0;

const PAIRS: ReadonlySet<string> = new Set(['ADD', 'SUB', 'MUL', 'MAXIMUM', 'MINIMUM']);

function operandsOf(context: OperatorContext): FormulaOperand[] {
  const { graph, operator } = context;
  const weighted = weightedOperand(graph, operator);
  const y = operand('y', context.output());
  if (weighted !== null) {
    const bias = weighted.bias === null ? [] : [operand('bias', weighted.bias)];
    return [operand('x', weighted.input), operand('w', weighted.weights), ...bias, y];
  }
  if (PAIRS.has(operator.name)) return [operand('a', context.input(0)), operand('b', context.input(1)), y];
  return [operand('x', context.input(0)), y];
}

function operand(symbol: FormulaOperand['symbol'], { index, dtype, quantization }: Tensor): FormulaOperand {
  const scales = quantization?.scales ?? [];
  return {
    symbol,
    tensor: index,
    dtype,
    scale: scales[0] ?? null,
    zeroPoint: (quantization?.zeroPoints[0] ?? 0) + 0,
    scales: scales.length,
  };
}

function limitsOf(context: OperatorContext, kind: OperatorFormula['arithmetic']['kind']): OperatorFormula['limits'] {
  const output = context.output();
  if (kind === 'same' || kind === 'dequantize' || !isCodes(output)) return null;
  const own = RECTIFIERS[context.operator.name];
  if (own === undefined) {
    const [low, high] = codeLimits(context, output);
    return { low: low + 0, high: high + 0, activation: context.nameOption('fused_activation_function') };
  }
  const { scale, zeroPoint } = context.affine(output);
  const [first, last] = INTEGER_RAILS[output.dtype] ?? [-128, 127];
  const code = (real: number) => zeroPoint + Math.sign(real) * Math.round(Math.abs(real) / scale);
  return {
    low: Math.max(first, code(own[0])) + 0,
    high: own[1] === Infinity ? last : Math.min(last, code(own[1])),
    activation: context.operator.name,
  };
}

/** Limits as reals, as in ops/rectifier.ts. */
const RECTIFIERS: Readonly<Record<string, readonly [low: number, high: number]>> = {
  RELU: [0, Infinity],
  RELU6: [0, 6],
  RELU_N1_TO_1: [-1, 1],
  RELU_0_TO_1: [0, 1],
};

/** Files of either runtime, below `lite/kernels/internal/reference` and `lite/kernels`. */
const FILES: Readonly<Record<string, string>> = {
  FULLY_CONNECTED: 'integer_ops/fully_connected.h',
  CONV_2D: 'integer_ops/conv.h',
  DEPTHWISE_CONV_2D: 'integer_ops/depthwise_conv.h',
  ADD: 'integer_ops/add.h',
  SUB: 'sub.h',
  MUL: 'integer_ops/mul.h',
  QUANTIZE: 'quantize.h, requantize.h',
  DEQUANTIZE: 'dequantize.h',
  LOGISTIC: 'integer_ops/logistic.h',
  TANH: 'integer_ops/tanh.h',
  SOFTMAX: 'softmax.h',
  AVERAGE_POOL_2D: 'integer_ops/pooling.h',
  MAX_POOL_2D: 'integer_ops/pooling.h',
  MEAN: 'reduce.h',
};

function sourceOf({ name }: Operator, persona: PersonaName): string {
  const runtime = persona === 'tflm' ? 'TFLM' : 'TensorFlow Lite';
  return `${runtime}, ${FILES[name] ?? 'kernels'}`;
}
