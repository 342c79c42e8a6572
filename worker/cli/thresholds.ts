import type { LayerReport, Report } from '../core/report/report';
import { count, decibel, percent, real } from '../../webview/charts/format';
import { UnusableError } from './failure';

/** What a report must keep to; absent: not asked for. */
export interface Thresholds {
  /** Accumulated SQNR of every layer's output, in dB. */
  readonly minSqnr?: number;
  /** Share 0..1 of values at rails beyond which float goes on, of every input and layer. */
  readonly maxSaturation?: number;
  /** Largest error of any value of the model's outputs. */
  readonly maxError?: number;
}

/**
 * Each violation as one line, in the order of the layers.
 * @param outputs operator indices of the layers that compute the model's outputs
 * @throws UnusableError when an error is asked for and nothing was compared
 */
export function violations(report: Report, outputs: ReadonlySet<number>, thresholds: Thresholds): string[] {
  const { minSqnr, maxSaturation, maxError } = thresholds;
  if (report.quantizedPath === null && (minSqnr !== undefined || maxError !== undefined)) {
    throw new UnusableError(`${report.model.fileName}: is a float model, so there is no error to hold against a threshold`);
  }
  return [...report.inputs, ...report.layers].flatMap((layer) => {
    const isOutput = layer.op !== 'INPUT' && outputs.has(layer.index);
    return [
      ...(minSqnr === undefined ? [] : sqnrViolation(layer, minSqnr)),
      ...(maxSaturation === undefined ? [] : saturationViolation(layer, maxSaturation)),
      ...(maxError === undefined || !isOutput ? [] : errorViolation(layer, maxError)),
    ];
  });
}

function sqnrViolation(layer: LayerReport, least: number): string[] {
  const error = layer.accumulated;
  if (error === null || error.exact) return [];
  if (error.sqnrDb !== null && error.sqnrDb >= least) return [];
  return [`${placeOf(layer)}: SQNR ${decibel(error.sqnrDb)} dB is below ${least} dB`];
}

function saturationViolation(layer: LayerReport, most: number): string[] {
  const { lostAtRails, saturation } = layer;
  const { values } = saturation;
  if (values === 0 || lostAtRails / values <= most) return [];
  return [`${placeOf(layer)}: ${percent(lostAtRails / values)} at the rails (${count(lostAtRails)} of ${count(values)}), more than ${percent(most)}`]; // prettier-ignore
}

function errorViolation(layer: LayerReport, most: number): string[] {
  const { accumulated } = layer;
  if (accumulated === null || accumulated.maxAbs <= most) return [];
  return [`${placeOf(layer)}: largest error ${real(accumulated.maxAbs)} is above ${most}`];
}

function placeOf({ op, index, name }: LayerReport): string {
  return op === 'INPUT' ? `input ${name}` : `op ${index} ${op} ${name}`;
}
