import { ABSENT } from '../../../model/model';
import { numbersOf, type TfConstant } from '../constants';
import type { BuiltOperator } from '../graphBuilder';
import type { NodeContext, NodeConverter } from '../nodeContext';
import { transposed } from '../transposed';

/** MatMul with constant weights is FULLY_CONNECTED, whose weights are [units, depth]. */
const matMul: NodeConverter = (context) => {
  const { node } = context;
  const input = context.shape(0);
  if (node.attributes.boolean('transpose_a')) context.refuse('its first operand is transposed');
  const { shape, values } = context.floats(1, 'second operand');
  const isTransposed = node.attributes.boolean('transpose_b');
  const [depth = 0, units = 0] = isTransposed ? [...shape].reverse() : shape;
  if (input.length !== 2 || shape.length !== 2 || input[1] !== depth)
    context.refuse(`its operands are [${input.join(', ')}] and [${shape.join(', ')}]`);
  const rows = isTransposed ? values : transposed(values, depth, units);
  const weights = context.builder.floats(context.folding.origin(context.ref(1)).node.name, [units, depth], rows);
  context.emit('FULLY_CONNECTED', [context.input(0), weights, ABSENT], [input[0] ?? 1, units]);
};

/** Where an operator has its bias; absent operators have none. */
const BIAS_AT: Readonly<Record<string, number>> = { FULLY_CONNECTED: 2, CONV_2D: 2, DEPTHWISE_CONV_2D: 2 };

/** A constant that is added to a product becomes its bias; other sums are ADD. */
const add: NodeConverter = (context) => {
  if (context.node.attributes.text('data_format', 'NHWC').startsWith('NC')) context.refuse('its data are channels first');
  for (const position of [0, 1]) {
    const other = 1 - position;
    const bias = context.folding.constant(context.ref(other));
    if (bias !== null && context.folding.constant(context.ref(position)) === null && absorbBias(context, position, bias)) return;
  }
  const shape = context.broadcast(context.shape(0), context.shape(1));
  context.emit('ADD', [context.input(0), context.input(1)], shape);
};

function absorbBias(context: NodeContext, position: number, bias: TfConstant): boolean {
  const operator = context.soleWriter(position);
  const at = operator === null ? undefined : BIAS_AT[operator.name];
  const units = context.shape(position).at(-1) ?? 0;
  if (operator === null || at === undefined || operator.inputs[at] !== ABSENT || !isPlain(operator)) return false;
  const values = numbersOf(bias);
  const isVector = bias.shape.slice(0, -1).every((size) => size === 1) && bias.shape.at(-1) === units;
  if (!isVector || bias.dtype !== 'float32' || values === null) return false;
  const name = context.folding.origin(context.ref(1 - position)).node.name;
  operator.inputs[at] = context.builder.floats(name, [units], Float32Array.from(values));
  context.absorbed(position);
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
  Add: add,
  AddV2: add,
  BiasAdd: add,
  Relu: rectifier('RELU'),
  Relu6: rectifier('RELU6'),
};
