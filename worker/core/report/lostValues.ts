import type { LayerReport } from './report';

export interface LostValues {
  /** Values at those rails beyond which float goes on. */
  readonly atRails: number;
  /** Values of the float path that lie beyond. */
  readonly beyond: number;
  readonly values: number;
}

/** Operators whose scale is fixed such that 1 lies just beyond the rail. */
const FIXED_RANGE: ReadonlySet<string> = new Set(['SOFTMAX', 'LOGISTIC', 'TANH']);

/** What an input or a layer's output loses at its rails; values that float has at a rail as well are not lost. */
export function lostValues({ op, signals }: LayerReport): LostValues {
  const output = signals.find(({ signal }) => signal === 'out') ?? signals.find(({ signal }) => signal === 'h');
  if (output === undefined || output.rails === null || output.beyond === undefined || FIXED_RANGE.has(op)) {
    return { atRails: 0, beyond: 0, values: output?.values ?? 0 };
  }
  const { rails, beyond, values } = output;
  return {
    atRails: (beyond.low > 0 ? rails.low : 0) + (beyond.high > 0 ? rails.high : 0),
    beyond: beyond.low + beyond.high,
    values,
  };
}
