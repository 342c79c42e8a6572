import { emptyErrors, mergeErrors, type ErrorSums } from '../analysis/errorSums';
import type { SignalFirst } from './comparison';

/** What differs in one signal over some samples. Plain data; mergeable in any split. */
export interface DifferenceSums {
  values: number;
  differing: number;
  /** In codes; stays 0 where they do not compare. */
  maxCodes: number;
  maxAbs: number;
  first: SignalFirst | null;
  readonly errorsA: ErrorSums;
  readonly errorsB: ErrorSums;
  readonly steps: StepSums;
}

/** Counts along time in entries of 2^exponent steps. */
export interface StepSums {
  exponent: number;
  values: number[];
  differing: number[];
  /** Squared errors against float, and how many values were held against it. */
  squaredA: number[];
  squaredB: number[];
  held: number[];
}

const MOST_ENTRIES = 256;
const COUNTS = ['values', 'differing', 'squaredA', 'squaredB', 'held'] as const;

export function emptyDifference(): DifferenceSums {
  return {
    values: 0,
    differing: 0,
    maxCodes: 0,
    maxAbs: 0,
    first: null,
    errorsA: emptyErrors(),
    errorsB: emptyErrors(),
    steps: emptySteps(),
  };
}

export function emptySteps(): StepSums {
  return { exponent: 0, values: [], differing: [], squaredA: [], squaredB: [], held: [] };
}

/** Makes room for `steps` steps: entries are joined in pairs until they are few enough. */
export function coverSteps(sums: StepSums, steps: number): void {
  let { exponent } = sums;
  while (Math.ceil(steps / 2 ** exponent) > MOST_ENTRIES) exponent++;
  coarsen(sums, exponent);
  const entries = Math.ceil(steps / 2 ** exponent);
  for (const name of COUNTS) while (sums[name].length < entries) sums[name].push(0);
}

export function mergeSteps(into: StepSums, other: StepSums): void {
  coarsen(into, other.exponent);
  coverSteps(into, other.values.length * 2 ** other.exponent);
  const shift = into.exponent - other.exponent;
  for (const name of COUNTS) other[name].forEach((count, entry) => (into[name][entry >> shift]! += count));
}

export function mergeDifference(into: DifferenceSums, other: DifferenceSums): void {
  into.values += other.values;
  into.differing += other.differing;
  into.maxCodes = Math.max(into.maxCodes, other.maxCodes);
  into.maxAbs = Math.max(into.maxAbs, other.maxAbs);
  into.first = earlier(into.first, other.first);
  mergeErrors(into.errorsA, other.errorsA);
  mergeErrors(into.errorsB, other.errorsB);
  mergeSteps(into.steps, other.steps);
}

function earlier(a: SignalFirst | null, b: SignalFirst | null): SignalFirst | null {
  if (a === null || b === null) return a ?? b;
  return b.sample < a.sample || (b.sample === a.sample && (b.step ?? 0) < (a.step ?? 0)) ? b : a;
}

function coarsen(sums: StepSums, exponent: number): void {
  const shift = exponent - sums.exponent;
  if (shift <= 0) return;
  for (const name of COUNTS) {
    const joined = new Array<number>(Math.ceil(sums[name].length / 2 ** shift)).fill(0);
    sums[name].forEach((count, entry) => (joined[entry >> shift]! += count));
    sums[name] = joined;
  }
  sums.exponent = exponent;
}
