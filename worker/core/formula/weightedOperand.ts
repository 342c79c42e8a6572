import { channelAxis } from '../model/dequantize';
import { INTEGER_RAILS, type DType } from '../model/dtype';
import type { Graph, Operator, Tensor } from '../model/model';
import { operandTensor } from '../model/operands';

/** An operator that multiplies integer data by integer weights and sums along one axis or more. */
export interface WeightedOperand {
  readonly input: Tensor;
  readonly weights: Tensor;
  readonly bias: Tensor | null;
  readonly output: Tensor;
  /** Axis of the weights that runs over the sums of one output position. */
  readonly channelAxis: number;
  readonly channels: number;
  /** Products in one sum. */
  readonly depth: number;
  readonly accumulator: 'int32' | 'int64';
}

interface Places {
  readonly input: number;
  readonly bias: number;
  readonly axis: number;
  readonly rank: number;
}

/** Weights are operand 1 of all of them. */
const PLACES: Readonly<Record<string, Places>> = {
  FULLY_CONNECTED: { input: 0, bias: 2, axis: 0, rank: 2 },
  CONV_2D: { input: 0, bias: 2, axis: 0, rank: 4 },
  DEPTHWISE_CONV_2D: { input: 0, bias: 2, axis: 3, rank: 4 },
  TRANSPOSE_CONV: { input: 2, bias: 3, axis: 0, rank: 4 },
};

const CODES: ReadonlySet<DType> = new Set(['int8', 'uint8', 'int16']);

/** Null where the operator is none of these, is not computed in integers, or its weights do not have the axes that it needs. */
export function weightedOperand(graph: Graph, operator: Operator): WeightedOperand | null {
  const places = PLACES[operator.name];
  if (places === undefined) return null;
  const input = operandTensor(graph, operator, places.input);
  const weights = operandTensor(graph, operator, 1);
  const output = graph.tensors[operator.outputs[0] ?? -1];
  if (input === null || weights === null || output === undefined) return null;
  if (!CODES.has(input.dtype) || output.dtype !== input.dtype || INTEGER_RAILS[weights.dtype] === undefined) return null;
  const elements = weights.shape.reduce((product, size) => product * size, 1);
  const channels = weights.shape[places.axis] ?? 0;
  if (weights.shape.length !== places.rank || channels === 0 || elements === 0) return null;
  return {
    input,
    weights,
    bias: operandTensor(graph, operator, places.bias),
    output,
    channelAxis: places.axis,
    channels,
    depth: elements / channels,
    accumulator: input.dtype === 'int16' ? 'int64' : 'int32',
  };
}

/** One scale per channel; a single one stands for all. Null where they do not fit. */
export function scalesOfChannels({ weights, channels, channelAxis: axis }: WeightedOperand): Float32Array | null {
  const scales = weights.quantization?.scales ?? new Float32Array(0);
  if (scales.length === 1) return scales;
  return scales.length === channels && channelAxis(weights) === axis ? scales : null;
}
