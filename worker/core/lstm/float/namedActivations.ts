import type { Activation, FloatActivations } from './floatParameters';

type RealFunction = (x: number, alpha: number, beta: number) => number;

/** TensorFlow Lite's fused activations, by the schema's names. */
const FUSED: Readonly<Record<string, 'sigmoid' | 'tanh' | RealFunction>> = {
  SIGMOID: 'sigmoid',
  TANH: 'tanh',
  NONE: (x) => x,
  RELU: (x) => Math.max(0, x),
  RELU_N1_TO_1: (x) => Math.max(-1, Math.min(1, x)),
  RELU6: (x) => Math.max(0, Math.min(6, x)),
};

/** Those of ONNX's recurrent operators that take parameters, alpha and beta, or have no name in TensorFlow Lite. Source: ONNX, LSTM. */
const PARAMETRIC: Readonly<Record<string, RealFunction>> = {
  Affine: (x, alpha, beta) => alpha * x + beta,
  LeakyRelu: (x, alpha) => (x >= 0 ? x : alpha * x),
  ThresholdedRelu: (x, alpha) => (x > alpha ? x : 0),
  ScaledTanh: (x, alpha, beta) => alpha * Math.tanh(beta * x),
  HardSigmoid: (x, alpha, beta) => Math.min(1, Math.max(0, alpha * x + beta)),
  Elu: (x, alpha) => (x >= 0 ? x : alpha * Math.expm1(x)),
  Softsign: (x) => x / (1 + Math.abs(x)),
  // log(1 + exp(x)) without an exp that overflows.
  Softplus: (x) => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x))),
};

/** How many parameters each takes. */
const PARAMETER_COUNTS: Readonly<Record<string, number>> = {
  Affine: 2,
  LeakyRelu: 1,
  ThresholdedRelu: 1,
  ScaledTanh: 2,
  HardSigmoid: 2,
  Elu: 1,
  Softsign: 0,
  Softplus: 0,
};

/**
 * An activation by its name: one of TensorFlow Lite's fused ones, or an ONNX name with parameters such as `HardSigmoid(0.2, 0.5)`.
 * Results are rounded to float32. Null for other names.
 */
export function namedActivation(name: string): FloatActivations['cell'] | null {
  const fused = Object.hasOwn(FUSED, name) ? FUSED[name] : undefined;
  if (fused !== undefined) return typeof fused === 'string' ? fused : each(fused, 0, 0);
  const [, base = '', list = ''] = /^(\w+)(?:\((.*)\))?$/.exec(name) ?? [];
  const parameters = list === '' ? [] : list.split(',').map(Number);
  const known = Object.hasOwn(PARAMETRIC, base) ? PARAMETRIC[base] : undefined;
  if (known === undefined || parameters.length !== PARAMETER_COUNTS[base] || !parameters.every(Number.isFinite)) return null;
  const [alpha = 0, beta = 0] = parameters;
  return each(known, Math.fround(alpha), Math.fround(beta));
}

function each(f: RealFunction, alpha: number, beta: number): Activation {
  return (x, y) => {
    for (let k = 0; k < x.length; k++) y[k] = f(x[k]!, alpha, beta);
  };
}
