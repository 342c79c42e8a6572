import { buildOperator, type TensorSpec } from '../../lstmBuilder';
import { writeTflite } from '../../writeTflite';

export interface BenchShape {
  readonly input: number;
  readonly cell: number;
  readonly steps: number;
  readonly batch: number;
}

/** int8 weights and float activations are `hybrid`. */
export type BenchKind = 'float' | 'hybrid' | 'int8';

const INPUT_SCALE = 1 / 64;
const ZERO_POINTS = { input: -7, output: -4 };

/**
 * A .tflite file of one UNIDIRECTIONAL_SEQUENCE_LSTM without projection, peephole or layer norm, with weights of a trained
 * model's size.
 * @param random uniform in [-1, 1)
 */
export function buildTfliteLstm(kind: BenchKind, { input, cell, steps, batch }: BenchShape, random: () => number): Uint8Array {
  const isInteger = kind === 'int8';
  const reals = (length: number, limit: number) => Float32Array.from({ length }, () => random() * limit);
  const weights = (columns: number): TensorSpec => {
    const limit = 2 / Math.sqrt(columns);
    const values = reals(cell * columns, limit);
    const shape = [cell, columns];
    if (kind === 'float') return { dtype: 'float32', shape, values };
    const scale = limit / 127;
    return { dtype: 'int8', shape, scale, values: Int8Array.from(values, (value) => Math.round(value / scale)) };
  };
  const bias = (): TensorSpec => {
    const values = reals(cell, 0.5);
    if (!isInteger) return { dtype: 'float32', shape: [cell], values };
    const scale = (INPUT_SCALE * 2) / Math.sqrt(input) / 127;
    return { dtype: 'int32', shape: [cell], scale, values: Int32Array.from(values, (value) => Math.round(value / scale)) };
  };
  const activation = (shape: readonly number[], scale: number, zeroPoint: number): TensorSpec =>
    isInteger ? { dtype: 'int8', shape, scale, zeroPoint } : { dtype: 'float32', shape };
  const output = (shape: readonly number[]) => activation(shape, 1 / 128, ZERO_POINTS.output);
  const cellState: TensorSpec = isInteger
    ? { dtype: 'int16', shape: [batch, cell], scale: 2 ** -11 }
    : { dtype: 'float32', shape: [batch, cell] };
  const four = <T>(make: () => T): T[] => [make(), make(), make(), make()];

  const { graph } = buildOperator({
    name: 'UNIDIRECTIONAL_SEQUENCE_LSTM',
    operands: [
      activation([batch, steps, input], INPUT_SCALE, ZERO_POINTS.input),
      ...four(() => weights(input)),
      ...four(() => weights(cell)),
      ...[null, null, null],
      ...four(bias),
      ...[null, null],
      { ...output([batch, cell]), isVariable: true },
      { ...cellState, isVariable: true },
      ...four(() => null),
    ],
    intermediates: isInteger ? [...four((): TensorSpec => ({ dtype: 'float32', shape: [0] })), output([0])] : [],
    outputs: [output([batch, steps, cell])],
    options: { fused_activation_function: 'TANH', cell_clip: 0, proj_clip: 0 },
  });
  return writeTflite(graph);
}
