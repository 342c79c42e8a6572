import type { RailSums } from '../analysis/railCounts';
import type { ValueAxis } from '../analysis/valueHistogram';
import type { ValueRange } from '../analysis/valueRange';

/** Values at each rail that are lost there. */
export interface LostAtRails {
  readonly low: number;
  readonly high: number;
}

/** What the rule looks at of a signal's sums. */
interface Railed {
  readonly axis: Pick<ValueAxis, 'scale' | 'zeroPoint'>;
  readonly floatRange: Pick<ValueRange, 'min' | 'max'>;
  readonly rails: Pick<RailSums, 'lowCode' | 'highCode' | 'low' | 'high'> | null;
  /** Null where the signal is not a gate's activation. */
  readonly flat: object | null;
}

/** One code, with room for the rounding of a stored scale. */
const ONE_CODE = 1.001;

/**
 * What a signal loses at the rails of its integer type: the values at every rail that the float path goes beyond by more than one
 * code. Where float ends at a rail or inside it, a clamp can only bring a value nearer to float's (the zeros of a ReLU, a black image),
 * and SOFTMAX, LOGISTIC and TANH, whose scale is fixed, put their 1 one code past the rail. The ends of a gate's activation are not
 * lost either. This is the one rule: views, exports, findings, headline and thresholds take its counts from the report.
 * @returns null where there are no rails
 */
export function lostAtRails({ axis, rails, flat, floatRange }: Railed): LostAtRails | null {
  if (rails === null) return null;
  if (flat !== null) return { low: 0, high: 0 };
  const lowest = axis.scale * (rails.lowCode - ONE_CODE - axis.zeroPoint);
  const highest = axis.scale * (rails.highCode + ONE_CODE - axis.zeroPoint);
  return { low: floatRange.min < lowest ? rails.low : 0, high: floatRange.max > highest ? rails.high : 0 };
}

/** Both rails together; 0 where there are none. */
export function sumLost(lost: LostAtRails | null): number {
  return lost === null ? 0 : lost.low + lost.high;
}
