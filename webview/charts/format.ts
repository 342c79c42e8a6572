/**
 * Numbers as people read them, the same in every view and export. Units stand after a no-break space, the minus is a true
 * minus (U+2212), thousands are set apart by a comma. `NOT_MEASURED` stands for null throughout.
 */

/** What stands where nothing was measured. */
export const NOT_MEASURED = '–';
const MINUS = '\u2212';
const SPACE = '\u00a0';

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
/** Groups the integer part of an unsigned decimal only. */
const withThousands = (decimal: string): string => {
  const [whole = '', fraction] = decimal.split('.');
  return fraction === undefined ? grouped(whole) : `${grouped(whole)}.${fraction}`;
};
const signed = (value: number, magnitude: string): string =>
  value < 0 && /[1-9]/.test(magnitude) ? MINUS + magnitude : magnitude;

/** Integer count, exact: `217,056`. */
export function count(value: number): string {
  return signed(value, grouped(Math.abs(Math.round(value)).toString()));
}

/** Integer code, exact: `−32,768`. `plus` writes `+32,767`, for the upper end of an axis. */
export function code(value: number, plus = false): string {
  return (plus && value > 0 ? '+' : '') + count(value);
}

/** SQNR in dB, one digit, without its unit: `36.9`; `exact` where no value differs; `–` where not measured. */
export function decibel(value: number | null, exact = false): string {
  if (exact) return 'exact';
  return value === null ? NOT_MEASURED : signed(value, Math.abs(value).toFixed(1));
}

/** Gain in dB with its sign: `+2.5`, `−0.5`, and `0.0` where it rounds to nothing. */
export function gain(value: number | null): string {
  if (value === null) return NOT_MEASURED;
  const magnitude = Math.abs(value).toFixed(1);
  return magnitude === '0.0' ? magnitude : (value < 0 ? MINUS : '+') + magnitude;
}

/** Share 0..1 as percent: one digit, two below 1 %, `<0.01 %` below that: `27.5 %`. */
export function percent(share: number): string {
  if (share === 0) return `0${SPACE}%`;
  if (share < 0.0001) return `<0.01${SPACE}%`;
  return `${(share * 100).toFixed(share < 0.00995 ? 2 : 1)}${SPACE}%`;
}

/** Share of `values` as percent, or the count itself below 0.1 %: `27.5 %`, `0.88 %`, `179`, `0`. */
export function shareOrCount(part: number, values: number): string {
  return values > 0 && part / values >= 0.001 ? percent(part / values) : count(part);
}

/** Whether `shareOrCount` answers with a count, so that a unit such as `values` may follow. */
export function isCount(part: number, values: number): boolean {
  return !(values > 0 && part / values >= 0.001);
}

/** Real value, three significant digits: `−4.69`, `17.5`, `0.0157`, `12,300`; exponents outside 1e-5..1e7. */
export function real(value: number): string {
  return significant(value, 3);
}

/** Quantization scale, five significant digits: `0.00012207`. */
export function scale(value: number): string {
  return significant(value, 5);
}

/** Real with its sign written out, for ranges that straddle zero: `+4.06`. */
export function signedReal(value: number): string {
  return (value > 0 ? '+' : '') + real(value);
}

function significant(value: number, digits: number): string {
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude < 1e-5 || magnitude >= 1e7) {
    const [mantissa = '', exponent = ''] = magnitude.toExponential(digits - 1).split('e');
    return signed(value, `${mantissa}e${exponent.replace('+', '').replace('-', MINUS)}`);
  }
  const rounded = Number(magnitude.toPrecision(digits));
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(rounded)));
  return signed(value, withThousands(rounded.toFixed(decimals)));
}

/** The shortest plain form of a bound such as a rail or a clip: `8`, `0.75`, `−4` (three significant, no trailing zeros). */
export function bound(value: number): string {
  const text = real(value);
  return text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text;
}

/** Axis label of a count: `10k`, `1M`. */
export function countTick(value: number): string {
  if (value >= 1e9) return `${value / 1e9}G`;
  if (value >= 1e6) return `${value / 1e6}M`;
  return value >= 1e3 ? `${value / 1e3}k` : `${value}`;
}

/** Fixed-point format of a cell with `integerBits`: `Q2.13` (the sign bit is not counted). */
export function qFormat(integerBits: number): string {
  return `Q${integerBits}.${15 - integerBits}`;
}

/** Bytes, exact, with the unit: `167,600 bytes`. */
export function byteCount(value: number): string {
  return `${count(value)}${SPACE}${value === 1 ? 'byte' : 'bytes'}`;
}

/** A figure with its unit: `36.9 dB`. No unit after `exact` and `–`. */
export function withUnit(text: string, unit: string): string {
  return text === 'exact' || text === NOT_MEASURED ? text : `${text}${SPACE}${unit}`;
}
