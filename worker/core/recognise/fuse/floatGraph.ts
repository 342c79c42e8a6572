import { realConstant } from '../../model/constants';
import { lstmOperatorOf } from '../../model/lstmOperands';
import { ABSENT, type Graph, type Model, type Tensor } from '../../model/model';
import { bypass } from '../../recipe/bypass';
import type { Draft } from '../../recipe/draft';

const INTEGERS: ReadonlySet<string> = new Set(['int2', 'int4', 'uint4', 'int8', 'uint8', 'int16', 'int32', 'int64']);

/** Operators whose integer form has other operands than the float one. */
const RECURRENT: ReadonlySet<string> = new Set([
  ...['SVDF', 'RNN', 'UNIDIRECTIONAL_SEQUENCE_RNN', 'BIDIRECTIONAL_SEQUENCE_RNN', 'CUSTOM'],
]);

/** Why the values of a model cannot all be made float; null where they can. */
export function floatRefusal({ graphs }: Model): string | null {
  for (const graph of graphs) {
    for (const operator of graph.operators) {
      const { index, name, customCode, inputs, outputs } = operator;
      const isOwn = RECURRENT.has(name) || lstmOperatorOf(operator) !== null;
      if (isOwn && [...inputs, ...outputs].some((tensor) => isQuantized(graph.tensors[tensor])))
        return `Operator ${index}, ${customCode ?? name}, computes with integers in a way of its own, so the model cannot be made float.`;
    }
  }
  return null;
}

/**
 * The graph with all quantized values as reals: constants are dequantized, values computed at run time are float32. Conversions between
 * number formats stay, between floats, for `dropConversions`.
 */
export function floatGraph(graph: Graph): Graph {
  return { ...graph, tensors: graph.tensors.map((tensor) => (isQuantized(tensor) ? asFloat(tensor, graph) : tensor)) };
}

function isQuantized(tensor: Tensor | undefined): boolean {
  return tensor !== undefined && tensor.quantization !== null && INTEGERS.has(tensor.dtype);
}

function asFloat(tensor: Tensor, graph: Graph): Tensor {
  const values = tensor.data === null ? null : realConstant(tensor, graph);
  const data = values === null ? null : new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { ...tensor, dtype: 'float32', quantization: null, sparsity: null, data };
}

/** Takes out QUANTIZE and DEQUANTIZE between floats; one between an input and an output of the graph becomes a RESHAPE. */
export function dropConversions(draft: Draft): void {
  for (const operator of [...draft.operators]) {
    if (operator.name !== 'QUANTIZE' && operator.name !== 'DEQUANTIZE') continue;
    const output = draft.tensor(operator.outputs[0] ?? ABSENT);
    if (draft.tensor(draft.operand(operator, 0)).dtype !== 'float32' || output.dtype !== 'float32') continue;
    if (bypass(draft, operator) === null) {
      const shape = new Uint8Array(Int32Array.from(output.shape).buffer);
      const like = { dtype: 'int32', shape: [output.shape.length], data: shape } as const;
      operator.inputs = [draft.operand(operator, 0), draft.add(`${output.name}/shape`, like)];
      operator.name = 'RESHAPE';
      operator.version = 1;
      operator.options = { new_shape: output.shape };
    } else draft.operators = draft.operators.filter((other) => other !== operator);
  }
}
