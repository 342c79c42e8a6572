import { roundHalfAwayFromZero } from '../../quantization/affine';
import { Int8Matrix, VECTORS } from '../../kernels/int8Matrix';
import { Float32Matrix } from '../../kernels/float32Matrix';
import type { FloatSums } from '../../run/graphRunner';
import { addRowSums } from '../packing';
import type { RealMatrix } from './floatParameters';

/** Values that are packed between two pauses: some milliseconds. */
const PACKED_AT_ONCE = 2 ** 20;

/**
 * A float32 matrix whose sums begin with their base. Pauses after reading a part and while packing it.
 * @param parts each reads [partRows, columns], row-major; one below the other
 * @param sums the calibrator's are those of an LSTM; its fully connected layers have another order (ops/gemmMatrix.ts)
 */
export function* floatMatrix(
  parts: readonly (() => Float32Array)[],
  partRows: number,
  columns: number,
  sums: FloatSums = 'streamed',
): Generator<void, RealMatrix> {
  const matrix = new Float32Matrix(parts.length * partRows, columns, sums === 'calibrator' ? 'fours' : 'columns');
  const rowsAtOnce = Math.max(1, Math.floor(PACKED_AT_ONCE / columns));
  for (const [position, read] of parts.entries()) {
    const weights = read();
    yield;
    for (let row = 0; row < partRows; row += rowsAtOnce) {
      matrix.setRows(position * partRows + row, weights.subarray(row * columns, (row + rowsAtOnce) * columns));
      yield;
    }
  }
  const { rows } = matrix;
  return {
    rows,
    columns,
    multiply: (x, at, stride, count, base, y) => {
      const baseStride = base.length === rows ? 0 : rows;
      for (let first = 0; first < count; first += VECTORS) {
        const vectors = Math.min(VECTORS, count - first);
        for (let v = 0; v < vectors; v++) {
          const from = at + (first + v) * stride;
          matrix.vector(v).set(x.subarray(from, from + columns));
          const baseFrom = (first + v) * baseStride;
          matrix.sums(v).set(base.subarray(baseFrom, baseFrom + rows));
        }
        matrix.add(vectors);
        for (let v = 0; v < vectors; v++) y.set(matrix.sums(v), (first + v) * rows);
      }
    },
  };
}

/** One code row of x: codes, and what turns int32 dot products back into reals. */
interface QuantizedRow {
  readonly scale: number;
  readonly zeroPoint: number;
}

/**
 * An int8 matrix of the hybrid path: x is quantized on the fly, the dot products are int32, the rest is float32. Packs with pauses.
 * @param weights [rows, columns]
 * @param scales of each row's weights
 * @param asymmetric quantizes x with a zero point (an option of the operator), else symmetrically to +-127
 */
export function* hybridMatrix(
  weights: Int8Array,
  columns: number,
  scales: Float32Array,
  asymmetric: boolean,
): Generator<void, RealMatrix> {
  const rows = scales.length;
  const matrix = yield* Int8Matrix.preparing(weights, rows, columns);
  // Without a zero point nothing is taken off, and the sums stay 0.
  const rowSums = new Int32Array(rows);
  if (asymmetric) addRowSums(weights, columns, 1, rowSums);
  const quantize = asymmetric ? quantizeRowAsymmetric : quantizeRowSymmetric;
  const rowScale = new Float32Array(VECTORS);
  const rowZeroPoint = new Int32Array(VECTORS);
  return {
    rows,
    columns,
    multiply: (x, at, stride, count, base, y) => {
      const baseStride = base.length === rows ? 0 : rows;
      for (let first = 0; first < count; first += VECTORS) {
        const vectors = Math.min(VECTORS, count - first);
        for (let v = 0; v < vectors; v++) {
          const { scale, zeroPoint } = quantize(x, at + (first + v) * stride, matrix.codes(v));
          rowScale[v] = scale;
          rowZeroPoint[v] = zeroPoint;
        }
        matrix.multiply(vectors);
        for (let v = 0; v < vectors; v++) {
          const dots = matrix.dots(v);
          const scale = rowScale[v]!;
          const zeroPoint = rowZeroPoint[v]!;
          const to = (first + v) * rows;
          const from = (first + v) * baseStride;
          for (let r = 0; r < rows; r++) {
            const dot = Math.fround(dots[r]! - zeroPoint * rowSums[r]!);
            y[to + r] = base[from + r]! + Math.fround(dot * Math.fround(scales[r]! * scale));
          }
        }
      }
    },
  };
}

/**
 * q = clamp(roundHalfAwayFromZero(x * (127 / max|x|)), +-127) in float32. A row of zeros gives zeros and adds nothing.
 * Source: TensorFlow Lite, PortableSymmetricQuantizeFloats.
 */
function quantizeRowSymmetric(x: Float32Array, at: number, codes: Int8Array): QuantizedRow {
  let range = 0;
  for (let c = 0; c < codes.length; c++) range = Math.max(range, Math.abs(x[at + c]!));
  if (range === 0) {
    codes.fill(0);
    return { scale: 1, zeroPoint: 0 };
  }
  const inverse = Math.fround(127 / range);
  for (let c = 0; c < codes.length; c++) {
    const rounded = roundHalfAwayFromZero(Math.fround(x[at + c]! * inverse));
    codes[c] = rounded > 127 ? 127 : rounded < -127 ? -127 : rounded;
  }
  return { scale: Math.fround(range / 127), zeroPoint: 0 };
}

/**
 * q = clamp(roundHalfAwayFromZero(zeroPoint + x / scale), -128, 127), the range always holding 0 and the zero point computed
 * from the end that errs less. Source: TensorFlow Lite, PortableAsymmetricQuantizeFloats.
 */
function quantizeRowAsymmetric(x: Float32Array, at: number, codes: Int8Array): QuantizedRow {
  let low = 0;
  let high = 0;
  for (let c = 0; c < codes.length; c++) {
    low = Math.min(low, x[at + c]!);
    high = Math.max(high, x[at + c]!);
  }
  if (low === high) {
    codes.fill(0);
    return { scale: 1, zeroPoint: 0 };
  }
  const exactScale = (high - low) / 255;
  const errsLessAtLow = 128 + Math.abs(low / exactScale) < 127 + Math.abs(high / exactScale);
  const exactZeroPoint = errsLessAtLow ? -128 - low / exactScale : 127 - high / exactScale;
  const zeroPoint = Math.max(-128, Math.min(127, roundHalfAwayFromZero(exactZeroPoint)));
  const scale = Math.fround(exactScale);
  const inverse = Math.fround(1 / scale);
  for (let c = 0; c < codes.length; c++) {
    const rounded = roundHalfAwayFromZero(Math.fround(zeroPoint + Math.fround(x[at + c]! * inverse)));
    codes[c] = rounded > 127 ? 127 : rounded < -128 ? -128 : rounded;
  }
  return { scale, zeroPoint };
}
