import type { SignalReport } from '../../worker/core/report/report';
import { code, count, real } from '../charts/format';
import { codesOf } from '../figures/SignalFigure';

/** One bin: real range, code range, counts of both paths. */
export interface BinFigures {
  readonly reals: string;
  /** Empty where values have no codes. */
  readonly codes: string;
  readonly float: string;
  readonly quantized: string | null;
}

/** One bin in words: real range, code range, counts of both paths: `1.02 to 1.10, codes 4,178 to 4,505: float 312, int8 308`. */
export function binText(signal: SignalReport, bin: number, path: 'int8' | 'hybrid' | null): string | null {
  const figures = binFigures(signal, bin, path);
  if (figures === null) return null;
  const { reals, codes, float, quantized } = figures;
  const counts = [`float ${float}`, ...(path && quantized !== null ? [`${path} ${quantized}`] : [])].join(', ');
  return `${reals}${codes === '' ? '' : `, ${codes}`}: ${counts}`;
}

export function binFigures(signal: SignalReport, bin: number, path: 'int8' | 'hybrid' | null): BinFigures | null {
  const { edges, float, int8 } = signal.histogram;
  const [low, high] = [edges[bin], edges[bin + 1]];
  if (low === undefined || high === undefined) return null;
  const codes = codesOf(signal);
  // Edges lie half-way between codes.
  const first = codes && Math.ceil(low / codes.scale + codes.zeroPoint);
  const last = codes && Math.floor(high / codes.scale + codes.zeroPoint);
  return {
    reals: `${real(low)} to ${real(high)}`,
    codes:
      first === null || last === null ? '' : first === last ? `code ${code(first)}` : `codes ${code(first)} to ${code(last)}`,
    float: count(float[bin] ?? 0),
    quantized: path && int8 ? count(int8[bin] ?? 0) : null,
  };
}
