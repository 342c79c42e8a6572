import { grouped, inPercent, listed } from '../wording';

/** A real value with three significant digits and a true minus. */
export function real(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const text = Math.abs(rounded) >= 10_000 ? rounded.toLocaleString('en-US') : rounded.toString();
  return text.replace('-', '−');
}

/** A scale or a factor with five significant digits; exact powers of two as such. */
export function scaleText(scale: number): string {
  const exponent = Math.log2(scale);
  if (Number.isInteger(exponent)) return `2^${exponent.toString().replace('-', '−')}`;
  return Number(scale.toPrecision(5)).toString().replace('-', '−');
}

/** A code or zero point, with a true minus. */
export function codeText(code: number): string {
  return String(code).replace('-', '−');
}

/** A share of values: one digit, two below 1 %. */
export function share(part: number, whole: number): string {
  return inPercent(whole === 0 ? 0 : part / whole);
}

/** Format of a cell with k integer bits: Qk.(15-k). */
export function cellFormat(integerBits: number): string {
  return `Q${integerBits}.${15 - integerBits}`.replace('-', '−');
}

const LONGEST_NAME = 80;

/** A tensor's name, or its number where it has none. Of names that a converter joined by `;` when it fused operators, the first. */
export function tensorName({ name, index }: { readonly name: string; readonly index: number }): string {
  const [first = ''] = name.split(';', 1);
  if (first === '') return name === '' ? `tensor ${index}` : name.slice(0, LONGEST_NAME);
  return first.length > LONGEST_NAME ? `${first.slice(0, LONGEST_NAME - 1)}…` : first;
}

/** The first `most` items, and how many more there are: `a, b and 5 more`. */
export function listSome(items: readonly string[], most: number): string {
  const rest = items.length - most;
  return rest > 0 ? listed([...items.slice(0, most), `${grouped(rest)} more`]) : listed(items);
}
