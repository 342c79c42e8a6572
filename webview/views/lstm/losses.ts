import type { LayerReport, SignalReport } from '../../../worker/core/report/report';

/** Values of a signal at a rail of its integer type. An activation's end loses nothing, although its code may be the last one. */
export function lossOf({ rails, flat, values }: SignalReport): { readonly count: number; readonly values: number } {
  return { count: rails && !flat ? rails.low + rails.high : 0, values };
}

export function shareOf(signal: SignalReport): number {
  const { count, values } = lossOf(signal);
  return values > 0 ? count / values : 0;
}

/** The signal of a layer with the largest share of values at a rail; null where there is none at all. */
export function mostSaturated(layer: LayerReport): SignalReport | null {
  const worst = layer.signals.reduce<SignalReport | null>(
    (best, signal) => (shareOf(signal) > (best ? shareOf(best) : 0) ? signal : best),
    null,
  );
  return worst;
}
