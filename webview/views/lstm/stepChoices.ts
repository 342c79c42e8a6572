import type { MatrixRequest, SignalDetailRequest, ValueFilter } from '../../../worker/core/report/detail';
import { DETAIL_LIMITS } from '../../../worker/core/report/detail';
import type { SignalName } from '../../../worker/core/lstm/signals';
import type { Report, SignalReport } from '../../../worker/core/report/report';
import { reportKey } from '../../study';
import type { OpKey, ValuePick, ViewState } from '../../viewState';

/** Samples that the lanes are about: the chosen one, all, or the one that holds the largest error. */
export function samplesShown(report: Report, signal: SignalReport, chosen: ViewState['sample']): readonly number[] {
  const indices = report.perSample.map(({ index }) => index);
  if (chosen === 'all') return indices.slice(0, DETAIL_LIMITS.samples);
  if (chosen !== null && indices.includes(chosen)) return [chosen];
  const worst = signal.located?.worstSamples[0]?.sample ?? signal.located?.largest?.sample;
  const first = worst !== undefined && indices.includes(worst) ? worst : indices[0];
  return first === undefined ? [] : [first];
}

/** The place that all requests about one signal share. */
export function addressOf(
  lstm: OpKey,
  bidirectional: boolean,
  direction: 'forward' | 'backward',
  signal: SignalName,
): Pick<SignalDetailRequest, 'op' | 'direction' | 'signal'> {
  return { op: lstm.index, signal, ...(bidirectional ? { direction } : {}) };
}

export function filterOf(pick: ValuePick | null): ValueFilter | null {
  switch (pick?.kind) {
    case undefined:
      return null;
    case 'range':
      return { kind: 'range', path: 'quantized', low: pick.from, high: pick.to };
    case 'rails':
      return { kind: 'rails', end: 'either' };
    case 'flat':
    case 'clip':
      return { kind: pick.kind };
  }
}

export function matrixOf(of: ViewState['heat'], width: number, height: number): MatrixRequest {
  return {
    of,
    against: 'accumulated',
    path: 'quantized',
    width: Math.max(1, Math.min(1024, width)),
    height: Math.max(1, Math.min(256, height)),
    order: 'worst',
  };
}

/** All figures of a run's signal are kept under this name: another run, persona or signal is another one. */
export function aboutOf(
  report: Report,
  { op, direction, signal }: Pick<SignalDetailRequest, 'op' | 'direction' | 'signal'>,
): string {
  return [reportKey(report), op, direction, signal].join('|');
}
