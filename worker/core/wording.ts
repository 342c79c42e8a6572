/** Figures inside sentences: dB with one digit, shares with one (two below 1 %), thousands apart, true minus. */

export function inDb(value: number): string {
  const magnitude = Math.abs(value).toFixed(1);
  return `${value < 0 && magnitude !== '0.0' ? '−' : ''}${magnitude} dB`;
}

export function inPercent(share: number): string {
  return `${(100 * share).toFixed(share < 0.00995 ? 2 : 1)} %`;
}

/** A whole number with thousands apart: 13,228. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 sample`, `8 samples`. */
export function counted(count: number, singular: string): string {
  return `${grouped(count)} ${count === 1 ? singular : `${singular}s`}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  return items.length <= 1 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
