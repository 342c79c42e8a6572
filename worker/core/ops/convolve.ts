import type { WindowAxis } from './window';

type Numbers = Float32Array | Int8Array | Uint8Array | Int16Array;

/** A window of filters over images [batch, height, width, channels]. */
export interface ConvolutionShape {
  readonly batch: number;
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly inputChannels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly outputChannels: number;
  readonly rows: WindowAxis;
  readonly columns: WindowAxis;
}

/** Values and what stands for real zero among them. */
export interface Centred {
  readonly values: Numbers;
  readonly zeroPoint: number;
}

/**
 * Sums of (x - zeroPointX) * (w - zeroPointW) over every window, [batch, rows, columns, out]; what lies outside the image adds
 * nothing. Filters are [out, height, width, in], or of groups of the input's channels. Exact for integers of up to 16 bits, whose sums
 * float64 holds; float32 products are summed in float64, tap by tap.
 */
export function convolve(shape: ConvolutionShape, x: Centred, w: Centred, depth: number): Float64Array {
  const { inputChannels, filterHeight, filterWidth, outputChannels } = shape;
  const image = toReals(x, 0, x.values.length);
  const taps = filterHeight * filterWidth * depth;
  const perGroup = outputChannels / (inputChannels / depth);
  const sums = new Float64Array(shape.batch * shape.rows.size * shape.columns.size * outputChannels);
  const padded = new Float32Array(BLOCK * taps);
  for (let group = 0; group < outputChannels; group += perGroup) {
    for (let channel = group; channel < group + perGroup; channel += BLOCK) {
      const count = Math.min(BLOCK, group + perGroup - channel);
      const own = toReals(w, channel * taps, count * taps);
      // What stands in the places of filters that are not there counts for nothing.
      if (count < BLOCK) padded.set(own);
      const filters = count < BLOCK ? padded : own;
      convolveBlock(shape, image, filters, { depth, firstInput: (group / perGroup) * depth, channel, count }, sums);
    }
  }
  return sums;
}

/** The same where each input channel has filters of its own: [1, height, width, out], out = in * multiplier. */
export function convolveDepthwise(shape: ConvolutionShape, x: Centred, w: Centred): Float64Array {
  const { batch, inputHeight, inputWidth, inputChannels, filterHeight, filterWidth, outputChannels, rows, columns } = shape;
  const image = toReals(x, 0, x.values.length);
  const filter = toReals(w, 0, w.values.length);
  const multiplier = outputChannels / inputChannels;
  const sums = new Float64Array(batch * rows.size * columns.size * outputChannels);
  let target = 0;
  for (let b = 0; b < batch; b++) {
    for (let row = 0; row < rows.size; row++) {
      for (let column = 0; column < columns.size; column++, target += outputChannels) {
        for (let i = 0; i < filterHeight; i++) {
          const y = row * rows.stride - rows.before + i * rows.dilation;
          if (y < 0 || y >= inputHeight) continue;
          for (let j = 0; j < filterWidth; j++) {
            const z = column * columns.stride - columns.before + j * columns.dilation;
            if (z < 0 || z >= inputWidth) continue;
            let source = ((b * inputHeight + y) * inputWidth + z) * inputChannels;
            let tap = (i * filterWidth + j) * outputChannels;
            for (let out = target; out < target + outputChannels; source++) {
              const value = image[source] ?? 0;
              for (let m = 0; m < multiplier; m++, out++, tap++) sums[out] = (sums[out] ?? 0) + value * (filter[tap] ?? 0);
            }
          }
        }
      }
    }
  }
  return sums;
}

/** Output channels that are computed together, so that each input value is read once for all of them. */
const BLOCK = 4;

interface Block {
  readonly depth: number;
  /** First of the input channels that the filters read. */
  readonly firstInput: number;
  readonly channel: number;
  /** At most BLOCK. */
  readonly count: number;
}

function convolveBlock(
  { batch, inputHeight, inputWidth, inputChannels, filterHeight, filterWidth, outputChannels, rows, columns }: ConvolutionShape,
  image: Float32Array,
  filters: Float32Array,
  { depth, firstInput, channel, count }: Block,
  sums: Float64Array,
): void {
  const taps = filterHeight * filterWidth * depth;
  const [second, third, fourth] = [taps, 2 * taps, 3 * taps];
  let target = channel;
  for (let b = 0; b < batch; b++) {
    for (let row = 0; row < rows.size; row++) {
      for (let column = 0; column < columns.size; column++, target += outputChannels) {
        let [s0, s1, s2, s3] = [0, 0, 0, 0];
        for (let i = 0; i < filterHeight; i++) {
          const y = row * rows.stride - rows.before + i * rows.dilation;
          if (y < 0 || y >= inputHeight) continue;
          for (let j = 0; j < filterWidth; j++) {
            const z = column * columns.stride - columns.before + j * columns.dilation;
            if (z < 0 || z >= inputWidth) continue;
            const source = ((b * inputHeight + y) * inputWidth + z) * inputChannels + firstInput;
            const first = (i * filterWidth + j) * depth;
            for (let k = 0; k < depth; k++) {
              const value = image[source + k] ?? 0;
              const tap = first + k;
              s0 += value * (filters[tap] ?? 0);
              s1 += value * (filters[second + tap] ?? 0);
              s2 += value * (filters[third + tap] ?? 0);
              s3 += value * (filters[fourth + tap] ?? 0);
            }
          }
        }
        sums[target] = s0;
        if (count > 1) sums[target + 1] = s1;
        if (count > 2) sums[target + 2] = s2;
        if (count > 3) sums[target + 3] = s3;
      }
    }
  }
}

/** Filters as `convolve` reads them fastest, for those that are used again and again. */
export function centred({ values, zeroPoint }: Centred): Centred {
  return { values: toReals({ values, zeroPoint }, 0, values.length), zeroPoint: 0 };
}

/** One array type for all, so that the loops above know what they read. */
function toReals({ values, zeroPoint }: Centred, start: number, length: number): Float32Array {
  if (values instanceof Float32Array && zeroPoint === 0) return values.subarray(start, start + length);
  const reals = new Float32Array(length);
  for (let i = 0; i < length; i++) reals[i] = (values[start + i] ?? 0) - zeroPoint;
  return reals;
}
