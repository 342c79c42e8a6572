import { constantValues, realConstant } from '../../model/constants';
import { channelAxis } from '../../model/dequantize';
import { INTEGER_RAILS, type DType } from '../../model/dtype';
import type { Graph, Tensor } from '../../model/model';
import { DETAIL_LIMITS, type ChannelDetail, type ChannelFigures, type IndexRange } from '../../report/detail';
import type { TensorDetail, TensorDetailRequest, ValueGrid } from '../../report/detail';
import { elementCount } from '../../run/arrays';
import type { NumericArray, Value } from '../../run/value';
import { rangeOf } from '../valueRange';
import { RequestError } from './requestError';
import { cutRange } from './cutRange';
import { WindowHistogram } from './windowHistogram';

/** A tensor and, where it is no constant, its values for one sample. */
export interface TensorValues {
  readonly graph: Graph;
  readonly tensor: Tensor;
  /** Name of the sample; null for constants. */
  readonly sample: string | null;
  readonly value: (path: 'float' | 'quantized') => Value | undefined;
}

/** The values of a tensor as the model itself has them. */
interface Stored {
  readonly values: NumericArray;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Real that a stored value stands for, by its place. */
  readonly realAt: (index: number) => number;
}

/** @throws RequestError, ModelFormatError */
export function answerTensor(request: TensorDetailRequest, source: TensorValues): TensorDetail {
  const { tensor } = source;
  const isConstant = tensor.data !== null;
  const stored = isConstant ? storedConstant(tensor, source.graph) : storedResult(source);
  const columns = stored.shape.at(-1) ?? 1;
  const rows = columns === 0 ? 0 : stored.values.length / columns;
  const float = isConstant ? undefined : source.value('float')?.data;
  return {
    tensor: tensor.index,
    name: tensor.name,
    dtype: stored.dtype,
    shape: stored.shape,
    rows,
    columns,
    constant: isConstant,
    sample: source.sample,
    grid:
      request.grid === undefined ? null : grid(request.grid, rows, columns, stored, float instanceof Float32Array ? float : null),
    channels: request.channels === undefined ? null : channels(request.channels, tensor, stored),
  };
}

function storedConstant(tensor: Tensor, graph: Graph): Stored {
  const values = constantValues(tensor);
  const { dtype, shape, quantization } = tensor;
  if (quantization !== null && quantization.blockwise !== null) {
    const reals = realConstant(tensor, graph);
    return { values, dtype, shape, realAt: (index) => reals[index] ?? 0 };
  }
  return { values, dtype, shape, realAt: affine(tensor, values) };
}

function storedResult({ tensor, value }: TensorValues): Stored {
  const found = value('quantized') ?? value('float');
  if (found === undefined) throw new RequestError('NO_SUCH_TENSOR', `Tensor ${tensor.index}, ${tensor.name}, has no value here.`);
  const { dtype, shape, data } = found;
  return { values: data, dtype, shape, realAt: dtype === tensor.dtype ? affine(tensor, data) : (index) => Number(data[index]) };
}

/** scale * (q - zeroPoint), by channel where there are several scales; values without scale as they are. */
function affine(tensor: Tensor, values: NumericArray): (index: number) => number {
  const { quantization } = tensor;
  if (quantization === null || quantization.scales.length === 0 || values instanceof Float32Array) {
    return (index) => Number(values[index]);
  }
  const { scales, zeroPoints } = quantization;
  const isSingle = scales.length === 1;
  const axis = isSingle ? 0 : channelAxis(tensor);
  const inner = elementCount(tensor.shape.slice(axis + 1));
  return (index) => {
    const channel = isSingle ? 0 : Math.floor(index / inner) % scales.length;
    return Math.fround((scales[channel] ?? 0) * (Number(values[index]) - (zeroPoints[channel] ?? 0)));
  };
}

function grid(
  wanted: { readonly rows: IndexRange; readonly columns: IndexRange },
  rows: number,
  columns: number,
  stored: Stored,
  float: Float32Array | null,
): ValueGrid {
  const down = cutRange(wanted.rows, rows);
  const across = cutRange(wanted.columns, columns);
  const width = across.to - across.from;
  const cells = (down.to - down.from) * width;
  if (cells > DETAIL_LIMITS.values) {
    throw new RequestError('TOO_MUCH', `${cells} values are too many for one answer.`, `${DETAIL_LIMITS.values} values`);
  }
  const placeOf = (cell: number) => (down.from + Math.floor(cell / width)) * columns + across.from + (cell % width);
  const isReal = stored.values instanceof Float32Array || stored.values instanceof Float64Array;
  return {
    rows: down,
    columns: across,
    float: float?.length === stored.values.length ? Float32Array.from({ length: cells }, (_, k) => float[placeOf(k)]!) : null,
    reals: Float64Array.from({ length: cells }, (_, k) => stored.realAt(placeOf(k))),
    codes: isReal ? null : Float64Array.from({ length: cells }, (_, k) => Number(stored.values[placeOf(k)])),
  };
}

function channels(
  { range, mostBins }: NonNullable<TensorDetailRequest['channels']>,
  tensor: Tensor,
  stored: Stored,
): ChannelDetail {
  const scales = tensor.quantization?.scales.length ?? 0;
  const last = Math.max(0, stored.shape.length - 1);
  const axis = scales > 1 && tensor.quantization?.blockwise === null ? channelAxis(tensor) : tensor.data === null ? last : 0;
  const count = stored.shape[axis] ?? 1;
  const wanted = cutRange(range, count);
  if (wanted.to - wanted.from > DETAIL_LIMITS.channels) {
    const message = `${wanted.to - wanted.from} channels are too many for one answer.`;
    throw new RequestError('TOO_MUCH', message, `${DETAIL_LIMITS.channels} channels`);
  }
  const inner = elementCount(stored.shape.slice(axis + 1));
  const outer = count * inner === 0 ? 0 : stored.values.length / (count * inner);
  const figures = Array.from({ length: wanted.to - wanted.from }, (_, offset) => {
    const channel = wanted.from + offset;
    const places = new Float64Array(outer * inner);
    for (let k = 0; k < places.length; k++) places[k] = (Math.floor(k / inner) * count + channel) * inner + (k % inner);
    return channelFigures(channel, places, tensor, stored, mostBins);
  });
  return { axis, count, first: wanted.from, channels: figures };
}

function channelFigures(channel: number, places: Float64Array, tensor: Tensor, stored: Stored, mostBins: number): ChannelFigures {
  const reals = Float32Array.from(places, (place) => stored.realAt(place));
  const { values, min, max } = rangeOf(reals);
  const parameters = stored.dtype === tensor.dtype ? tensor.quantization : null;
  const at = parameters?.scales.length === 1 ? 0 : channel;
  const scale = parameters?.blockwise === null ? (parameters.scales[at] ?? null) : null;
  const zeroPoint = scale === null ? null : (parameters?.zeroPoints[at] ?? 0) + 0;
  const quantization = scale === null ? null : { scales: Float32Array.of(scale), zeroPoints: Float64Array.of(zeroPoint ?? 0) };
  const histogram = new WindowHistogram({ from: null, to: null, mostBins }, { dtype: stored.dtype, quantization, activation: null }, { min, max }, false); // prettier-ignore
  histogram.add({ float: null, quantized: reals, codes: null }, null);
  const { edges, quantized } = histogram.finish();
  return {
    channel,
    scale,
    zeroPoint,
    values,
    min: values === 0 ? 0 : min + 0,
    max: values === 0 ? 0 : max + 0,
    atRails: scale === null ? 0 : atRails(places, stored, tensor.data !== null),
    edges,
    counts: quantized ?? new Float64Array(0),
  };
}

/** Weights are symmetric: -127 is as much an end of theirs as -128. */
function atRails(places: Float64Array, { values, dtype }: Stored, isConstant: boolean): number {
  const rails = INTEGER_RAILS[dtype];
  if (rails === undefined) return 0;
  const [low, high] = rails;
  const lowest = isConstant && dtype === 'int8' ? low + 1 : low;
  let count = 0;
  for (const place of places) {
    const code = Number(values[place]);
    if (code <= lowest || code >= high) count++;
  }
  return count;
}
