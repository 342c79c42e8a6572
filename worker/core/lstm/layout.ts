import { InputShapeError } from '../run/inputShapeError';
import type { NumericArray, Value } from '../run/value';
import type { OperandReader } from './operandReader';
import type { SignalArray } from './signals';

/** How a sequence lies in memory. */
export interface SequenceShape {
  readonly steps: number;
  readonly batch: number;
  readonly isTimeMajor: boolean;
  /** Of rank 3, or one step of rank 2. */
  readonly rank: 2 | 3;
}

/**
 * Steps and batch rows of an LSTM's input at run time, whose shape may differ from the file's.
 * @throws InputShapeError when its rank or its size per step does not fit the weights
 */
export function sequenceShape(
  shape: readonly number[],
  inputSize: number,
  isTimeMajor: boolean,
  reader: OperandReader,
): SequenceShape {
  const { index, name } = reader.operator;
  const rank = shape.length;
  if ((rank !== 2 && rank !== 3) || shape[rank - 1] !== inputSize) {
    throw new InputShapeError(
      `op ${index} ${name}: the input is [${shape.join(', ')}]; its last axis must be ${inputSize}`,
      index,
    );
  }
  const [first = 0, second = 0] = shape;
  if (rank === 2) return { steps: 1, batch: first, isTimeMajor, rank };
  return isTimeMajor ? { steps: first, batch: second, isTimeMajor, rank } : { steps: second, batch: first, isTimeMajor, rank };
}

/** Values as [steps, batch, size]; the array itself where it lies so already. */
export function toTimeMajor<T extends SignalArray>(data: T, { steps, batch, isTimeMajor }: SequenceShape, size: number): T {
  return isTimeMajor || steps === 1 || batch === 1 ? data : swapAxes(data, batch, steps, size);
}

/** A [steps, batch, size] array as the operator lays out its output. */
export function fromTimeMajor<T extends SignalArray>(data: T, { steps, batch, isTimeMajor }: SequenceShape, size: number): T {
  return isTimeMajor || steps === 1 || batch === 1 ? data : swapAxes(data, steps, batch, size);
}

/** [first, second, size] to [second, first, size]. */
function swapAxes<T extends SignalArray>(data: T, first: number, second: number, size: number): T {
  const swapped = data.slice() as T;
  for (let a = 0; a < first; a++) {
    for (let b = 0; b < second; b++) {
      const from = (a * second + b) * size;
      const to = (b * first + a) * size;
      for (let k = 0; k < size; k++) swapped[to + k] = data[from + k]!;
    }
  }
  return swapped;
}

/**
 * Shape of an output of `size` values per step.
 * @param hasDirectionAxis with an axis of size 1 where ONNX's LSTM has its directions
 */
export function outputShape(
  { steps, batch, isTimeMajor, rank }: SequenceShape,
  size: number,
  hasDirectionAxis = false,
): readonly number[] {
  if (rank === 2) return [batch, size];
  if (hasDirectionAxis) return isTimeMajor ? [steps, 1, batch, size] : [batch, steps, 1, size];
  return isTimeMajor ? [steps, batch, size] : [batch, steps, size];
}

/** Shape of a state after the last step; with the axis of `outputShape`. */
export function stateShape(batch: number, size: number, hasDirectionAxis: boolean, isTimeMajor: boolean): readonly number[] {
  if (!hasDirectionAxis) return [batch, size];
  return isTimeMajor ? [1, batch, size] : [batch, 1, size];
}

/** The values of a step input or state. */
export function signalArray(value: Value, reader: OperandReader): SignalArray {
  const { data } = value;
  if (isSignalArray(data)) return data;
  throw reader.refusal(`an operand is ${value.dtype}; an LSTM takes int8, int16 or float32`);
}

function isSignalArray(data: NumericArray): data is SignalArray {
  return data instanceof Float32Array || data instanceof Int8Array || data instanceof Int16Array;
}

export function signalDtype(data: SignalArray): 'float32' | 'int8' | 'int16' {
  if (data instanceof Float32Array) return 'float32';
  return data instanceof Int8Array ? 'int8' : 'int16';
}

export function signalValue(data: SignalArray, shape: readonly number[]): Value {
  return { dtype: signalDtype(data), shape, data };
}

/** A [steps, ...] array with its steps in reverse. */
export function reverseSteps<T extends SignalArray>(data: T, steps: number): T {
  const reversed = data.slice() as T;
  const size = data.length / Math.max(steps, 1);
  for (let step = 0; step < steps; step++) {
    reversed.set(data.subarray(step * size, (step + 1) * size), (steps - 1 - step) * size);
  }
  return reversed;
}

/** [rows, first] and [rows, second] side by side: [rows, first + second]. */
export function concatenateRows(a: SignalArray, first: number, b: SignalArray, second: number): SignalArray {
  const rows = a.length / first;
  const joined = new (a.constructor as new (length: number) => SignalArray)(rows * (first + second));
  for (let row = 0; row < rows; row++) {
    joined.set(a.subarray(row * first, (row + 1) * first), row * (first + second));
    joined.set(b.subarray(row * second, (row + 1) * second), row * (first + second) + first);
  }
  return joined;
}
