import { elementCount, formatShape } from '../run/arrays';
import { broadcast } from './broadcast';
import type { Kernel, KernelPreparer, OperatorContext } from './operatorContext';

/** A function of the values along the last axis, float only. */
function rows(compute: (x: Float32Array, y: Float32Array) => void): KernelPreparer {
  return (context): Kernel => {
    const type = context.dtype(context.input(0));
    if (type !== 'float32') throw context.unsupported(`${type} is not computed`);
    return (operands) => {
      const x = context.requiredFloat(operands, 0);
      const depth = x.shape.at(-1) ?? 1;
      const data = new Float32Array(x.data.length);
      for (let start = 0; start < data.length; start += depth) {
        compute(x.data.subarray(start, start + depth), data.subarray(start, start + depth));
      }
      return [{ dtype: 'float32', shape: x.shape, data }];
    };
  };
}

/** x / max(||x||, 1e-6). */
function normalizeL2(x: Float32Array, y: Float32Array): void {
  const length = Math.max(Math.sqrt(x.reduce((sum, value) => sum + value * value, 0)), 1e-6);
  for (let i = 0; i < x.length; i++) y[i] = (x[i] ?? 0) / length;
}

/** x - log(sum of exp(x)), from the largest value down. */
function logSoftmax(x: Float32Array, y: Float32Array): void {
  const largest = x.reduce((most, value) => Math.max(most, value), -Infinity);
  const logSum = Math.log(x.reduce((sum, value) => sum + Math.exp(value - largest), 0));
  for (let i = 0; i < x.length; i++) y[i] = (x[i] ?? 0) - largest - logSum;
}

/** BATCH_MATMUL on floats: [..., rows, depth] times [..., depth, columns], either side transposed on request. */
const prepareBatchMatMul: KernelPreparer = (context): Kernel => {
  if (context.dtype(context.input(0)) !== 'float32' || context.dtype(context.input(1)) !== 'float32') {
    throw context.unsupported('quantized operands are not computed');
  }
  const isLeftTransposed = context.booleanOption('adj_x');
  const isRightTransposed = context.booleanOption('adj_y');
  return (operands) => {
    const left = context.requiredFloat(operands, 0);
    const right = context.requiredFloat(operands, 1);
    const [n, depth] = matrixOf(context, left.shape, isLeftTransposed);
    const [inner, m] = matrixOf(context, right.shape, isRightTransposed);
    if (depth !== inner) throw context.misfit(`${formatShape(left.shape)} and ${formatShape(right.shape)} do not multiply`);
    const { shape, forEach } = broadcast(context, left.shape.slice(0, -2), right.shape.slice(0, -2));
    const data = new Float32Array(elementCount(shape) * n * m);
    forEach((i, j, target) => {
      for (let row = 0; row < n; row++) {
        for (let column = 0; column < m; column++) {
          let sum = 0;
          for (let k = 0; k < depth; k++) {
            const a = left.data[i * n * depth + (isLeftTransposed ? k * n + row : row * depth + k)] ?? 0;
            const b = right.data[j * depth * m + (isRightTransposed ? column * depth + k : k * m + column)] ?? 0;
            sum += a * b;
          }
          data[(target * n + row) * m + column] = sum;
        }
      }
    });
    return [{ dtype: 'float32', shape: [...shape, n, m], data }];
  };
};

/** Rows and columns of the last two axes, after transposition. */
function matrixOf(context: OperatorContext, shape: readonly number[], isTransposed: boolean): readonly [number, number] {
  const [rowCount, columnCount] = shape.slice(-2);
  if (rowCount === undefined || columnCount === undefined) throw context.misfit(`${formatShape(shape)} is no matrix`);
  return isTransposed ? [columnCount, rowCount] : [rowCount, columnCount];
}

/** Float operators over the last axes. */
export const ROW_OPERATORS: Readonly<Record<string, KernelPreparer>> = {
  L2_NORMALIZATION: rows(normalizeL2),
  LOG_SOFTMAX: rows(logSoftmax),
  BATCH_MATMUL: prepareBatchMatMul,
};
