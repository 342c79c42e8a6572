import type { DType } from './dtype';
import { ABSENT, type Graph, type Model, type Operator, type Scheme, type Tensor } from './model';
import { operandTensor } from './operands';
import { weightOperands } from './parameters';

/** How one operator computes; `mixed` is for models only. */
type OperatorScheme = Exclude<Scheme, 'mixed'>;

const CONVERSIONS: ReadonlySet<string> = new Set([
  'QUANTIZE',
  'DEQUANTIZE',
  'CAST',
  'FAKE_QUANT',
  'QuantizeLinear',
  'DequantizeLinear',
  'DynamicQuantizeLinear',
  'Cast',
]);

/**
 * How a model as a whole is quantized. Operators with weights decide, by the types of their data and weights; without any,
 * all others do. Float operators beside hybrid ones do not make a model mixed: dynamic-range quantization leaves small ones.
 */
export function schemeOf(model: Model): Scheme {
  const weighted = new Set<OperatorScheme>();
  const others = new Set<OperatorScheme>();
  for (const graph of model.graphs) {
    const widened = dequantizedConstants(graph);
    const dequantized = dequantizedValues(graph);
    for (const operator of graph.operators) {
      const operands = weightOperands(operator);
      if (operands !== null) {
        const weights = operands.weights.map((operand) => operandTensor(graph, operator, operand));
        const data = operandTensor(graph, operator, operands.data);
        const isDynamic = DYNAMIC.has(operator.name) && data !== null;
        weighted.add(isDynamic ? 'hybrid' : ofWeights(dequantized.get(data?.index ?? ABSENT) ?? data, weights, widened));
      } else if (!CONVERSIONS.has(operator.name)) {
        const scheme = ofValues(graph, operator, dequantized);
        if (scheme !== null) others.add(scheme);
      }
    }
  }
  return combined(weighted.size > 0 ? weighted : others);
}

function combined(schemes: ReadonlySet<OperatorScheme>): Scheme {
  const [only] = schemes;
  if (only === undefined) return 'float';
  if (schemes.size === 1) return only;
  return schemes.size === 2 && schemes.has('float') && schemes.has('hybrid') ? 'hybrid' : 'mixed';
}

function ofWeights(
  data: Tensor | null,
  weights: readonly (Tensor | null)[],
  widened: ReadonlyMap<number, Tensor>,
): OperatorScheme {
  if (data !== null && (isQuantized(data) || (data.data === null && isCode(data))))
    return data.dtype === 'int16' ? '16x8' : 'int8';
  const small = weights.some((tensor) => {
    if (tensor === null) return false;
    const stored = widened.get(tensor.index) ?? tensor;
    return INTEGER_WEIGHTS.has(stored.dtype) && stored.data !== null;
  });
  return small ? 'hybrid' : 'float';
}

/** Operators whose data is quantized on the fly, by themselves or just before them. */
const DYNAMIC: ReadonlySet<string> = new Set([
  'ConvInteger',
  'MatMulInteger',
  'DynamicQuantizeMatMul',
  'MatMulIntegerToFloat',
  'DynamicQuantizeLSTM',
]);

const INTEGER_WEIGHTS: ReadonlySet<DType> = new Set(['int2', 'int4', 'int8', 'int16', 'uint4', 'uint8']);

/** Float tensors that are an integer constant, dequantized: weights stored small and computed with as floats. */
function dequantizedConstants(graph: Graph): ReadonlyMap<number, Tensor> {
  const found = new Map<number, Tensor>();
  for (const operator of graph.operators) {
    const isDequantizing = operator.name === 'DEQUANTIZE' || operator.name === 'DequantizeLinear';
    const input = isDequantizing ? operandTensor(graph, operator, 0) : null;
    if (input !== null && input.data !== null) found.set(operator.outputs[0] ?? ABSENT, input);
  }
  return found;
}

/**
 * Float tensors that an ONNX model has dequantized for the operator that reads them: quantized models are written so, and their
 * runtimes compute with the integers.
 */
function dequantizedValues(graph: Graph): ReadonlyMap<number, Tensor> {
  const found = new Map<number, Tensor>();
  for (const operator of graph.operators) {
    const input = operator.name === 'DequantizeLinear' ? operandTensor(graph, operator, 0) : null;
    if (input !== null && input.data === null) found.set(operator.outputs[0] ?? ABSENT, input);
  }
  return found;
}

/**
 * By the operator's output, or what was dequantized for it to read; null where it is neither float nor quantized (shapes, indices, masks).
 */
function ofValues(graph: Graph, operator: Operator, dequantized: ReadonlyMap<number, Tensor>): OperatorScheme | null {
  const output = graph.tensors[operator.outputs[0] ?? ABSENT];
  if (output === undefined) return null;
  const source = operator.inputs.map((index) => dequantized.get(index)).find((tensor) => tensor !== undefined);
  if (source !== undefined && isCode(source)) return source.dtype === 'int16' ? '16x8' : 'int8';
  if (output.dtype.startsWith('float')) return 'float';
  return isQuantized(output) ? (output.dtype === 'int16' ? '16x8' : 'int8') : null;
}

function isQuantized(tensor: Tensor): boolean {
  return tensor.quantization !== null && isCode(tensor);
}

/** Of the types that activations are quantized to; scales may be computed in a run. */
function isCode({ dtype }: Tensor): boolean {
  return dtype === 'int8' || dtype === 'uint8' || dtype === 'int16';
}
