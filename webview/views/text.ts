import type { ModelOverview, QuantizationInfo } from '../../worker/core/report/overview';
import { count, scale, signedReal } from '../charts/format';
import { textWidth } from '../charts/textWidth';

/** `1 sample`, `24 samples`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `[1, time, 120]`: the dynamic middle axis of a three-dimensional tensor is its time, where steps are counted there. */
export function shapeText(shape: readonly number[], hasSteps = false): string {
  const sizeText = (size: number, axis: number) =>
    size >= 0 ? String(size) : hasSteps && shape.length === 3 && axis === 1 ? 'time' : '?';
  return `[${shape.map(sizeText).join(', ')}]`;
}

/** Whether the middle axis counts steps: in recurrent models that have the batch first. In ONNX the batch is there. */
export function hasStepsInMiddle({ lstms, format }: Pick<ModelOverview, 'lstms' | 'format'>): boolean {
  return lstms.length > 0 && format !== 'onnx';
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

/**
 * A long tensor name by its end, which tells more than its beginning: as many of its last parts as fit, at least one.
 * @param width pixels at 12 px
 */
export function shortName(name: string, width: number): string {
  // Fused operators carry the names of all that was fused into them: the longest says most.
  const trimmed = name
    .split(';')
    .reduce((longest, one) => (one.length > longest.length ? one : longest), '')
    .trim();
  if (textWidth(trimmed, 12) <= width) return trimmed;
  const parts = trimmed.split('/').filter((part) => part !== '');
  let short = parts.pop() ?? trimmed;
  if (parts.length === 0) return trimmed;
  for (const part of parts.reverse()) {
    const longer = `${part}/${short}`;
    if (textWidth(`…/${longer}`, 12) > width) break;
    short = longer;
  }
  return `…/${short}`;
}
