import { constantValues } from '../model/constants';
import { INTEGER_RAILS } from '../model/dtype';
import type { Graph, Operator } from '../model/model';
import type { NumericArray } from '../run/value';
import { weightedOperand } from './weightedOperand';

/**
 * How far the sums of one operator can go, from its constants alone. `bound` is what no partial sum can exceed in any order of
 * summation; `reach` is what whole sums can really come to, at some input.
 */
export interface AccumulatorHeadroom {
  readonly accumulator: 'int32' | 'int64';
  /** Products in one sum, and sums. */
  readonly depth: number;
  readonly channels: number;
  /** Largest |x - zeroPoint| that a code of the input's type can have. */
  readonly largestInput: number;
  /** Over all channels: sum |w| * largestInput + |bias|. */
  readonly bound: number;
  /** Largest value of the accumulator: 2^31 - 1 or 2^63 - 1 (as the nearest float64). */
  readonly limit: number;
  /** log2(limit / bound): negative where a sum can wrap around. Null where every weight and bias is 0. */
  readonly freeBits: number | null;
  /** The channel of the largest bound, with its parts. */
  readonly worst: { readonly channel: number; readonly sumOfWeights: number; readonly bias: number };
  readonly reach: readonly [low: number, high: number];
}

/**
 * Exact while sums stay below 2^53; a bias of 64 bits is taken to the nearest float64.
 * @returns null where the operator does not sum integer products, or its weights or bias are not constant
 * @throws ModelFormatError when stored values do not fill their shape
 */
export function accumulatorHeadroom(graph: Graph, operator: Operator): AccumulatorHeadroom | null {
  const weighted = weightedOperand(graph, operator);
  const rails = weighted && INTEGER_RAILS[weighted.input.dtype];
  if (!weighted || !rails || weighted.weights.data === null) return null;
  const { input, weights, bias, channels, depth, accumulator } = weighted;
  if (bias !== null && bias.data === null) return null;
  const zeroPoint = input.quantization?.zeroPoints[0] ?? 0;
  const [low, high] = [rails[0] - zeroPoint, rails[1] - zeroPoint];
  const largestInput = Math.max(Math.abs(low), Math.abs(high));
  const sums = channelSums(
    constantValues(weights),
    weights.quantization?.zeroPoints ?? [0],
    channels,
    weighted.channelAxis === 0 ? depth : 1,
  );
  const biases = bias === null ? null : constantValues(bias);
  let worst = { channel: 0, sumOfWeights: 0, bias: 0 };
  let bound = -1;
  const reach: [number, number] = [Infinity, -Infinity];
  for (let channel = 0; channel < channels; channel++) {
    const [above, below] = [sums.positive[channel]!, sums.negative[channel]!];
    const start = Number(biases?.[channel] ?? 0);
    const own = (above + below) * largestInput + Math.abs(start);
    if (own > bound) {
      bound = own;
      worst = { channel, sumOfWeights: above + below, bias: start };
    }
    reach[0] = Math.min(reach[0], start + above * low - below * high);
    reach[1] = Math.max(reach[1], start + above * high - below * low);
  }
  const limit = accumulator === 'int32' ? 2 ** 31 - 1 : 2 ** 63;
  return {
    accumulator,
    depth,
    channels,
    largestInput,
    bound,
    limit,
    freeBits: bound > 0 ? Math.log2(limit / bound) : null,
    worst,
    // JSON knows no -0.
    reach: [reach[0] + 0, reach[1] + 0],
  };
}

/**
 * Sums of the weights above and of those below zero (as magnitudes) of every channel, without zero points.
 * @param inner neighbours of one channel: those after its axis
 */
function channelSums(values: NumericArray, zeroPoints: ArrayLike<number>, channels: number, inner: number) {
  const positive = new Float64Array(channels);
  const negative = new Float64Array(channels);
  for (let k = 0; k < values.length; k++) {
    const channel = Math.floor(k / inner) % channels;
    const weight = Number(values[k]) - (zeroPoints[zeroPoints.length === 1 ? 0 : channel] ?? 0);
    if (weight >= 0) positive[channel] = positive[channel]! + weight;
    else negative[channel] = negative[channel]! - weight;
  }
  return { positive, negative };
}
