import { roundHalfToEven } from '../quantization/affine';
import { isQuantized } from '../run/runtimeDtype';
import type { Kernel, KernelPreparer } from './operatorContext';
import { newLike } from './strided';

/** A function of single reals. Integers without scale are taken where the function keeps them whole. */
function elements(real: (x: number) => number, keepsWhole = false): KernelPreparer {
  return (context): Kernel => {
    const input = context.input(0);
    const type = context.dtype(input);
    const isWhole = keepsWhole && (type === 'int32' || type === 'int16' || type === 'int8') && !isQuantized(input);
    if (type !== 'float32' && !isWhole) throw context.unsupported(`${type} is not computed`);
    return (operands) => {
      const x = context.required(operands, 0);
      const values = x.data as Float32Array;
      const data = newLike(context, x, values.length);
      for (let i = 0; i < data.length; i++) data[i] = real(values[i] ?? 0);
      return [{ dtype: x.dtype, shape: x.shape, data }];
    };
  };
}

const INVERSE_SQRT_2 = 1 / Math.SQRT2;

/** GELU: x * Phi(x), with the tanh form where the file asks for an approximation. */
const prepareGelu: KernelPreparer = (context): Kernel => {
  const tanhForm = (x: number) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
  const exact = (x: number) => 0.5 * x * (1 + erf(x * INVERSE_SQRT_2));
  return elements(context.booleanOption('approximate') ? tanhForm : exact)(context);
};

/** The error function to 1.2e-7 (Abramowitz and Stegun 7.1.26 would give 1.5e-7; this is Numerical Recipes' erfc). */
function erf(x: number): number {
  const t = 1 / (1 + 0.5 * Math.abs(x));
  const polynomial =
    -1.26551223 +
    t *
      (1.00002368 +
        t *
          (0.37409196 +
            t *
              (0.09678418 +
                t *
                  (-0.18628806 + t * (0.27886807 + t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277))))))));
  const complement = t * Math.exp(-x * x + polynomial);
  return x >= 0 ? 1 - complement : complement - 1;
}

/** Functions of single reals that have no quantized form here. */
export const ELEMENTWISE_OPERATORS: Readonly<Record<string, KernelPreparer>> = {
  ABS: elements(Math.abs, true),
  NEG: elements((x) => -x, true),
  SQUARE: elements((x) => x * x, true),
  EXP: elements(Math.exp),
  LOG: elements(Math.log),
  SQRT: elements(Math.sqrt),
  RSQRT: elements((x) => 1 / Math.sqrt(x)),
  SIN: elements(Math.sin),
  COS: elements(Math.cos),
  FLOOR: elements(Math.floor),
  CEIL: elements(Math.ceil),
  ROUND: elements(roundHalfToEven),
  ELU: elements((x) => (x < 0 ? Math.expm1(x) : x)),
  GELU: prepareGelu,
};
