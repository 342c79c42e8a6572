import { realConstant } from '../../core/model/constants';
import { isQuantized } from '../../core/run/runtimeDtype';
import type { PreparedOp } from '../../core/run/preparedOp';
import type { Value } from '../../core/run/value';
import type { CutSource } from './operands';

/** Operators that compute with codes, whose operands are reals on the float path. */
const INTEGER_ARITHMETIC = /^QLinear|Integer$|^DynamicQuantize|^Q(Gemm|Attention|OrderedMatMul)$/;

/**
 * QuantizeLinear and DequantizeLinear on the float path, where both sides are the same reals: values pass through. Null for all else.
 */
export function passedThrough({ graph, operator, path, known }: CutSource): PreparedOp | null {
  const [from = -1] = operator.inputs;
  const [to = -1] = operator.outputs;
  const codes = graph.tensors[operator.name === 'QuantizeLinear' ? to : operator.name === 'DequantizeLinear' ? from : -1];
  if (path !== 'float' || codes === undefined || !isQuantized(codes)) return null;
  const stored = graph.tensors[from];
  const fixed = known.values.get(from) ?? (stored === undefined || stored.data === null ? null : realValue(stored));
  if (fixed !== null) known.values.set(to, fixed);
  const run = ([value]: readonly (Value | null)[]): Value[] => {
    const passed = fixed ?? value ?? null;
    return passed === null ? [] : [passed];
  };
  return { operator, cells: [], run, resetState: () => undefined };

  function realValue(tensor: typeof codes & object): Value {
    return { dtype: 'float32', shape: tensor.shape, data: realConstant(tensor, graph) };
  }
}

/** Why an operator is not computed on the float path; null where it is. */
export function floatRefusal({ operator, path }: CutSource): string | null {
  if (path !== 'float' || !INTEGER_ARITHMETIC.test(operator.name)) return null;
  return 'it computes with integer codes, and its operands are reals on the float path';
}
