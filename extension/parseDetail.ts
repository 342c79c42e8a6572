import type { DetailParams } from './protocol/messages';
import {
  DETAIL_LIMITS,
  type IndexRange,
  type SignalDetailRequest,
  type TensorDetailRequest,
  type ValueAddress,
  type ValueFilter,
} from '../worker/core/report/detail';

type Fields = Readonly<Record<string, unknown>>;

/** Longest id, name of a signal or choice that is looked at. */
const MAX_NAME = 100;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isName = (value: unknown): value is string => typeof value === 'string' && value.length <= MAX_NAME;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isCountUpTo = (value: unknown, most: number): value is number => isCount(value) && value >= 1 && value <= most;
const isOneOf = (value: unknown, names: readonly string[]): boolean => (names as readonly unknown[]).includes(value);
const isAbsentOr = (value: unknown, check: (value: unknown) => boolean): boolean => value === undefined || check(value);
const isNullOr = (value: unknown, check: (value: unknown) => boolean): boolean => value === null || check(value);
const isReal = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

const isRange = (value: unknown): value is IndexRange =>
  isObject(value) && isCount(value.from) && isCount(value.to) && value.from <= value.to;

const isList = (value: unknown, most: number, check: (value: unknown) => boolean): boolean =>
  Array.isArray(value) && value.length <= most && value.every(check);

const isAddress = (value: unknown): value is ValueAddress =>
  isObject(value) && [value.sample, value.step, value.batch, value.unit].every(isCount);

const isFilter = (value: unknown): value is ValueFilter => {
  if (!isObject(value)) return false;
  if (value.kind === 'rails') return isOneOf(value.end, ['low', 'high', 'either']);
  if (value.kind !== 'range') return value.kind === 'flat' || value.kind === 'clip';
  return isOneOf(value.path, ['float', 'quantized']) && isNullOr(value.low, isReal) && isNullOr(value.high, isReal);
};

const isMatrix = (value: unknown): boolean =>
  isObject(value) &&
  isOneOf(value.of, ['error', 'saturation', 'value']) &&
  isOneOf(value.against, ['accumulated', 'local']) &&
  isOneOf(value.path, ['float', 'quantized']) &&
  isOneOf(value.order, ['worst', 'index']) &&
  isCountUpTo(value.width, DETAIL_LIMITS.cells) &&
  isCountUpTo(value.height, DETAIL_LIMITS.cells) &&
  value.width * value.height <= DETAIL_LIMITS.cells;

const isHistogram = (value: unknown): boolean =>
  isObject(value) &&
  isNullOr(value.from, isReal) &&
  isNullOr(value.to, isReal) &&
  isCountUpTo(value.mostBins, DETAIL_LIMITS.bins);

function isSignalRequest(value: unknown): value is SignalDetailRequest {
  return (
    isObject(value) &&
    isCount(value.op) &&
    isAbsentOr(value.direction, (direction) => isOneOf(direction, ['forward', 'backward'])) &&
    isName(value.signal) &&
    isList(value.samples, DETAIL_LIMITS.samples, isCount) &&
    isNullOr(value.steps, isRange) &&
    isNullOr(value.units, isRange) &&
    isNullOr(value.filter, isFilter) &&
    isAbsentOr(value.series, (series) => isObject(series) && isCountUpTo(series.mostPoints, DETAIL_LIMITS.points)) &&
    isAbsentOr(
      value.unitList,
      (list) => isObject(list) && isOneOf(list.order, ['worst', 'index']) && isCountUpTo(list.most, DETAIL_LIMITS.values),
    ) &&
    isAbsentOr(value.matrix, isMatrix) &&
    isAbsentOr(value.histogram, isHistogram) &&
    isAbsentOr(value.matches, (matches) => matches === true) &&
    isAbsentOr(value.values, (values) => isList(values, DETAIL_LIMITS.values, isAddress))
  );
}

function isTensorRequest(value: unknown): value is TensorDetailRequest {
  return (
    isObject(value) &&
    isCount(value.tensor) &&
    isNullOr(value.sample, isCount) &&
    isAbsentOr(value.grid, (grid) => isObject(grid) && isRange(grid.rows) && isRange(grid.columns)) &&
    isAbsentOr(
      value.channels,
      (channels) => isObject(channels) && isRange(channels.range) && isCountUpTo(channels.mostBins, DETAIL_LIMITS.bins),
    )
  );
}

const isParams = (value: unknown): value is Fields & { readonly id: string } => isObject(value) && isName(value.id);

export const isSignalDetail = (value: unknown): value is DetailParams<SignalDetailRequest> =>
  isParams(value) && isSignalRequest(value.request);

export const isTensorDetail = (value: unknown): value is DetailParams<TensorDetailRequest> =>
  isParams(value) && isTensorRequest(value.request);

export const isDetailId = (value: unknown): value is { id: string } => isParams(value);
