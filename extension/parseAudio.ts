import { AUDIO_LIMITS, TRACKS, type AudioDetailRequest } from '../worker/core/report/audioDetail';
import type { DetailParams } from './protocol/messages';

type Fields = Readonly<Record<string, unknown>>;

/** Longest id. */
const MAX_NAME = 100;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isBetween = (value: unknown, least: number, most: number): boolean => isCount(value) && value >= least && value <= most;
const isOneOf = (value: unknown, names: readonly string[]): boolean => (names as readonly unknown[]).includes(value);
const isName = (value: unknown): value is string => typeof value === 'string' && value.length <= MAX_NAME;

function isAudioRequest(value: unknown): value is AudioDetailRequest {
  if (!isObject(value) || !isObject(value.samples)) return false;
  const { from, to } = value.samples;
  const [slowest, fastest] = AUDIO_LIMITS.rate;
  return (
    isCount(value.tensor) &&
    (value.input === null || isCount(value.input)) &&
    isCount(from) &&
    isCount(to) &&
    from <= to &&
    isOneOf(value.kind, ['frames', 'mask']) &&
    (value.frame === null || isBetween(value.frame, 1, AUDIO_LIMITS.frame)) &&
    isBetween(value.hop, 1, AUDIO_LIMITS.frame) &&
    isOneOf(value.overlap, ['sum', 'mean']) &&
    isBetween(value.rate, slowest, fastest) &&
    isBetween(value.columns, 1, AUDIO_LIMITS.columns) &&
    (value.sound === null || isOneOf(value.sound, TRACKS)) &&
    (value.reference === null || isName(value.reference))
  );
}

export const isAudioDetail = (value: unknown): value is DetailParams<AudioDetailRequest> =>
  isObject(value) && isName(value.id) && isAudioRequest(value.request);
