import { clampToInt16 } from '../../quantization/fixedPoint';
import type { IntegerDecisions } from '../persona';

/** A cell clip in codes, truncated, symmetric about 0; null = off. */
export function cellClipCodes(clip: number, cellScale: number, rule: IntegerDecisions['cellClipOfZeroCodes']): number | null {
  if (clip <= 0) return null;
  const codes = Math.trunc(clampToInt16(Math.fround(clip / cellScale)));
  return codes > 0 || rule === 'clamps-to-zero' ? codes : null;
}

/** The codes that a projection clip lets through; null = off, also for a clip below one code. */
export function projectionClipCodes(
  clip: number,
  output: { readonly scale: number; readonly zeroPoint: number },
  rails: readonly [low: number, high: number],
  centre: IntegerDecisions['projectionClipCentre'],
): readonly [low: number, high: number] | null {
  const [low, high] = rails;
  const codes = clip <= 0 ? 0 : Math.trunc(Math.min(Math.fround(clip / output.scale), high));
  if (codes <= 0) return null;
  const middle = centre === 'zero-point' ? output.zeroPoint : 0;
  return [Math.max(low, middle - codes), Math.min(high, middle + codes)];
}
