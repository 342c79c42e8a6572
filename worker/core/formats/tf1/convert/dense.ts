import { ABSENT } from '../../../model/model';
import { numbersOf, type TfConstant } from '../constants';
import type { BuiltOperator } from '../graphBuilder';
import type { NodeContext, NodeConverter } from '../nodeContext';
import { transposed } from '../transposed';

/** MatMul with constant weights is FULLY_CONNECTED, whose weights are [units, depth]. */
const matMul: NodeConverter = (context) => {
  const { node } = context;
  const input = context.shape(0);
  if (context.folding.constant(context.ref(1)) === null) {
    batchProduct(context, 'transpose_a', 'transpose_b');
    return;
  }
  if (node.attributes.boolean('transpose_a')) context.refuse('its first operand is transposed');
  const { shape, values } = context.floats(1, 'second operand');
  const isTransposed = node.attributes.boolean('transpose_b');
  const [depth = 0, units = 0] = isTransposed ? [...shape].reverse() : shape;
  if (input.length !== 2 || shape.length !== 2 || input[1] !== depth)
    context.refuse(`its operands are [${input.join(', ')}] and [${shape.join(', ')}]`);
  const { name, index } = context.folding.origin(context.ref(1)).node;
  const rows = () => (isTransposed ? values : transposed(values, depth, units));
  const weights = context.builder.shared(`dense ${index} ${isTransposed}`, () =>
    context.builder.floats(name, [units, depth], rows()),
  );
  context.emit('FULLY_CONNECTED', [context.input(0), weights, ABSENT], [input[0] ?? 1, units]);
};

/** A product of two computed values. */
function batchProduct(context: NodeContext, first: string, second: string): void {
  const [a, b] = [context.shape(0), context.shape(1)];
  const [turnsA, turnsB] = [context.node.attributes.boolean(first), context.node.attributes.boolean(second)];
  const last = (shape: readonly number[], turns: boolean) => (turns ? [...shape.slice(-2)].reverse() : shape.slice(-2));
  const [[rows = 0, depth = 0], [depthOfB = 0, columns = 0]] = [last(a, turnsA), last(b, turnsB)];
  if (a.length < 2 || b.length < 2 || depth !== depthOfB)
    context.refuse(`its operands are [${a.join(', ')}] and [${b.join(', ')}]`);
  const shape = [...context.broadcast(a.slice(0, -2), b.slice(0, -2)), rows, columns];
  context.emit('BATCH_MATMUL', [context.input(0), context.input(1)], shape, { adj_x: turnsA, adj_y: turnsB });
}

/** Where an operator has its bias. */
const BIAS_AT: Readonly<Record<string, number>> = { FULLY_CONNECTED: 2, CONV_2D: 2, DEPTHWISE_CONV_2D: 2 };

/** A constant that is added to a product becomes its bias; other sums are ADD. */
const add: NodeConverter = (context) => {
  if (context.node.attributes.text('data_format', 'NHWC').startsWith('NC')) context.refuse('its data are channels first');
  for (const position of [0, 1]) {
    const other = 1 - position;
    const bias = context.folding.constant(context.ref(other));
    if (bias === null || context.folding.constant(context.ref(position)) !== null) continue;
    if (absorbBias(context, position, bias) || absorbGateBias(context, position, bias)) return;
  }
  const shape = context.broadcast(context.shape(0), context.shape(1));
  context.emit('ADD', [context.input(0), context.input(1)], shape);
};

function absorbBias(context: NodeContext, position: number, bias: TfConstant): boolean {
  const operator = context.soleWriter(position);
  const at = operator === null ? undefined : BIAS_AT[operator.name];
  const units = context.shape(position).at(-1) ?? 0;
  if (operator === null || at === undefined || (operator.inputs[at] ?? ABSENT) !== ABSENT || !isPlain(operator)) return false;
  const values = numbersOf(bias);
  const isVector = bias.shape.slice(0, -1).every((size) => size === 1) && bias.shape.at(-1) === units;
  if (!isVector || bias.dtype !== 'float32' || values === null) return false;
  const { name, index } = context.folding.origin(context.ref(1 - position)).node;
  operator.inputs[at] = context.builder.shared(`bias ${index}`, () =>
    context.builder.floats(name, [units], Float32Array.from(values)),
  );
  context.absorbed(position);
  return true;
}

/**
 * A number that is added to one part of a split product goes into that part of the bias: `forget_bias`, which TensorFlow 1's cells
 * add after the split.
 */
function absorbGateBias(context: NodeContext, position: number, added: TfConstant): boolean {
  const { builder } = context;
  const part = context.input(position);
  const split = context.soleWriter(position);
  const [, packed = ABSENT] = split?.inputs ?? [];
  const product = builder.writer(packed);
  const shape = builder.shape(packed);
  const units = shape.at(-1) ?? 0;
  const count = builder.shape(part).at(-1) ?? 0;
  const isOfGates = split?.name === 'SPLIT' && count * split.outputs.length === units;
  const [number = NaN] = added.dtype === 'float32' && added.data.length === 4 ? (numbersOf(added) ?? []) : [];
  if (!isOfGates || product?.name !== 'FULLY_CONNECTED' || !isPlain(product) || Number.isNaN(number)) return false;
  const [, whole] = context.folding.origin(context.ref(position)).node.inputs;
  if (whole === undefined || !context.isReadOnce(whole)) return false;
  const from = split.outputs.indexOf(part) * count;
  const before = product.inputs[BIAS_AT['FULLY_CONNECTED'] ?? ABSENT] ?? ABSENT;
  product.inputs[2] = builder.shared(`gate bias ${before} ${from} ${count} ${units} ${number}`, () => {
    const bias = before === ABSENT ? new Float32Array(units) : builder.floatsOf(before);
    for (let unit = from; unit < from + count; unit++) bias[unit] = (bias[unit] ?? 0) + number;
    return builder.floats(before === ABSENT ? `${context.node.name}/bias` : builder.name(before), [units], bias);
  });
  context.alias(part);
  return true;
}

function isPlain({ options }: BuiltOperator): boolean {
  return options['fused_activation_function'] === 'NONE';
}

/** An activation right after a product or sum is done by the operator itself. */
function rectifier(name: 'RELU' | 'RELU6'): NodeConverter {
  return (context) => {
    const operator = context.soleWriter(0);
    if (operator !== null && isPlain(operator)) {
      operator.options['fused_activation_function'] = name;
      context.absorbed(0);
    } else context.emit(name, [context.input(0)], context.shape(0));
  };
}

export const DENSE: Readonly<Record<string, NodeConverter>> = {
  MatMul: matMul,
  BatchMatMul: (context) => batchProduct(context, 'adj_x', 'adj_y'),
  BatchMatMulV2: (context) => batchProduct(context, 'adj_x', 'adj_y'),
  Add: add,
  AddV2: add,
  BiasAdd: add,
  Relu: rectifier('RELU'),
  Relu6: rectifier('RELU6'),
};
