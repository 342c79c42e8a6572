import type { SignalSums } from '../analysis/signalSums';
import type { SampleErrorSums } from '../analysis/worstSamples';
import type { StepSeries } from './detail';
import type { LocatedError, NoiseFloor, SampleError } from './report';
import { stepSeries, unitErrors } from './stepSeries';

/** Points of a series in a report: enough to see where it goes wrong, few enough to keep a report small. */
const MOST_POINTS = 64;
const MOST_UNITS = 8;
/** Of operators that are no LSTMs: there may be ten thousand. */
const FEW_POINTS = 16;
const FEW_UNITS = 5;
/** Half a unit in the last place of a significand of 11 and of 24 bits, relative to the value. */
const HALF_ULP = { float16: 2 ** -11, float32: 2 ** -24 } as const;

/**
 * Absent where nothing is compared, or no sample had finite values throughout.
 * @param isBrief fewer points and units
 */
export function locatedFields(
  sums: SignalSums,
  isBrief: boolean,
): { readonly located?: LocatedError; readonly noiseFloor?: NoiseFloor } {
  const { located, accumulated } = sums;
  const noise = accumulated.values === 0 ? {} : { noiseFloor: noiseFloor(accumulated) };
  if (located === null || located.steps.points === 0) return noise;
  const { largest } = located;
  return {
    ...noise,
    located: {
      samples: located.samples,
      series: rounded(stepSeries(located.steps, 0, isBrief ? FEW_POINTS : MOST_POINTS, (values) => [...values])),
      worstUnits: unitErrors(located, 'worst', isBrief ? FEW_UNITS : MOST_UNITS).map((unit) => ({
        ...unit,
        rmse: significant(unit.rmse),
        localRmse: significant(unit.localRmse),
      })),
      worstSamples: worstSamples(sums.worstSamples),
      largest: largest === null ? null : { ...largest, atRail: isAtRail(sums, largest.quantized) },
    },
  };
}

export function worstSamples(samples: readonly SampleErrorSums[]): SampleError[] {
  return samples.map(({ sample, values, errorSquared, maxAbs }) => ({
    sample,
    rmse: Math.sqrt(errorSquared / values),
    maxAbs,
  }));
}

function noiseFloor({ floatSquared, values }: SignalSums['accumulated']): NoiseFloor {
  const rms = Math.sqrt(floatSquared / values);
  return { float16Rmse: HALF_ULP.float16 * rms, float32Rmse: HALF_ULP.float32 * rms };
}

function isAtRail({ rails, axis }: SignalSums, real: number): boolean {
  if (rails === null) return false;
  return [rails.lowCode, rails.highCode].some((code) => Math.fround(axis.scale * (code - axis.zeroPoint)) === real);
}

function rounded(series: StepSeries): StepSeries {
  const { first, stepsPerPoint, values, atRails, ...reals } = series;
  const entries = Object.entries(reals).map(([name, list]) => [name, Array.from(list, significant)] as const);
  return { first, stepsPerPoint, values, atRails, ...(Object.fromEntries(entries) as unknown as Omit<StepSeries, 'first' | 'stepsPerPoint' | 'values' | 'atRails'>) }; // prettier-ignore
}

/** Three significant digits. */
function significant(value: number): number {
  return Number(value.toPrecision(3));
}
