import { SUBJECT_KINDS } from '../worker/core/blame/subjectKinds';
import { QUIRK_NAMES } from '../worker/core/compare/quirks';
import { PERSONA_NAMES } from '../worker/core/lstm/persona';
import type { BlameChoice, CompareChoice } from './protocol/messages';

type Fields = Readonly<Record<string, unknown>>;

const MAX_ID = 100;
const MAX_DATA_ID = 4096;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown, most: number): value is string => typeof value === 'string' && value.length <= most;
const isOneOf = (value: unknown, names: readonly string[]): boolean => (names as readonly unknown[]).includes(value);
const isAbsentOr = (value: unknown, check: (value: unknown) => boolean): boolean => value === undefined || check(value);

export const isSwitches = (value: unknown): boolean =>
  isObject(value) && Object.entries(value).every(([name, on]) => isOneOf(name, QUIRK_NAMES) && typeof on === 'boolean');

const isStudy = (value: unknown): value is Fields =>
  isObject(value) &&
  isText(value.id, MAX_ID) &&
  isText(value.dataId, MAX_DATA_ID) &&
  isOneOf(value.persona, PERSONA_NAMES) &&
  isOneOf(value.state, ['reset', 'carry']) &&
  isAbsentOr(value.quirks, isSwitches);

export const isBlame = (value: unknown): value is BlameChoice =>
  isStudy(value) &&
  isAbsentOr(
    value.kinds,
    (kinds) =>
      Array.isArray(kinds) && kinds.length <= SUBJECT_KINDS.length && kinds.every((kind) => isOneOf(kind, SUBJECT_KINDS)),
  );

export const isCompare = (value: unknown): value is CompareChoice =>
  isStudy(value) &&
  (value.other === null || isText(value.other, MAX_ID)) &&
  isOneOf(value.personaB, PERSONA_NAMES) &&
  isAbsentOr(value.quirksB, isSwitches);
