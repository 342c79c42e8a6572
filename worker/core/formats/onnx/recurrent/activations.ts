import type { Operator } from '../../../model/model';
import { NotLowered } from './recurrentDraft';

interface Parameters {
  /** Name that the engine has for it (lstm/float/namedActivations.ts). */
  readonly name: string;
  readonly alpha: boolean;
  readonly beta: boolean;
  /** ONNX Runtime's where the node gives none (rnn_helpers.cc). */
  readonly defaults: readonly [alpha: number, beta: number];
}

const plain = (name: string): Parameters => ({ name, alpha: false, beta: false, defaults: [0, 0] });

/** By lower-case name, as ONNX Runtime compares them. */
const KNOWN: ReadonlyMap<string, Parameters> = new Map([
  ['sigmoid', plain('SIGMOID')],
  ['tanh', plain('TANH')],
  ['relu', plain('RELU')],
  ['softsign', plain('Softsign')],
  ['softplus', plain('Softplus')],
  ['affine', { name: 'Affine', alpha: true, beta: true, defaults: [0, 0] }],
  ['scaledtanh', { name: 'ScaledTanh', alpha: true, beta: true, defaults: [0, 0] }],
  ['hardsigmoid', { name: 'HardSigmoid', alpha: true, beta: true, defaults: [0.2, 0.5] }],
  ['leakyrelu', { name: 'LeakyRelu', alpha: true, beta: false, defaults: [0.01, 0] }],
  ['thresholdedrelu', { name: 'ThresholdedRelu', alpha: true, beta: false, defaults: [0, 0] }],
  ['elu', { name: 'Elu', alpha: true, beta: false, defaults: [1, 0] }],
] satisfies [string, Parameters][]);

/**
 * The activations of a recurrent operator, by the engine's names, each with its parameters: `HardSigmoid(0.2, 0.5)`.
 * @param defaults of one direction
 * @returns for each direction as many as `defaults`
 * @throws NotLowered for a name that ONNX does not have, or another number of them
 */
export function activationsOf(
  { options }: Operator,
  directions: number,
  defaults: readonly string[],
): readonly (readonly string[])[] {
  const text = typeof options.activations === 'string' ? options.activations : '';
  const given = text === '' ? Array.from({ length: directions }, () => defaults).flat() : text.split(', ');
  if (given.length !== directions * defaults.length) {
    throw new NotLowered(`it has ${given.length} activations, not ${directions * defaults.length}`);
  }
  const alphas = numbers(options.activation_alpha);
  const betas = numbers(options.activation_beta);
  const names = given.map((name) => {
    const known = KNOWN.get(name.toLowerCase());
    if (known === undefined) throw new NotLowered(`its activation ${name.slice(0, 40)} is none of ONNX's`);
    const parameters = [
      ...(known.alpha ? [alphas.shift() ?? known.defaults[0]] : []),
      ...(known.beta ? [betas.shift() ?? known.defaults[1]] : []),
    ];
    return parameters.length === 0 ? known.name : `${known.name}(${parameters.map(shortest).join(', ')})`;
  });
  return Array.from({ length: directions }, (_, d) => names.slice(d * defaults.length, (d + 1) * defaults.length));
}

function numbers(value: unknown): number[] {
  return Array.isArray(value) ? [...(value as number[])] : [];
}

/** The shortest decimal that is this float32. */
function shortest(value: number): string {
  const digits = [1, 2, 3, 4, 5, 6, 7, 8].find((count) => Math.fround(Number(value.toPrecision(count))) === Math.fround(value));
  return String(digits === undefined ? value : Number(value.toPrecision(digits)));
}
