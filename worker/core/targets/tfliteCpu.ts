import { TFLITE_OPERATORS, TFLITE_SOURCE } from './interpreter/tfliteOperators';
import { FIX } from './fix';
import { isGraphInput, producerOf } from './dataflow';
import { byteCount, isConstant, labelOf, tensorAt } from './operands';
import type { ModelRule, Rule, Target } from './target';

/** Builtin operators that the interpreter has no kernel for. */
const WITHOUT_KERNEL: ReadonlySet<string> = new Set([
  'CALL',
  'CONCAT_EMBEDDINGS',
  'DELEGATE',
  'PLACEHOLDER_FOR_GREATER_OP_CODES',
]);

/** StableHLO operators with a kernel; the others have none. */
const STABLEHLO: ReadonlySet<string> = new Set(
  ['ADD', 'AND', 'CASE', 'COMPOSITE', 'GATHER', 'MAXIMUM', 'MINIMUM', 'MULTIPLY', 'PAD', 'REDUCE_WINDOW']
    .concat(['RNG_BIT_GENERATOR', 'SCATTER', 'SHIFT_LEFT'])
    .map((name) => `STABLEHLO_${name}`),
);

const registered: Rule = {
  rule: 'the interpreter has a kernel for the operator',
  verdict: 'rejected',
  message: 'The model does not load. Custom operators need their own kernel, Flex operators the Flex delegate.',
  source: TFLITE_SOURCE,
  fix: FIX.replaceOperator,
  broken: ({ operator: { name, customCode } }) => {
    if (customCode !== null) return CUSTOM.has(customCode) ? null : { seen: customCode };
    const missing = WITHOUT_KERNEL.has(name) || (name.startsWith('STABLEHLO_') && !STABLEHLO.has(name));
    return missing ? { seen: name } : null;
  },
};

/** Custom operators with a kernel in the interpreter's own list. */
const CUSTOM: ReadonlySet<string> = new Set(['NumericVerify', 'Mfcc', 'AudioSpectrogram', 'TFLite_Detection_PostProcess']);

const inPlace: Rule = {
  rule: 'no operator writes a tensor that it reads',
  verdict: 'rejected',
  message: 'The model does not load.',
  source: TFLITE_SOURCE,
  broken: ({ operator, graph }) => {
    const shared = operator.outputs.find((index) => index >= 0 && operator.inputs.includes(index));
    const tensor = shared === undefined ? undefined : graph.tensors[shared];
    return tensor === undefined ? null : { seen: `${labelOf(tensor)} is input and output` };
  },
};

/** RESHAPE takes a shape operand without data for one that is not there. */
const inputsHaveData: Rule = {
  rule: 'every input is written by something: a constant, an operator, the caller',
  verdict: 'rejected',
  message: 'The model loads, and its first inference fails: an input lacks data.',
  source: TFLITE_SOURCE,
  broken: ({ operator, graph }) => {
    const odd = operator.inputs.find((index, position) => {
      const tensor = tensorAt(graph, index);
      if (tensor === null || isConstant(tensor) || tensor.isVariable || byteCount(tensor) === 0) return false;
      const isShape = operator.name === 'RESHAPE' && position === 1 && tensor.shape.length !== 1;
      return !isShape && !isGraphInput(graph, index) && producerOf(graph, index) === undefined;
    });
    const tensor = odd === undefined ? null : tensorAt(graph, odd);
    return tensor === null ? null : { seen: `${labelOf(tensor)} has no data` };
  },
};

const subgraph: ModelRule = {
  rule: 'the file holds a subgraph',
  message: 'The model does not load.',
  source: TFLITE_SOURCE,
  broken: (model) => (model.graphs.length === 0 ? { seen: 'no subgraph' } : null),
};

const quantizedDimension: ModelRule = {
  rule: 'quantized_dimension lies within the tensor',
  message: 'The model does not load.',
  source: TFLITE_SOURCE,
  broken: (model) => {
    for (const graph of model.graphs) {
      for (const tensor of graph.tensors) {
        const axis = tensor.quantization?.axis ?? 0;
        const scales = tensor.quantization?.scales.length ?? 0;
        if (scales > 0 && tensor.shape.length > 0 && (axis < 0 || axis >= tensor.shape.length)) {
          return { seen: `${labelOf(tensor)}: axis ${axis} of ${tensor.shape.length} dimensions` };
        }
      }
    }
    return null;
  },
};

export const tfliteCpu: Target = {
  name: 'tflite-cpu',
  label: 'TFLite CPU',
  version: 'LiteRT 2.3.0',
  source: `${TFLITE_SOURCE}, without delegates; failures repeated in tensorflow 2.21.0`,
  modelRules: [subgraph, quantizedDimension],
  execution: { kind: 'interpreter' },
  rulesFor: ({ operator }) => [registered, inPlace, ...(TFLITE_OPERATORS.get(operator.name) ?? []), inputsHaveData],
};
