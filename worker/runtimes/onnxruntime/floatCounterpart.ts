import { ABSENT, type Graph, type Operator, type Tensor } from '../../core/model/model';
import type { Value } from '../../core/run/value';
import { addAlongLastAxis } from './affineArrays';
import { FloatOperands, type Values } from './floatOperands';
import { floatOperator, type FloatOperator } from './floatOperators';
import { Known, type CutSource } from './operands';
import { refused } from './refusals';
import { renamedNode } from './renamedNode';

/** A quantized operator as the operator on reals that stands for it on the float path, in a graph of its own. */
export interface Counterpart {
  readonly source: CutSource;
  /** Its operands, from those of the quantized operator. */
  feed(values: Values): Values;
  /** The quantized operator's outputs, from its own. */
  finish(results: readonly Value[], values: Values): Value[];
}

/** Operator set for files that name none of ONNX's own. */
const USUAL_OPSET = 17;

/** Null for operators that are none of the known quantized ones. @throws UnsupportedOperatorError for what has no counterpart */
export function floatCounterpart(source: CutSource): Counterpart | null {
  const { model, operator, path } = source;
  const float = path === 'float' ? floatOperator(operator) : null;
  if (float === null) return null;
  if (operator.options.channels_last) throw refused(operator, 'its channels are last, which the float operator does not have');
  const operands = new FloatOperands(source);
  const positions = float.operands.filter((position) => position < operator.inputs.length);
  const tensors = positions.map((position, place) => operandTensor(source, operands, position, place));
  const inputs = tensors.map((tensor) => tensor?.index ?? ABSENT);
  const output: Tensor = { ...EMPTY, index: positions.length, name: 'output', dtype: 'unknown', hasRank: false };
  const own = realOperator(operator, float, inputs, output.index);
  const graph: Graph = {
    ...source.graph,
    tensors: [...tensors.map((tensor) => tensor ?? EMPTY), output],
    operators: [own],
    inputs: inputs.filter((index) => tensors[index]?.data === null),
    outputs: [output.index],
  };
  const opsets = { '': USUAL_OPSET, ...model.opsets, ...(float.opset === undefined ? {} : { '': float.opset }) };
  return {
    source: { model: { ...model, opsets }, graph, operator: own, path, known: new Known(graph, false) },
    feed: (values) =>
      positions.map((position, place) => (tensors[place]?.data === null ? operands.real(position, values) : null)),
    finish: ([reals], values) => {
      if (reals === undefined) return [];
      const added = float.added === undefined ? null : operands.real(float.added, values);
      const sums = added === null ? reals : { ...reals, data: reals.data.slice() };
      if (added !== null) addAlongLastAxis(sums, added);
      return [operands.output(sums, values)];
    },
  };
}

const EMPTY: Tensor = {
  index: 0,
  name: '',
  dtype: 'float32',
  shape: [],
  shapeSignature: [],
  hasRank: true,
  quantization: null,
  range: null,
  isVariable: false,
  sparsity: null,
  data: null,
  buffer: 0,
};

/** A tensor of the graph of the counterpart; null where the operand is absent. */
function operandTensor({ known }: CutSource, operands: FloatOperands, position: number, place: number): Tensor | null {
  const stored = operands.tensor(position);
  if (stored === undefined) return null;
  const tensor: Tensor = { ...EMPTY, index: place, name: stored.name, hasRank: false };
  if (!operands.isConverted(position)) {
    if (stored.data !== null) return { ...stored, index: place };
    return { ...tensor, dtype: known.typeOf(stored.index) };
  }
  const value = operands.isConstant(position) ? operands.real(position, []) : null;
  if (value === null) return tensor;
  const { buffer, byteOffset, byteLength } = value.data;
  const { shape } = value;
  return { ...tensor, shape, shapeSignature: shape, hasRank: true, data: new Uint8Array(buffer, byteOffset, byteLength) };
}

function realOperator(operator: Operator, float: FloatOperator, inputs: readonly number[], output: number): Operator {
  const { node } = operator;
  const { name, domain = '', without = [] } = float;
  return {
    ...operator,
    name,
    domain,
    ...(node === undefined ? {} : { node: renamedNode(node, name, domain, without) }),
    inputs,
    outputs: [output],
  };
}
