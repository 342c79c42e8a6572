import type { CodeArray } from './analysedArray';
import { emptyTable, mergeTable, STEP, STEP_ROW, UNIT, UNIT_LAYOUT, UNIT_ROW, type FigureTable } from './figureTable';
import { coverSteps, emptySteps, mergeSteps, type StepSums } from './stepSums';

/** Where the error of one signal of an LSTM lies: over steps and units. Mergeable, plain data. */
export interface LocatedSums {
  readonly steps: StepSums;
  /** One row per unit; all batch rows of a step count together. */
  readonly units: FigureTable;
  /** Values of each unit. */
  valuesPerUnit: number;
  /** Samples that steps and units cover. */
  samples: number;
  /** Over all samples. */
  largest: LargestValue | null;
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
  /** More of a sample whose first part has been counted. */
  readonly continues?: boolean;
}

/** Points over steps that a run keeps. */
export const MOST_POINTS = 512;

export function emptyLocated(units: number, mostPoints: number = MOST_POINTS): LocatedSums {
  return { steps: emptySteps(mostPoints), units: emptyTable(UNIT_LAYOUT, units), valuesPerUnit: 0, samples: 0, largest: null };
}

/** Adds one sample. */
export function addLocated(sums: LocatedSums, { firstStep, batch, continues }: SamplePlace, values: LocatedValues): void {
  const rowSize = (sums.units.length / UNIT_ROW) * batch;
  const steps = rowSize === 0 ? 0 : Math.floor(values.float.length / rowSize);
  if (continues !== true) sums.samples++;
  if (steps === 0) return;
  coverSteps(sums.steps, firstStep + steps);
  sums.valuesPerUnit += steps * batch;
  const { float, quantized, local } = values;
  const { table, exponent } = sums.steps;
  addRows(sums.units, table, firstStep, batch * 2 ** exponent, batch, float, quantized, local ?? float);
}

/** Looks for a sample's largest error where that may be the run's. @param maxAbs of the sample */
export function addLargest(
  sums: LocatedSums,
  { sample, firstStep, batch }: SamplePlace,
  { float, quantized }: Pick<LocatedValues, 'float' | 'quantized'>,
  maxAbs: number,
): void {
  if (maxAbs <= (sums.largest === null ? 0 : Math.abs(sums.largest.quantized - sums.largest.float))) return;
  const size = sums.units.length / UNIT_ROW;
  const at = float.findIndex((value, i) => Math.abs(quantized[i]! - value) === maxAbs);
  if (at < 0) return;
  sums.largest = {
    sample,
    step: firstStep + Math.floor(at / (size * batch)),
    batch: Math.floor(at / size) % batch,
    unit: at % size,
    float: float[at]!,
    quantized: quantized[at]!,
  };
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
  if (units.length === 0) return;
  countEnds(units, steps.table, UNIT[which], STEP[which], firstStep * batch, batch * 2 ** steps.exponent, values, low, high);
}

function countEnds(
  units: FigureTable,
  table: FigureTable,
  ofUnit: number,
  ofStep: number,
  firstRow: number,
  rowsPerPoint: number,
  values: CodeArray | Float32Array,
  low: number,
  high: number,
): void {
  const length = UNIT_ROW;
  let i = 0;
  for (let row = 0; i < values.length; row++) {
    let count = 0;
    for (let unit = ofUnit; unit < units.length; unit += length) {
      const v = values[i++]!;
      if (v > low && v < high) continue;
      count++;
      units[unit]!++;
    }
    if (count > 0) table[Math.floor((firstRow + row) / rowsPerPoint) * STEP_ROW + ofStep]! += count;
  }
}

export function mergeLocated(into: LocatedSums, other: LocatedSums): void {
  mergeSteps(into.steps, other.steps);
  mergeTable(UNIT_LAYOUT, into.units, other.units, other.units.length / UNIT_ROW, 1);
  into.valuesPerUnit += other.valuesPerUnit;
  into.samples += other.samples;
  if (other.largest !== null && isLarger(other.largest, into.largest)) into.largest = other.largest;
}

/**
 * The inner loop of a run over millions of values: figures of a step are kept in variables until its row ends. It takes plain arguments
 * because the compiler gives up on objects whose fields change their kind.
 * @param rowsPerPoint rows of a table of steps that share a point
 */
function addRows(
  units: FigureTable,
  table: FigureTable,
  firstStep: number,
  rowsPerPoint: number,
  batch: number,
  float: Float32Array,
  quantized: Float32Array,
  locals: Float32Array,
): void {
  // Local constants: what belongs to a module is looked up anew for every value.
  const [row, size] = [UNIT_ROW, units.length / UNIT_ROW];
  const { errorSquared: ofError, localSquared: ofLocal, maxAbs: ofMaximum } = UNIT;
  let i = 0;
  const rows = Math.floor(float.length / size);
  for (let r = 0; r < rows; r++) {
    let floatSquared = 0;
    let errorSquared = 0;
    let localSquared = 0;
    let maxAbs = 0;
    const at = Math.floor((firstStep * batch + r) / rowsPerPoint) * STEP_ROW;
    let floatMin = table[at + STEP.floatMin]!;
    let floatMax = table[at + STEP.floatMax]!;
    let min = table[at + STEP.min]!;
    let max = table[at + STEP.max]!;
    for (let unit = 0; unit < units.length; unit += row) {
      const f = float[i]!;
      const q = quantized[i]!;
      const error = q - f;
      const absolute = Math.abs(error);
      const localError = locals[i]! - f;
      const errorSquares = error * error;
      const localSquares = localError * localError;
      floatSquared += f * f;
      errorSquared += errorSquares;
      localSquared += localSquares;
      units[unit + ofError]! += errorSquares;
      units[unit + ofLocal]! += localSquares;
      if (absolute > units[unit + ofMaximum]!) units[unit + ofMaximum] = absolute;
      if (absolute > maxAbs) maxAbs = absolute;
      if (f < floatMin) floatMin = f;
      if (f > floatMax) floatMax = f;
      if (q < min) min = q;
      if (q > max) max = q;
      i++;
    }
    table[at + STEP.values]! += size;
    table[at + STEP.floatSquared]! += floatSquared;
    table[at + STEP.errorSquared]! += errorSquared;
    table[at + STEP.localSquared]! += localSquared;
    table[at + STEP.maxAbs] = Math.max(table[at + STEP.maxAbs]!, maxAbs);
    table[at + STEP.floatMax] = floatMax;
    table[at + STEP.max] = max;
    table[at + STEP.floatMin] = floatMin;
    table[at + STEP.min] = min;
  }
}

function isLarger(value: LargestValue, than: LargestValue | null): boolean {
  if (than === null) return true;
  const [own, other] = [value, than].map(({ float, quantized }) => Math.abs(quantized - float));
  return own! > other! || (own === other && value.sample < than.sample);
}
