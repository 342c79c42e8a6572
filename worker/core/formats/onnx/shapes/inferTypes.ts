import type { DType } from '../../../model/dtype';
import { ELEMENT_TYPES } from '../schema';
import type { OnnxNode } from '../proto/messages';

/** How an operator's output gets its type: from an operand, from an attribute, or always the same one. */
type Rule = DType | number | ((node: OnnxNode, operands: readonly DType[]) => DType);

/** The type of an output where the file does not say it; 'unknown' where the operator's rule is not known here either. */
export function inferType(node: OnnxNode, output: number, operands: readonly DType[]): DType {
  const rule = (RULES[node.opType] ?? [])[output] ?? (output === 0 ? 0 : 'unknown');
  if (typeof rule === 'function') return rule(node, operands);
  return typeof rule === 'number' ? (operands[rule] ?? 'unknown') : rule;
}

function typeAttribute(name: string, missing: Rule): Rule {
  return (node, operands) => {
    const attribute = node.attributes.get(name);
    if (attribute?.kind === 'number' && attribute.value > 0) return ELEMENT_TYPES[attribute.value] ?? 'unknown';
    if (typeof missing === 'function') return missing(node, operands);
    return typeof missing === 'number' ? (operands[missing] ?? 'unknown') : missing;
  };
}

function tensorAttribute(name: string, missing: DType): Rule {
  return ({ attributes }) => {
    const attribute = attributes.get(name);
    return attribute?.kind === 'tensor' ? attribute.value.dtype : missing;
  };
}

/** The zero point's type, where there is one, is the quantized type. */
function zeroPoint(operand: number): Rule {
  return (_, operands) => {
    const dtype = operands[operand];
    return dtype === undefined || dtype === 'unknown' ? 'uint8' : dtype;
  };
}

const BOOLEAN: readonly Rule[] = ['bool'];
const INT64: readonly Rule[] = ['int64'];
const INT32: readonly Rule[] = ['int32'];

/** By output; operators that are not listed give their first operand's type on their first output. */
const RULES: Readonly<Record<string, readonly Rule[]>> = {
  Equal: BOOLEAN,
  Greater: BOOLEAN,
  GreaterOrEqual: BOOLEAN,
  Less: BOOLEAN,
  LessOrEqual: BOOLEAN,
  Not: BOOLEAN,
  And: BOOLEAN,
  Or: BOOLEAN,
  Xor: BOOLEAN,
  IsNaN: BOOLEAN,
  IsInf: BOOLEAN,
  Shape: INT64,
  Size: INT64,
  ArgMax: INT64,
  ArgMin: INT64,
  NonZero: INT64,
  NonMaxSuppression: INT64,
  ConvInteger: INT32,
  MatMulInteger: INT32,
  Cast: [typeAttribute('to', 'unknown')],
  CastLike: [1],
  Where: [1],
  OneHot: [2],
  TopK: [0, 'int64'],
  MaxPool: [0, 'int64'],
  Dropout: [0, 'bool'],
  Unique: [0, 'int64', 'int64', 'int64'],
  LSTM: [0, 0, 0],
  GRU: [0, 0],
  RNN: [0, 0],
  Split: new Array<Rule>(64).fill(0),
  BatchNormalization: [0, 3, 4],
  LayerNormalization: [0, 'float32', 'float32'],
  ConstantOfShape: [tensorAttribute('value', 'float32')],
  RandomNormal: [typeAttribute('dtype', 'float32')],
  RandomUniform: [typeAttribute('dtype', 'float32')],
  RandomNormalLike: [typeAttribute('dtype', 0)],
  RandomUniformLike: [typeAttribute('dtype', 0)],
  EyeLike: [typeAttribute('dtype', 0)],
  HannWindow: [typeAttribute('output_datatype', 'float32')],
  HammingWindow: [typeAttribute('output_datatype', 'float32')],
  BlackmanWindow: [typeAttribute('output_datatype', 'float32')],
  MelWeightMatrix: [typeAttribute('output_datatype', 'float32')],
  QuantizeLinear: [typeAttribute('output_dtype', zeroPoint(2))],
  DequantizeLinear: [typeAttribute('output_dtype', 1)],
  DynamicQuantizeLinear: ['uint8', 'float32', 'uint8'],
  QLinearConv: [zeroPoint(7)],
  QLinearMatMul: [zeroPoint(7)],
  DynamicQuantizeLSTM: ['float32', 'float32', 'float32'],
  DynamicQuantizeMatMul: ['float32'],
  MatMulIntegerToFloat: ['float32'],
  QGemm: [(_, operands) => operands[8] ?? 'float32'],
  QLinearConcat: [1],
};
