import type { SignalReport } from '../../worker/core/report/report';
import { code, count, real } from '../charts/format';
import { codesOf } from '../figures/SignalFigure';

/** One bin in words: real range, code range, counts of both paths: `1.02 to 1.10, codes 4,178 to 4,505: float 312, int8 308`. */
export function binText(signal: SignalReport, bin: number, path: 'int8' | 'hybrid' | null): string | null {
  const { edges, float, int8 } = signal.histogram;
  const [low, high] = [edges[bin], edges[bin + 1]];
  if (low === undefined || high === undefined) return null;
  const codes = codesOf(signal);
  // Edges lie half-way between codes.
  const range = codes && [Math.ceil(low / codes.scale + codes.zeroPoint), Math.floor(high / codes.scale + codes.zeroPoint)];
  const counts = [`float ${count(float[bin] ?? 0)}`, ...(path && int8 ? [`${path} ${count(int8[bin] ?? 0)}`] : [])].join(', ');
  const [first = 0, last = 0] = range ?? [];
  const codeText = range ? `, ${first === last ? `code ${code(first)}` : `codes ${code(first)} to ${code(last)}`}` : '';
  return `${real(low)} to ${real(high)}${codeText}: ${counts}`;
}
