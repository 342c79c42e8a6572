import type { OperatorSpec, TensorSpec } from '../lstmBuilder';

type Change = (spec: OperatorSpec) => OperatorSpec;

const RECURRENT = [5, 6, 7, 8];
const PEEPHOLES = [9, 10, 11];
const BIASES = [12, 13, 14, 15];
const PROJECTION = [16];
const MATRICES = [1, 2, 3, 4, ...RECURRENT, ...PROJECTION];
const LAYER_NORM = [20, 21, 22, 23];

/** Changes to an integer LSTM that take its arithmetic to the ends of int16 and int32, or past them. */
export const EXTREMES: readonly (readonly [name: string, change: Change])[] = [
  ['clips below one code', options({ cell_clip: 1e-6, proj_clip: 1e-6 })],
  ['clips beyond all codes', options({ cell_clip: 100, proj_clip: 100 })],
  ['an input scale 2^20 times too large', operands([0], scaled(2 ** 20))],
  ['an input scale 2^20 times too small', operands([0], scaled(2 ** -20))],
  ['recurrent and projection scales 2^12 times too large', operands([...RECURRENT, ...PROJECTION], scaled(2 ** 12))],
  ['layer-norm scales 2^12 times too small', operands(LAYER_NORM, scaled(2 ** -12))],
  ['a hidden scale 2^20 times too small', intermediate(4, scaled(2 ** -20))],
  ["biases at int32's ends", operands(BIASES, alternating(2 ** 31 - 1, -(2 ** 31)))],
  ['weights at the lowest and the highest code', operands(MATRICES, alternating(-128, 127))],
  ['coefficients at the lowest and the highest code', operands([...PEEPHOLES, ...LAYER_NORM], alternating(-32768, 32767))],
  ["no scale of the forget gate's matmul", intermediate(1, ({ dtype, shape }) => ({ dtype, shape }))],
];

function options(changed: OperatorSpec['options']): Change {
  return (spec) => ({ ...spec, options: { ...spec.options, ...changed } });
}

function operands(positions: readonly number[], change: (tensor: TensorSpec) => TensorSpec): Change {
  return (spec) => ({
    ...spec,
    operands: spec.operands.map((operand, position) =>
      operand !== null && positions.includes(position) ? change(operand) : operand,
    ),
  });
}

function intermediate(wanted: number, change: (tensor: TensorSpec) => TensorSpec): Change {
  return (spec) => ({
    ...spec,
    intermediates: (spec.intermediates ?? []).map((tensor, position) => (position === wanted ? change(tensor) : tensor)),
  });
}

function scaled(factor: number): (tensor: TensorSpec) => TensorSpec {
  return (tensor) => ({ ...tensor, scale: (tensor.scale ?? 1) * factor });
}

function alternating(even: number, odd: number): (tensor: TensorSpec) => TensorSpec {
  return (tensor) => {
    const values = tensor.values as Int32Array | undefined;
    return values === undefined ? tensor : { ...tensor, values: values.map((_, k) => (k % 2 === 0 ? even : odd)) };
  };
}
