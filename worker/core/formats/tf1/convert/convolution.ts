import type { NodeContext, NodeConverter } from '../nodeContext';
import { transposed } from '../transposed';

/** Height and width of a list of four, whose batch and channel entries are 1. */
function pair(
  context: NodeContext,
  name: string,
  [batch = 1, height = 1, width = 1, channels = 1]: readonly number[],
): [number, number] {
  if (batch !== 1 || channels !== 1 || !(height > 0) || !(width > 0)) context.refuse(`its ${name} are over batch or channels`);
  return [height, width];
}

interface Window {
  readonly padding: string;
  readonly stride: readonly [height: number, width: number];
  readonly dilation: readonly [height: number, width: number];
  /** Height and width of the result. */
  readonly size: readonly [number, number];
}

function windowOf(context: NodeContext, height: number, width: number): Window {
  const { attributes } = context.node;
  if (attributes.text('data_format', 'NHWC') !== 'NHWC') context.refuse('its data are channels first');
  const padding = attributes.text('padding', '');
  if (padding !== 'SAME' && padding !== 'VALID') context.refuse(`its padding is ${padding}`);
  const stride = pair(context, 'strides', attributes.integers('strides'));
  const dilation = pair(context, 'dilations', attributes.integers('dilations'));
  const shape = context.shape(0);
  if (shape.length !== 4) context.refuse(`its input has rank ${shape.length}`);
  const over = (axis: 0 | 1, kernel: number): number => {
    const size = shape[axis + 1] ?? 0;
    const extent = (kernel - 1) * dilation[axis] + 1;
    return Math.ceil((padding === 'SAME' ? size : size - extent + 1) / stride[axis]);
  };
  const size = [over(0, height), over(1, width)] as const;
  if (size.some((count) => count < 1)) context.refuse('its window is larger than its input');
  return { padding, stride, dilation, size };
}

function strides({ padding, stride }: Window) {
  return { padding, stride_h: stride[0], stride_w: stride[1] };
}

/** Weights [height, width, in, out] become [out, height, width, in]. */
const conv2d: NodeConverter = (context) => {
  const { shape, values } = context.floats(1, 'filter');
  const [height = 0, width = 0, depth = 0, units = 0] = shape;
  const window = windowOf(context, height, width);
  if (shape.length !== 4 || context.shape(0)[3] !== depth) context.refuse(`its filter is [${shape.join(', ')}]`);
  const name = context.folding.origin(context.ref(1)).node.name;
  const weights = context.builder.floats(name, [units, height, width, depth], transposed(values, height * width * depth, units));
  context.emit('CONV_2D', [context.input(0), weights], [context.shape(0)[0] ?? 1, ...window.size, units], {
    ...strides(window),
    dilation_h_factor: window.dilation[0],
    dilation_w_factor: window.dilation[1],
  });
};

/** Weights [height, width, in, multiplier] lie in the same order as [1, height, width, in * multiplier]. */
const depthwise: NodeConverter = (context) => {
  const { shape, values } = context.floats(1, 'filter');
  const [height = 0, width = 0, depth = 0, multiplier = 0] = shape;
  const window = windowOf(context, height, width);
  if (shape.length !== 4 || context.shape(0)[3] !== depth) context.refuse(`its filter is [${shape.join(', ')}]`);
  const channels = depth * multiplier;
  const name = context.folding.origin(context.ref(1)).node.name;
  const weights = context.builder.floats(name, [1, height, width, channels], values);
  const operands = [context.input(0), weights];
  context.emit('DEPTHWISE_CONV_2D', operands, [context.shape(0)[0] ?? 1, ...window.size, channels], {
    ...strides(window),
    depth_multiplier: multiplier,
    dilation_h_factor: window.dilation[0],
    dilation_w_factor: window.dilation[1],
  });
};

function pooling(name: string): NodeConverter {
  return (context) => {
    const [height, width] = pair(context, 'window', context.node.attributes.integers('ksize'));
    const window = windowOf(context, height, width);
    const [batch = 1, , , channels = 1] = context.shape(0);
    const options = { ...strides(window), filter_height: height, filter_width: width };
    context.emit(name, [context.input(0)], [batch, ...window.size, channels], options);
  };
}

export const CONVOLUTION: Readonly<Record<string, NodeConverter>> = {
  Conv2D: conv2d,
  DepthwiseConv2dNative: depthwise,
  MaxPool: pooling('MAX_POOL_2D'),
  AvgPool: pooling('AVERAGE_POOL_2D'),
};
