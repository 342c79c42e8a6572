import type { Graph, Operator, Tensor } from '../model/model';
import { channelAxis } from '../model/dequantize';

/** Weights that are looked at per operator, evenly spread: enough to tell networks apart. */
const LOOKED_AT = 4096;
/** With fewer weights than this chance alone could make them alike. */
const FEWEST = 16;

/** Likeness below which weights are of another training: quantizing to 8 bits leaves more than 0.99, to 4 bits more than 0.9. */
export const UNRELATED_BELOW = 0.5;
/** Likeness from which on weights are taken for the same where nothing else says so. */
export const SAME_FROM = 0.9;

/** The largest constant operand with two axes or more; null where there is none, or it is not stored densely. */
export function mainWeights(graph: Graph, operator: Operator): Tensor | null {
  let main: Tensor | null = null;
  for (const index of operator.inputs) {
    const tensor = graph.tensors[index];
    if (tensor === undefined || tensor.shape.length < 2 || readerOf(tensor) === null) continue;
    if (main === null || elements(tensor) > elements(main)) main = tensor;
  }
  return main;
}

/**
 * Correlation of two tensors' reals, -1 to 1, over at most `LOOKED_AT` of them.
 * @returns null where they have different numbers of elements, too few, or do not vary
 */
export function likeness(a: Tensor, b: Tensor): number | null {
  const count = elements(a);
  const [readA, readB] = [readerOf(a), readerOf(b)];
  if (readA === null || readB === null || count !== elements(b) || count < FEWEST) return null;
  const samples = Math.min(count, LOOKED_AT);
  const [x, y] = [new Float64Array(samples), new Float64Array(samples)];
  for (let k = 0; k < samples; k++) {
    const at = Math.floor((k * count) / samples);
    x[k] = readA(at);
    y[k] = readB(at);
  }
  return correlation(x, y);
}

function correlation(x: Float64Array, y: Float64Array): number | null {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  let [xx, yy, xy] = [0, 0, 0];
  for (let k = 0; k < x.length; k++) {
    const [dx, dy] = [x[k]! - meanX, y[k]! - meanY];
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  const result = xy / Math.sqrt(xx * yy);
  return Number.isFinite(result) ? result : null;
}

function elements({ shape }: Pick<Tensor, 'shape'>): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Reads one real; null for types and storage that weights rarely have. */
function readerOf(tensor: Tensor): ((at: number) => number) | null {
  const { data, dtype, sparsity, quantization } = tensor;
  if (data === null || sparsity !== null || (quantization?.blockwise ?? null) !== null) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (dtype === 'float32') {
    return data.byteLength < elements(tensor) * 4 ? null : (at) => view.getFloat32(at * 4, true);
  }
  if ((dtype !== 'int8' && dtype !== 'uint8') || data.byteLength < elements(tensor)) return null;
  const codeAt = (at: number) => (dtype === 'int8' ? view.getInt8(at) : view.getUint8(at));
  const { scales, zeroPoints } = quantization ?? { scales: [1], zeroPoints: [0] };
  if (scales.length < 2) return (at) => (scales[0] ?? 1) * (codeAt(at) - (zeroPoints[0] ?? 0));
  const inner = elementsWithin(tensor);
  if (inner === null) return null;
  return (at) => {
    const channel = Math.floor(at / inner) % scales.length;
    return (scales[channel] ?? 0) * (codeAt(at) - (zeroPoints[channel] ?? 0));
  };
}

/** Elements from one channel to the next; null where the scales fit no axis. */
function elementsWithin(tensor: Tensor): number | null {
  try {
    return elements({ shape: tensor.shape.slice(channelAxis(tensor) + 1) });
  } catch {
    return null;
  }
}
