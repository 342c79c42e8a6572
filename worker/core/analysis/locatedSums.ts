import type { CodeArray } from './analysedArray';
import { emptyTable, FIGURE, mergeRow, ROW, type FigureTable } from './figureTable';
import { emptySteps, coverSteps, mergeSteps, type StepSums } from './stepSums';

/** Where the error of one signal of an LSTM lies: over steps, units and samples. Mergeable, plain data. */
export interface LocatedSums {
  readonly steps: StepSums;
  /** One row per unit; all batch rows of a step count together. */
  readonly units: FigureTable;
  /** Those of the largest mean squared error, the worst first. */
  readonly samples: LocatedSample[];
  largest: LargestValue | null;
}

export interface LocatedSample {
  readonly sample: number;
  readonly values: number;
  readonly errorSquared: number;
  readonly maxAbs: number;
}

/** The value furthest from float. Of several, the one of the first sample, step, row and unit. */
export interface LargestValue {
  readonly sample: number;
  readonly step: number;
  readonly batch: number;
  readonly unit: number;
  readonly float: number;
  readonly quantized: number;
}

/** One signal's values over one sample, [steps, batch, units], all as reals; none may be NaN or infinite. */
export interface LocatedValues {
  readonly float: Float32Array;
  readonly quantized: Float32Array;
  /** Null where the float path has nothing to compute it from. */
  readonly local: Float32Array | null;
}

export interface SamplePlace {
  readonly sample: number;
  /** Steps before this sample's first one; not 0 only where states are carried over. */
  readonly firstStep: number;
  readonly batch: number;
}

/** Points over steps that a run keeps. */
export const MOST_POINTS = 512;
/** Samples that a run keeps. */
const MOST_SAMPLES = 5;

export function emptyLocated(units: number, mostPoints: number = MOST_POINTS): LocatedSums {
  return { steps: emptySteps(mostPoints), units: emptyTable(units), samples: [], largest: null };
}

/** Adds one sample. */
export function addLocated(sums: LocatedSums, place: SamplePlace, values: LocatedValues): void {
  const size = sums.units.length / ROW;
  const rowSize = size * place.batch;
  const steps = rowSize === 0 ? 0 : Math.floor(values.float.length / rowSize);
  if (steps === 0) return;
  coverSteps(sums.steps, place.firstStep + steps);
  const { errorSquared, worst } = addRows(sums, place, values, steps * place.batch);
  const maxAbs = Math.abs(values.quantized[worst]! - values.float[worst]!);
  addSample(sums.samples, { sample: place.sample, values: steps * rowSize, errorSquared, maxAbs });
  if (maxAbs === 0) return;
  const largest = {
    sample: place.sample,
    step: place.firstStep + Math.floor(worst / rowSize),
    batch: Math.floor(worst / size) % place.batch,
    unit: worst % size,
    float: values.float[worst]!,
    quantized: values.quantized[worst]!,
  };
  if (isLarger(largest, sums.largest)) sums.largest = largest;
}

/** Counts of single values by step and unit, which most signals have none of. */
export function addWhere(
  sums: LocatedSums,
  { firstStep, batch }: SamplePlace,
  which: 'atRails' | 'flat',
  values: CodeArray | Float32Array,
  /** Counted are values up to `low` and from `high` on. */
  low: number,
  high: number,
): void {
  const { steps, units } = sums;
  const size = units.length / ROW;
  const perPoint = 2 ** steps.exponent;
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (v > low && v < high) continue;
    const step = firstStep + Math.floor(i / (size * batch));
    steps.table[Math.floor(step / perPoint) * ROW + FIGURE[which]]!++;
    units[(i % size) * ROW + FIGURE[which]]!++;
  }
}

export function mergeLocated(into: LocatedSums, other: LocatedSums): void {
  mergeSteps(into.steps, other.steps);
  for (let unit = 0; unit < other.units.length / ROW; unit++) mergeRow(into.units, unit, other.units, unit);
  for (const sample of other.samples) addSample(into.samples, sample);
  if (other.largest !== null && isLarger(other.largest, into.largest)) into.largest = other.largest;
}

/** The inner loop of a run over millions of values: sums of a step are kept in variables until its row ends. */
function addRows(
  { steps: { table, exponent }, units }: LocatedSums,
  { firstStep, batch }: SamplePlace,
  { float, quantized, local }: LocatedValues,
  rows: number,
): { readonly errorSquared: number; readonly worst: number } {
  const size = units.length / ROW;
  const locals = local ?? float;
  const perPoint = 2 ** exponent;
  let errorSquared = 0;
  let maxAbs = -1;
  let worst = 0;
  let i = 0;
  for (let row = 0; row < rows; row++) {
    let rowFloat = 0;
    let rowError = 0;
    let rowLocal = 0;
    let rowAbs = 0;
    let floatMin = Infinity;
    let floatMax = -Infinity;
    let min = Infinity;
    let max = -Infinity;
    for (let at = 0; at < units.length; at += ROW) {
      const f = float[i]!;
      const q = quantized[i]!;
      const error = q - f;
      const absolute = Math.abs(error);
      const localError = locals[i]! - f;
      const squares = f * f;
      const errorSquares = error * error;
      const localSquares = localError * localError;
      rowFloat += squares;
      rowError += errorSquares;
      rowLocal += localSquares;
      units[at + FIGURE.floatSquared]! += squares;
      units[at + FIGURE.errorSquared]! += errorSquares;
      units[at + FIGURE.localSquared]! += localSquares;
      if (absolute > rowAbs) {
        rowAbs = absolute;
        if (absolute > maxAbs) {
          maxAbs = absolute;
          worst = i;
        }
      }
      if (absolute > units[at + FIGURE.maxAbs]!) units[at + FIGURE.maxAbs] = absolute;
      if (f < floatMin) floatMin = f;
      if (f > floatMax) floatMax = f;
      if (q < min) min = q;
      if (q > max) max = q;
      if (f < units[at + FIGURE.floatMin]!) units[at + FIGURE.floatMin] = f;
      if (f > units[at + FIGURE.floatMax]!) units[at + FIGURE.floatMax] = f;
      if (q < units[at + FIGURE.min]!) units[at + FIGURE.min] = q;
      if (q > units[at + FIGURE.max]!) units[at + FIGURE.max] = q;
      i++;
    }
    const point = Math.floor((firstStep + Math.floor(row / batch)) / perPoint) * ROW;
    table[point + FIGURE.values]! += size;
    table[point + FIGURE.floatSquared]! += rowFloat;
    table[point + FIGURE.errorSquared]! += rowError;
    table[point + FIGURE.localSquared]! += rowLocal;
    table[point + FIGURE.maxAbs] = Math.max(table[point + FIGURE.maxAbs]!, rowAbs);
    table[point + FIGURE.floatMin] = Math.min(table[point + FIGURE.floatMin]!, floatMin);
    table[point + FIGURE.floatMax] = Math.max(table[point + FIGURE.floatMax]!, floatMax);
    table[point + FIGURE.min] = Math.min(table[point + FIGURE.min]!, min);
    table[point + FIGURE.max] = Math.max(table[point + FIGURE.max]!, max);
    errorSquared += rowError;
  }
  for (let at = 0; at < units.length; at += ROW) units[at + FIGURE.values]! += rows;
  return { errorSquared, worst };
}

function addSample(samples: LocatedSample[], added: LocatedSample): void {
  samples.push(added);
  const mean = ({ errorSquared, values }: LocatedSample) => errorSquared / values;
  samples.sort((a, b) => mean(b) - mean(a) || a.sample - b.sample);
  if (samples.length > MOST_SAMPLES) samples.length = MOST_SAMPLES;
}

function isLarger(value: LargestValue, than: LargestValue | null): boolean {
  if (than === null) return true;
  const [own, other] = [value, than].map(({ float, quantized }) => Math.abs(quantized - float));
  return own! > other! || (own === other && value.sample < than.sample);
}
