import { prepareLstmOperator } from '../../../worker/core/lstm/prepareLstmOperator';
import type { Gate, SignalName, SignalTrace } from '../../../worker/core/lstm/signals';
import { quantizeRoundHalfAway, roundHalfAwayFromZero } from '../../../worker/core/quantization/affine';
import type { Value } from '../../../worker/core/run/value';
import { newProbe } from '../../golden/lstmCase';
import { buildOperator, type OperatorSpec, type TensorSpec } from '../../lstmBuilder';
import { FLOAT_FORMS, sequenceSpec, type OperandForms, type OperatorLayout, type RealLstm } from './randomLstm';

interface Affine {
  readonly scale: number;
  readonly zeroPoint: number;
}

const GATE_LETTER: Readonly<Record<Gate, 'i' | 'f' | 'g' | 'o'>> = { input: 'i', forget: 'f', cell: 'g', output: 'o' };

/** (max - min) / 255, 0 always inside. */
function asymmetric(values: ArrayLike<number>): Affine {
  let low = 0;
  let high = 1e-3;
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i] ?? 0);
    high = Math.max(high, values[i] ?? 0);
  }
  const scale = Math.fround((high - low) / 255);
  return { scale, zeroPoint: Math.max(-128, Math.min(127, roundHalfAwayFromZero(-128 - low / scale))) };
}

const maxAbs = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((max, value) => Math.max(max, Math.abs(value)), 0);

function symmetric(values: Float32Array, shape: readonly number[], dtype: 'int8' | 'int16'): TensorSpec {
  const high = dtype === 'int8' ? 127 : 32767;
  const scale = Math.fround(Math.max(maxAbs(values), 1e-3) / high);
  const codes = Array.from(values, (value) => Math.max(-high, Math.min(high, roundHalfAwayFromZero(Math.fround(value / scale)))));
  return { dtype, shape, scale, values: dtype === 'int8' ? Int8Array.from(codes) : Int16Array.from(codes) };
}

function integerBias(values: Float32Array, scale: number): TensorSpec {
  const codes = Int32Array.from(values, (value) => roundHalfAwayFromZero(value / scale));
  return { dtype: 'int32', shape: [values.length], scale, values: codes };
}

/** int8 matrices and peepholes, the rest float. */
export const HYBRID_FORMS: OperandForms = {
  ...FLOAT_FORMS,
  matrix: (values, shape) => symmetric(values, shape, 'int8'),
  peephole: (values, shape) => symmetric(values, shape, 'int8'),
};

/** The paper's recipe, calibrated on `x`: what a converter would make of these weights. */
export function integerSpec(
  lstm: RealLstm,
  x: Value,
  layout: OperatorLayout,
): { readonly spec: OperatorSpec; readonly input: Affine; readonly output: Affine } {
  const trace = traceFloat(lstm, x, layout);
  const signal = (name: SignalName) => trace[name] ?? new Float32Array(0);
  const input = asymmetric(x.data as Float32Array);
  const output = asymmetric(signal('h'));
  const hidden = lstm.projection === null ? output : asymmetric(signal('m'));
  const cellScale = 2 ** (Math.max(0, Math.ceil(Math.log2(Math.max(maxAbs(signal('c')), 2 ** -20)))) - 15);
  const gateScale = (gate: Gate) => Math.fround(Math.max(maxAbs(signal(`${GATE_LETTER[gate]}_in`)), 1e-3) / 32767);
  const matrix = (values: Float32Array, shape: readonly number[]) => symmetric(values, shape, 'int8');
  const scaleOf = (values: Float32Array) => matrix(values, []).scale ?? 1;
  const forms: OperandForms = {
    input: { dtype: 'int8', ...input },
    matrix,
    peephole: (values, shape) => symmetric(values, shape, 'int16'),
    bias: (values, gate) => {
      const coefficients = lstm.layerNorm?.[gate];
      const scale =
        coefficients === undefined
          ? input.scale * scaleOf(lstm.inputToGate[gate])
          : (symmetric(coefficients, [], 'int16').scale ?? 1) * 2 ** -10;
      return integerBias(values, Math.fround(scale));
    },
    layerNorm: (values, shape) => symmetric(values, shape, 'int16'),
    projectionBias: (values) => integerBias(values, Math.fround(hidden.scale * scaleOf(lstm.projection ?? values))),
    outputState: { dtype: 'int8', ...output },
    cellState: { dtype: 'int16', scale: cellScale },
  };
  const intermediate = (gate: Gate): TensorSpec =>
    lstm.layerNorm === null ? { dtype: 'float32', shape: [0] } : { dtype: 'int16', shape: [], scale: gateScale(gate) };
  const cifgIntermediate: TensorSpec = { dtype: 'int16', shape: [], scale: 2 ** -12 };
  return {
    spec: {
      ...sequenceSpec(lstm, forms, layout),
      intermediates: [
        lstm.topology.cifg && lstm.layerNorm !== null ? cifgIntermediate : intermediate('input'),
        intermediate('forget'),
        intermediate('cell'),
        intermediate('output'),
        { dtype: 'int8', shape: [], ...hidden },
      ],
    },
    input,
    output,
  };
}

/** The plain LSTM with int16 activations and int64 biases, as TFLM takes it: symmetric, calibrated on `x`. */
export function integer16Spec(
  lstm: RealLstm,
  x: Value,
  layout: OperatorLayout,
): { readonly spec: OperatorSpec; readonly inputScale: number; readonly outputScale: number } {
  const trace = traceFloat(lstm, x, layout);
  const inputScale = Math.fround(maxAbs(x.data as Float32Array) / 32767);
  const outputScale = Math.fround(Math.max(maxAbs(trace.h ?? []), 1e-3) / 32767);
  const cellScale = 2 ** (Math.max(0, Math.ceil(Math.log2(Math.max(maxAbs(trace.c ?? []), 2 ** -20)))) - 15);
  const matrix = (values: Float32Array, shape: readonly number[]) => symmetric(values, shape, 'int8');
  const forms: OperandForms = {
    ...FLOAT_FORMS,
    input: { dtype: 'int16', scale: inputScale },
    matrix,
    bias: (values, gate) => {
      const scale = inputScale * (matrix(lstm.inputToGate[gate], []).scale ?? 1);
      const codes = BigInt64Array.from(values, (value) => BigInt(Math.round(value / scale)));
      return { dtype: 'int64', shape: [values.length], scale, values: codes };
    },
    outputState: { dtype: 'int16', scale: outputScale },
    cellState: { dtype: 'int16', scale: cellScale },
  };
  return { spec: sequenceSpec(lstm, forms, layout), inputScale, outputScale };
}

export function quantizeInput(x: Value, { scale, zeroPoint }: Affine): Value {
  const codes = Int8Array.from(x.data as Float32Array, (real) => quantizeRoundHalfAway(real, { scale, zeroPoint }, -128, 127));
  return { ...x, dtype: 'int8', data: codes };
}

function traceFloat(lstm: RealLstm, x: Value, layout: OperatorLayout): SignalTrace {
  const { graph, operator } = buildOperator(sequenceSpec(lstm, FLOAT_FORMS, layout));
  const prepared = prepareLstmOperator(graph, operator, { path: 'float', persona: 'tflite' });
  const probe = newProbe();
  prepared.run(
    operator.inputs.map((_, position) => (position === 0 ? x : null)),
    [probe],
  );
  return probe.trace;
}
