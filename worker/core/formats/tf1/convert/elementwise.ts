import type { OptionValue } from '../../../model/model';
import type { NodeContext, NodeConverter } from '../nodeContext';

function unary(name: string, options: (context: NodeContext) => Record<string, OptionValue> = () => ({})): NodeConverter {
  return (context) => context.emit(name, [context.input(0)], context.shape(0), options(context));
}

function binary(name: string): NodeConverter {
  return (context) => {
    const shape = context.broadcast(context.shape(0), context.shape(1));
    context.emit(name, [context.input(0), context.input(1)], shape);
  };
}

/** Constant parameters of a batch norm as one factor and one offset for each channel: MUL and ADD. */
const batchNorm: NodeConverter = (context) => {
  const { node, builder } = context;
  if (node.attributes.boolean('is_training') || node.attributes.text('data_format', 'NHWC') !== 'NHWC')
    context.refuse('it is written for training, or has its channels first');
  const epsilon = node.attributes.float('epsilon', 0.0001);
  const [scale, offset, mean, variance] = [1, 2, 3, 4].map((position) => context.floats(position, 'parameter').values);
  if (scale === undefined || offset === undefined || mean === undefined || variance === undefined) return;
  const shape = context.shape(0);
  const channels = shape.at(-1) ?? 0;
  if ([scale, offset, mean, variance].some(({ length }) => length !== channels))
    context.refuse(`its parameters are not ${channels} each`);
  const factor = scale.map((value, i) => value / Math.sqrt((variance[i] ?? 0) + epsilon));
  const shift = offset.map((value, i) => value - (mean[i] ?? 0) * (factor[i] ?? 0));
  const scaled = builder.value(`${node.name}/scaled`, shape);
  builder.emit('MUL', [context.input(0), builder.floats(`${node.name}/factor`, [channels], factor)], [scaled]);
  const operands = [scaled, builder.floats(`${node.name}/offset`, [channels], shift)];
  context.emit('ADD', operands, shape);
};

export const ELEMENTWISE: Readonly<Record<string, NodeConverter>> = {
  Sigmoid: unary('LOGISTIC'),
  Tanh: unary('TANH'),
  Elu: unary('ELU'),
  LeakyRelu: unary('LEAKY_RELU', ({ node }) => ({ alpha: node.attributes.float('alpha', 0.2) })),
  Softmax: unary('SOFTMAX', () => ({ beta: 1 })),
  LogSoftmax: unary('LOG_SOFTMAX'),
  Exp: unary('EXP'),
  Log: unary('LOG'),
  Abs: unary('ABS'),
  Neg: unary('NEG'),
  Square: unary('SQUARE'),
  Sqrt: unary('SQRT'),
  Rsqrt: unary('RSQRT'),
  Sub: binary('SUB'),
  Mul: binary('MUL'),
  RealDiv: binary('DIV'),
  Maximum: binary('MAXIMUM'),
  Minimum: binary('MINIMUM'),
  SquaredDifference: binary('SQUARED_DIFFERENCE'),
  FusedBatchNorm: batchNorm,
  FusedBatchNormV2: batchNorm,
  FusedBatchNormV3: batchNorm,
};
