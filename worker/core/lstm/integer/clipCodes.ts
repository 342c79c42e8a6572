import { clampToInt16 } from '../../quantization/fixedPoint';
import type { IntegerDecisions } from '../persona';

/** A cell clip in codes, truncated, symmetric about 0; null = off. */
export function cellClipCodes(clip: number, cellScale: number, rule: IntegerDecisions['cellClipOfZeroCodes']): number | null {
  if (clip <= 0) return null;
  const codes = Math.trunc(clampToInt16(Math.fround(clip / cellScale)));
  return codes > 0 || rule === 'clamps-to-zero' ? codes : null;
}

/**
 * The codes that a projection clip lets through; null = off, also for a clip below one code. The runtime keeps the clip in the
 * output's own type and centres it on code 0; centred on the zero point, it stands for the real clip.
 */
export function projectionClipCodes(
  clip: number,
  output: { readonly scale: number; readonly zeroPoint: number },
  rails: readonly [low: number, high: number],
  centre: IntegerDecisions['projectionClipCentre'],
): readonly [low: number, high: number] | null {
  const [low, high] = rails;
  const codes = clip <= 0 ? 0 : Math.trunc(Math.fround(clip / output.scale));
  if (codes <= 0) return null;
  if (centre === 'code-zero') return [Math.max(low, -Math.min(codes, high)), Math.min(codes, high)];
  return [Math.max(low, output.zeroPoint - codes), Math.min(high, output.zeroPoint + codes)];
}
