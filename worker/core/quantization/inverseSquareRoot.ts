import { INT32_MAX, roundingDivideByPOT, saturatingRoundingDoublingHighMul as multiply } from './fixedPoint';
import type { QuantizedMultiplier } from './quantizeMultiplier';

/** Q3.28. */
const ONE = 1 << 28;
const THREE_HALVES = 3 << 27;
/** sqrt(2) / 2 in Q0.31. */
const HALF_SQRT_2 = 1518500250;

/**
 * 1 / sqrt(x) for int32 x >= 1 as a multiplier and a shift <= 0: five Newton-Raphson steps in Q3.28 from 1, right to 19 bits.
 * The multiplier need not be normalized. x <= 1 gives 2^31 - 1 and 0.
 * Source: TensorFlow Lite, GetInvSqrtQuantizedMultiplierExp.
 */
export function inverseSquareRoot(x: number): QuantizedMultiplier {
  if (x <= 1) return { multiplier: INT32_MAX, shift: 0 };
  let input = x;
  let right = 11;
  while (input >= 1 << 29) {
    input = Math.trunc(input / 4);
    right += 1;
  }
  const leftPairs = Math.trunc((Math.clz32(input) - 1) / 2) - 1;
  right -= leftPairs;
  input <<= 2 * leftPairs;
  const half = roundingDivideByPOT(input >> 1, 1);
  let root = ONE;
  for (let i = 0; i < 5; i++) {
    const cubed = saturatingMultiplyByPOT(multiply(multiply(root, root), root), 6);
    root = saturatingMultiplyByPOT((multiply(THREE_HALVES, root) - multiply(half, cubed)) | 0, 3);
  }
  const multiplier = multiply(root, HALF_SQRT_2);
  return right < 0 ? { multiplier: (multiplier << -right) | 0, shift: 0 } : { multiplier, shift: -right };
}

/** x * 2^exponent, saturating in int32. */
function saturatingMultiplyByPOT(x: number, exponent: number): number {
  const shifted = x * 2 ** exponent;
  return shifted > INT32_MAX ? INT32_MAX : shifted < -2147483648 ? -2147483648 : shifted;
}
