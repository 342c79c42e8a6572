import type { AnalysedArray } from '../analysis/analysedArray';
import { errorsOf } from '../analysis/errorSums';
import type { SignalFormat } from '../analysis/signalSums';
import type { SignalFirst } from './comparison';
import { coverSteps, emptyDifference, type DifferenceSums } from './differenceSums';

/** How a signal's values lie in memory: [outer, steps, rows, units]. */
export interface Geometry {
  readonly outer: number;
  /** 1 where there is no time axis. */
  readonly steps: number;
  readonly rows: number;
  readonly units: number;
  readonly hasTime: boolean;
}

/** One signal on both sides, and on the float paths where they have it. */
export interface SignalValues {
  readonly a: AnalysedArray;
  readonly b: AnalysedArray;
  readonly floatA: Float32Array | null;
  readonly floatB: Float32Array | null;
  readonly formatA: SignalFormat;
  readonly formatB: SignalFormat;
}

/** What differs in one signal of one sample. Arrays are of the same length. */
export function countDifferences(
  values: SignalValues,
  geometry: Geometry,
  sample: { readonly index: number; readonly name: string },
): DifferenceSums {
  const { a, b, floatA, floatB, formatA, formatB } = values;
  const [scaleA, scaleB] = [formatA, formatB].map(scaleOf) as [Scale, Scale];
  const comparesCodes = formatA.dtype === formatB.dtype && formatA.dtype !== 'float32';
  const sums = emptyDifference();
  sums.values = a.length;
  if (floatA !== null) Object.assign(sums.errorsA, errorsOf(floatA, a, scaleA.scale, scaleA.zeroPoint));
  if (floatB !== null) Object.assign(sums.errorsB, errorsOf(floatB, b, scaleB.scale, scaleB.zeroPoint));
  const { steps: perStep } = sums;
  if (geometry.hasTime) coverSteps(perStep, geometry.steps);
  const inner = geometry.rows * geometry.units;
  let firstStep = Infinity;
  for (let start = 0, block = 0; start < a.length; start += inner, block++) {
    const step = block % geometry.steps;
    let differing = 0;
    let squaredA = 0;
    let squaredB = 0;
    for (let k = start; k < start + inner; k++) {
      const realA = Math.fround(scaleA.scale * (a[k]! - scaleA.zeroPoint));
      const realB = Math.fround(scaleB.scale * (b[k]! - scaleB.zeroPoint));
      if (comparesCodes ? a[k] !== b[k] : !sameReal(realA, realB)) {
        differing++;
        if (comparesCodes) sums.maxCodes = Math.max(sums.maxCodes, Math.abs(a[k]! - b[k]!));
        const absolute = Math.abs(realA - realB);
        if (absolute > sums.maxAbs && absolute < Infinity) sums.maxAbs = absolute;
      }
      if (floatA !== null) squaredA += (realA - floatA[k]!) ** 2;
      if (floatB !== null) squaredB += (realB - floatB[k]!) ** 2;
    }
    sums.differing += differing;
    if (differing > 0 && step < firstStep) firstStep = step;
    if (!geometry.hasTime) continue;
    const entry = step >> perStep.exponent;
    perStep.values[entry]! += inner;
    perStep.differing[entry]! += differing;
    perStep.squaredA[entry]! += Number.isFinite(squaredA) ? squaredA : 0;
    perStep.squaredB[entry]! += Number.isFinite(squaredB) ? squaredB : 0;
    perStep.held[entry]! += inner;
  }
  if (firstStep < Infinity) sums.first = firstAt(values, geometry, firstStep, comparesCodes, sample);
  return sums;
}

interface Scale {
  readonly scale: number;
  readonly zeroPoint: number;
}

function scaleOf({ quantization }: SignalFormat): Scale {
  return { scale: quantization?.scales[0] ?? 1, zeroPoint: quantization?.zeroPoints[0] ?? 0 };
}

/** Which units differ in a step, over all its rows; the first row and unit among them. */
function firstAt(
  { a, b, formatA, formatB }: SignalValues,
  { outer, steps, rows, units, hasTime }: Geometry,
  step: number,
  comparesCodes: boolean,
  sample: { readonly index: number; readonly name: string },
): SignalFirst {
  const [x, y] = [scaleOf(formatA), scaleOf(formatB)];
  const real = (value: number, { scale, zeroPoint }: Scale) => Math.fround(scale * (value - zeroPoint));
  const differ = (k: number) => (comparesCodes ? a[k] !== b[k] : !sameReal(real(a[k]!, x), real(b[k]!, y)));
  const seen = new Set<number>();
  let first: { readonly row: number; readonly unit: number } | null = null;
  for (let o = 0; o < outer; o++) {
    for (let row = 0; row < rows; row++) {
      const start = ((o * steps + step) * rows + row) * units;
      for (let unit = 0; unit < units; unit++) {
        if (!differ(start + unit)) continue;
        seen.add(unit);
        first ??= { row: o * rows + row, unit };
      }
    }
  }
  return {
    sample: sample.index,
    sampleName: sample.name,
    step: hasTime ? step : null,
    row: first?.row ?? 0,
    unit: first?.unit ?? 0,
    units: seen.size,
    ofUnits: units,
  };
}

/** NaN is as good as NaN. */
function sameReal(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}
