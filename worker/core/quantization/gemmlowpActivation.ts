import { clampToInt16, roundingDivideByPOT } from './fixedPoint';
import {
  roundingHalfSum16,
  saturatingMultiplyByPOT16,
  saturatingRoundingDoublingHighMul16 as multiply,
  wrapToInt16,
} from './fixedPoint16';

/**
 * Sigmoid and tanh in int16 fixed point, as TensorFlow Lite's integer LSTM computes them (gemmlowp fixedpoint.h, instantiated on
 * int16): exp on negatives by a 4th order Taylor polynomial about -1/8 and a chain of constants, then 1/(1+x) or (1-x)/(1+x) by
 * three Newton-Raphson steps. Inputs and outputs are raw int16.
 */

/** 1 in Q0.15 is not representable; gemmlowp takes the highest code. */
const ONE_Q0 = 32767;
/** 1 in Q2.13. */
const ONE_Q2 = 8192;

/** gemmlowp's int32 constants, Q31, brought to int16. */
const fromQ31 = (raw: number): number => roundingDivideByPOT(raw, 16);

const EXP_MINUS_ONE_EIGHTH = fromQ31(1895147668);
const ONE_THIRD = fromQ31(715827883);
/** 48/17 and -32/17 in Q2.13: the start of Newton-Raphson division that is best over [1/2, 1]. */
const NEWTON_48_OVER_17 = fromQ31(1515870810);
const NEWTON_MINUS_32_OVER_17 = fromQ31(-1010580540);

/** exp(-2^exponent) in Q0.15. */
const EXP_OF_MINUS_POWER: readonly (readonly [exponent: number, factor: number])[] = [
  [-2, fromQ31(1672461947)],
  [-1, fromQ31(1302514674)],
  [0, fromQ31(790015084)],
  [1, fromQ31(290630308)],
  [2, fromQ31(39332535)],
  [3, fromQ31(720401)],
  [4, fromQ31(242)],
];

/** Sigmoid: Q3.12 in, Q0.15 out. */
export function gemmlowpSigmoid(raw: number): number {
  if (raw === 0) return 16384;
  const positive = reciprocalOfOnePlus(expOnNegative(raw > 0 ? wrapToInt16(-raw) : raw, 3));
  return raw > 0 ? positive : ONE_Q0 - positive;
}

/** tanh: Q(integerBits) in, integerBits in 0..6; Q0.15 out. */
export function gemmlowpTanh(raw: number, integerBits: number): number {
  if (raw === 0) return 0;
  // exp(2x): the same raw value with one integer bit more.
  const magnitude = oneMinusOverOnePlus(expOnNegative(raw < 0 ? raw : wrapToInt16(-raw), integerBits + 1));
  return raw < 0 ? wrapToInt16(-magnitude) : magnitude;
}

/** exp of a value <= 0, given in Q(integerBits); Q0.15. */
function expOnNegative(a: number, integerBits: number): number {
  if (a === 0) return ONE_Q0;
  const fractionalBits = 15 - integerBits;
  const oneQuarter = 1 << (fractionalBits - 2);
  const modQuarter = (a & (oneQuarter - 1)) - oneQuarter;
  const remainder = wrapToInt16(modQuarter - a);
  let result = expBetweenMinusOneQuarterAndZero(saturatingMultiplyByPOT16(modQuarter, integerBits));
  for (const [exponent, factor] of EXP_OF_MINUS_POWER) {
    if (integerBits > exponent && (remainder & (1 << (fractionalBits + exponent))) !== 0) result = multiply(result, factor);
  }
  // Beyond -32 nothing is left, and the chain of constants ends.
  return integerBits > 5 && a < -(1 << (fractionalBits + 5)) ? 0 : result;
}

/** exp on [-1/4, 0), Q0.15 in and out: Taylor about -1/8. */
function expBetweenMinusOneQuarterAndZero(a: number): number {
  const x = wrapToInt16(a + 4096);
  const x2 = multiply(x, x);
  const x3 = multiply(x2, x);
  const x4 = multiply(x2, x2);
  const cubicAndQuartic = multiply(wrapToInt16(roundingDivideByPOT(x4, 2) + x3), ONE_THIRD);
  const higherTerms = roundingDivideByPOT(wrapToInt16(cubicAndQuartic + x2), 1);
  return clampToInt16(EXP_MINUS_ONE_EIGHTH + multiply(EXP_MINUS_ONE_EIGHTH, wrapToInt16(x + higherTerms)));
}

/** 2 / (1 + a) for a in [0, 1], Q0.15 in, Q2.13 out. */
function twoOverOnePlus(a: number): number {
  const halfDenominator = roundingHalfSum16(a, ONE_Q0);
  let x = wrapToInt16(NEWTON_48_OVER_17 + multiply(halfDenominator, NEWTON_MINUS_32_OVER_17));
  for (let i = 0; i < 3; i++) {
    const error = wrapToInt16(ONE_Q2 - multiply(halfDenominator, x));
    x = wrapToInt16(x + saturatingMultiplyByPOT16(multiply(x, error), 2));
  }
  return x;
}

/** 1 / (1 + a), Q0.15 in and out. */
function reciprocalOfOnePlus(a: number): number {
  return saturatingMultiplyByPOT16(twoOverOnePlus(a), 1);
}

/** (1 - a) / (1 + a) = 2 / (1 + a) - 1, Q0.15 in and out. */
function oneMinusOverOnePlus(a: number): number {
  return saturatingMultiplyByPOT16(wrapToInt16(twoOverOnePlus(a) - ONE_Q2), 2);
}
