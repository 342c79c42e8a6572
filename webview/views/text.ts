import type { QuantizationInfo } from '../../worker/core/report/overview';
import { count, scale, signedReal } from '../charts/format';

/** `1 sample`, `24 samples`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `[1, time, 120]`: a dynamic axis of a three-dimensional tensor of a recurrent model is its time. */
export function shapeText(shape: readonly number[], recurrent = false): string {
  const dynamic = recurrent && shape.length === 3 ? 'time' : '?';
  return `[${shape.map((size) => (size < 0 ? dynamic : count(size))).join(', ')}]`;
}

/** `real = 0.029396 · (q + 11)`; per channel, the range of the scales. */
export function formulaText({ scales, zeroPoints, axis }: QuantizationInfo): string {
  const zero = zeroPoints[0] ?? 0;
  if (scales.length === 1)
    return `real = ${scale(scales[0] ?? 0)} · ${zero === 0 ? 'q' : `(q ${zero < 0 ? '+' : '−'} ${count(Math.abs(zero))})`}`;
  // A spread argument list has a limit; a fold has none.
  const low = scales.reduce((a, b) => Math.min(a, b), Infinity);
  const high = scales.reduce((a, b) => Math.max(a, b), -Infinity);
  return `${count(scales.length)} scales along axis ${axis}, ${scale(low)} to ${scale(high)}`;
}

/** `range −3.44 to +4.06, zero is code −11`. */
export function rangeText({ range, zeroPoints }: QuantizationInfo): string | null {
  if (!range) return null;
  return `range ${signedReal(range[0])} to ${signedReal(range[1])}, zero is code ${count(zeroPoints[0] ?? 0)}`;
}

const LONG_NAME = 32;

/** A long tensor name by its end, which tells more than its beginning. */
export function shortName(name: string): string {
  const trimmed = name.trim();
  if (trimmed.length <= LONG_NAME) return trimmed;
  const last =
    trimmed
      .split('/')
      .filter((part) => part !== '')
      .pop() ?? trimmed;
  return last === trimmed ? trimmed : `…${last}`;
}
