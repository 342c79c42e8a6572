import type { Value } from '../../run/value';
import { isCodeArray, type AnalysedArray } from '../analysedArray';
import type { LayerPlan } from '../layerPlan';
import { inSteps, outputAxes, type OutputAxes } from '../outputAxes';
import type { StepResult } from '../probedRun';
import type { CellTraces } from './cellTraces';

/** The first output of an operator that is no LSTM, as if it were a signal of one. */
export interface OutputTraces extends CellTraces {
  readonly units: number;
}

export type OutputPaths = Readonly<Record<'float' | 'quantized' | 'local', StepResult | null>>;

/** Null where the output has no values along which it could be told. */
export function outputTraces({ operator }: LayerPlan, paths: OutputPaths): OutputTraces | null {
  const [first, step] = [paths.quantized, paths.float].flatMap((path) => {
    const output = path?.outputs[0];
    return path === null || output === undefined ? [] : [[output, path] as const];
  })[0] ?? [null, null];
  const axes = first === null ? null : outputAxes(operator, first.shape, step.calls);
  if (first === null || axes === null) return null;
  const trace = (path: StepResult | null) => {
    const values = path === null ? null : valuesOf(path.outputs[0], first, axes);
    return values === null ? null : { out: values };
  };
  const [float, quantized, local] = [trace(paths.float), trace(paths.quantized), trace(paths.local)];
  return { steps: axes.steps, batch: axes.batch, units: axes.units, float, quantized, local };
}

/** Copies: paths use their memory again. */
function valuesOf(value: Value | undefined, { shape, data }: Value, axes: OutputAxes): AnalysedArray | null {
  if (value === undefined || value.data.length !== data.length) return null;
  const values = value.data;
  return values instanceof Float32Array || isCodeArray(values) ? inSteps(values, shape, axes).slice() : null;
}
