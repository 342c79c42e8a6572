import {
  INT32_MAX,
  INT32_MIN,
  roundingDivideByPOT,
  saturatingRoundingDoublingHighMul as multiply,
} from '../quantization/fixedPoint';

/**
 * gemmlowp's exp, sigmoid and tanh on int32 (fixedpoint.h): raw values in QM.N with M integer bits and N = 31 - M. Used by the
 * fixed-point SOFTMAX, LOGISTIC and TANH of TensorFlow Lite Micro.
 */

/** 1 in Q0.31 is not representable; gemmlowp takes the highest code. */
const ONE_Q0 = INT32_MAX;
/** 1 in Q2.29. */
const ONE_Q2 = 1 << 29;
const EXP_MINUS_ONE_EIGHTH = 1895147668;
const ONE_THIRD = 715827883;
/** 48/17 and -32/17 in Q2.29. */
const NEWTON_48_OVER_17 = 1515870810;
const NEWTON_MINUS_32_OVER_17 = -1010580540;

/** exp(-2^exponent) in Q0.31. */
const EXP_OF_MINUS_POWER: readonly (readonly [exponent: number, factor: number])[] = [
  [-2, 1672461947],
  [-1, 1302514674],
  [0, 790015084],
  [1, 290630308],
  [2, 39332535],
  [3, 720401],
  [4, 242],
];

/** x * 2^exponent, saturating; exponent >= 0. */
function saturatingMultiplyByPOT(x: number, exponent: number): number {
  const product = x * 2 ** exponent;
  return product > INT32_MAX ? INT32_MAX : product < INT32_MIN ? INT32_MIN : product;
}

/** exp of a value <= 0 in Q(integerBits), integerBits 0..5; Q0.31. */
export function expOnNegative(a: number, integerBits: number): number {
  if (a === 0) return ONE_Q0;
  const fractionalBits = 31 - integerBits;
  const oneQuarter = 1 << (fractionalBits - 2);
  const modQuarter = (a & (oneQuarter - 1)) - oneQuarter;
  const remainder = (modQuarter - a) | 0;
  let result = expBetweenMinusOneQuarterAndZero(saturatingMultiplyByPOT(modQuarter, integerBits));
  for (const [exponent, factor] of EXP_OF_MINUS_POWER) {
    if (integerBits > exponent && (remainder & (1 << (fractionalBits + exponent))) !== 0) result = multiply(result, factor);
  }
  return result;
}

/** exp on [-1/4, 0), Q0.31 in and out: Taylor of 4th order about -1/8. */
function expBetweenMinusOneQuarterAndZero(a: number): number {
  const x = (a + (1 << 28)) | 0;
  const x2 = multiply(x, x);
  const x3 = multiply(x2, x);
  const x4 = multiply(x2, x2);
  const cubicAndQuartic = multiply((roundingDivideByPOT(x4, 2) + x3) | 0, ONE_THIRD);
  const higherTerms = roundingDivideByPOT((cubicAndQuartic + x2) | 0, 1);
  return (EXP_MINUS_ONE_EIGHTH + multiply(EXP_MINUS_ONE_EIGHTH, (x + higherTerms) | 0)) | 0;
}

/** 2 / (1 + a) for a in [0, 1], Q0.31 in, Q2.29 out: three Newton-Raphson steps. */
function twoOverOnePlus(a: number): number {
  const sum = a + ONE_Q0;
  const halfDenominator = Math.trunc((sum + (sum >= 0 ? 1 : -1)) / 2);
  let x = (NEWTON_48_OVER_17 + multiply(halfDenominator, NEWTON_MINUS_32_OVER_17)) | 0;
  for (let i = 0; i < 3; i++) {
    const error = (ONE_Q2 - multiply(halfDenominator, x)) | 0;
    x = (x + saturatingMultiplyByPOT(multiply(x, error), 2)) | 0;
  }
  return x;
}

/** 1 / (1 + a) for a in [0, 1], Q0.31 in and out. */
export function reciprocalOfOnePlus(a: number): number {
  return saturatingMultiplyByPOT(twoOverOnePlus(a), 1);
}

/** (1 - a) / (1 + a) for a in [0, 1], Q0.31 in and out. */
function oneMinusOverOnePlus(a: number): number {
  return saturatingMultiplyByPOT((twoOverOnePlus(a) - ONE_Q2) | 0, 2);
}

/** Sigmoid: Q(integerBits) in, Q0.31 out. */
export function sigmoidInt32(raw: number, integerBits: number): number {
  if (raw === 0) return 1 << 30;
  const positive = reciprocalOfOnePlus(expOnNegative(raw > 0 ? -raw : raw, integerBits));
  return raw > 0 ? positive : ONE_Q0 - positive;
}

/** tanh: Q(integerBits) in, Q0.31 out. */
export function tanhInt32(raw: number, integerBits: number): number {
  if (raw === 0) return 0;
  // exp(2x): the same raw value with one integer bit more.
  const magnitude = oneMinusOverOnePlus(expOnNegative(raw < 0 ? raw : -raw, integerBits + 1));
  return raw < 0 ? -magnitude : magnitude;
}
