import type { LayerReport, SignalReport } from '../../../worker/core/report/report';
import { lostCount, lostShare } from '../../figures/readings';

/** Values of a signal that were lost at a rail of its integer type. */
export function lossOf(signal: SignalReport): { readonly count: number; readonly values: number } {
  return { count: lostCount(signal), values: signal.values };
}

/** The signal of the layer that loses the largest share of its values at a rail; null where nothing is lost. */
export function mostLost(
  layer: LayerReport,
  considered: (signal: SignalReport) => boolean = () => true,
): { readonly signal: SignalReport; readonly share: number } | null {
  let most: { readonly signal: SignalReport; readonly share: number } | null = null;
  for (const signal of layer.signals) {
    const share = considered(signal) ? lostShare(signal) : 0;
    // Of stages that lose the same the last one, where the loss shows.
    if (share > 0 && share >= (most?.share ?? 0)) most = { signal, share };
  }
  return most;
}
