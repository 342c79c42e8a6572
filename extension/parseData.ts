import { MAX_CALL_SIZE, type DataOptions } from '../worker/core/data/dataOptions';

type Fields = Readonly<Record<string, unknown>>;

/** Bounds of what a page may ask to be kept. */
const MAX_TEXT = 256;
const MAX_FIELDS = 64;
const MAX_PAIRS = 64;
const MAX_NUMBERS = 65_536;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= MAX_TEXT;
const isList = (value: unknown, most: number, isOne: (one: unknown) => boolean): boolean =>
  Array.isArray(value) && value.length <= most && value.every(isOne);

/** Whether a message holds options of data; what settings mean is the worker's to check. */
export function isDataOptions(value: unknown): value is DataOptions {
  if (!isObject(value)) return false;
  const { features, normalise, samplesAxis, callSize, stepped, statePairs, ...rest } = value;
  return (
    Object.keys(rest).length === 0 &&
    (features === undefined || isSettings(features)) &&
    (normalise === undefined || isNormalisation(normalise)) &&
    (samplesAxis === undefined || samplesAxis === 0) &&
    (callSize === undefined || isCallSize(callSize)) &&
    (stepped === undefined || typeof stepped === 'boolean') &&
    (statePairs === undefined || isList(statePairs, MAX_PAIRS, isPair))
  );
}

function isCallSize(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_CALL_SIZE;
}

function isSettings(value: unknown): boolean {
  if (!isObject(value)) return false;
  const entries = Object.entries(value);
  return entries.length <= MAX_FIELDS && entries.every(([name, one]) => isText(name) && (isText(one) || Number.isFinite(one)));
}

function isNormalisation(value: unknown): boolean {
  return isObject(value) && [value.mean, value.std].every((list) => isList(list, MAX_NUMBERS, (one) => Number.isFinite(one)));
}

function isPair(value: unknown): boolean {
  return isObject(value) && isText(value.input) && isText(value.output);
}
