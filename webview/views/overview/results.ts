import type { LayerReport, Report, SignalReport } from '../../../worker/core/report/report';
import { mostLost } from '../lstm/losses';

/** The layer whose output stands for the model's; where that was not compared, the last one that was. */
export function outputLayer(report: Report): LayerReport | null {
  const main = report.layers[report.mainLayer ?? -1];
  if (main?.accumulated) return main;
  return [...report.layers].reverse().find((layer) => layer.accumulated !== null) ?? null;
}

export interface Saturated {
  readonly layer: LayerReport;
  readonly signal: SignalReport;
  readonly share: number;
}

/** Where the largest share of values is at a rail, over the model's inputs and all signals; null where nothing is lost. */
export function largestSaturation(report: Report): Saturated | null {
  let largest: Saturated | null = null;
  for (const layer of [...report.inputs, ...report.layers]) {
    const most = mostLost(layer);
    if (most && most.share > (largest?.share ?? 0)) largest = { layer, ...most };
  }
  return largest;
}
