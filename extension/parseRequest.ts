import { PERSONA_NAMES } from '../worker/core/lstm/persona';
import { EXPORT_FORMATS } from '../worker/core/report/exportFormats';
import { isAudioDetail } from './parseAudio';
import { isDataOptions } from './parseData';
import { isDetailId, isSignalDetail, isTensorDetail } from './parseDetail';
import { isLayoutGraph, isOperatorDetail, isTensorInfos } from './parseGraph';
import { isGoToStep, isApplyRecipe, isObserved, isQuantize, isRestore, isShowQuantized, isTryRecipes } from './parseFix';
import { isBlame, isCompare, isSwitches } from './parseStudy';
import type { CellsChoice, RequestMessage, RequestName, Requests } from './protocol/messages';

type Check<T> = (value: unknown) => value is T;
type Fields = Readonly<Record<string, unknown>>;

/** Longest text that the webview may put on the clipboard: a table of ten thousand rows fits. */
const MAX_TEXT = 8 * 1024 * 1024;

/** Characters of a place's JSON, and files dropped at a time. */
const MAX_PLACE = 4096;
const MAX_FILES = 10_000;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isNull: Check<null> = (value): value is null => value === null;
const isText = (value: unknown, max: number): value is string => typeof value === 'string' && value.length <= max;
const isOneOf = <T extends string>(value: unknown, names: readonly T[]): value is T =>
  (names as readonly unknown[]).includes(value);

const isCellsChoice: Check<CellsChoice> = (value): value is CellsChoice => isObject(value) && typeof value.asFloat === 'boolean';

/** One check per request: a request without one does not compile. */
const CHECKS: { readonly [N in RequestName]: Check<Requests[N]['params']> } = {
  init: isNull,
  run: (value): value is Requests['run']['params'] =>
    isObject(value) &&
    isText(value.dataId, 4096) &&
    isOneOf(value.persona, PERSONA_NAMES) &&
    (value.quirks === undefined || isSwitches(value.quirks)) &&
    isOneOf(value.state, ['reset', 'carry']),
  cancel: isNull,
  chooseData: isNull,
  setDataOptions: (value): value is Requests['setDataOptions']['params'] => isObject(value) && isDataOptions(value.options),
  chooseNormalisation: isNull,
  chooseAssumed: (value): value is Requests['chooseAssumed']['params'] => isObject(value) && isText(value.input, 4096),
  chooseInput: (value): value is Requests['chooseInput']['params'] => isObject(value) && isText(value.input, 4096),
  exportReport: (value): value is Requests['exportReport']['params'] => isObject(value) && isOneOf(value.format, EXPORT_FORMATS),
  showProblems: isNull,
  openAsHex: isNull,
  reopenWith: isNull,
  copyText: (value): value is Requests['copyText']['params'] => isObject(value) && isText(value.text, MAX_TEXT),
  copyLink: (value): value is Requests['copyLink']['params'] =>
    isObject(value) && isObject(value.place) && JSON.stringify(value.place).length <= MAX_PLACE,
  addData: (value): value is Requests['addData']['params'] =>
    isObject(value) &&
    Array.isArray(value.uris) &&
    value.uris.length <= MAX_FILES &&
    value.uris.every((uri) => isText(uri, 4096)),
  signalDetail: isSignalDetail,
  tensorDetail: isTensorDetail,
  audioDetail: isAudioDetail,
  chooseRecording: isNull,
  operatorDetail: isOperatorDetail,
  tensorInfos: isTensorInfos,
  layoutGraph: isLayoutGraph,
  cancelDetail: isDetailId,
  blame: isBlame,
  chooseOther: isNull,
  compare: isCompare,
  quantize: isQuantize,
  applyRecipe: isApplyRecipe,
  goToStep: isGoToStep,
  restoreHistory: isRestore,
  tryRecipes: isTryRecipes,
  showQuantized: isShowQuantized,
  observed: isObserved,
  chooseCalibration: isNull,
  openRecipe: isNull,
  saveRecipe: isNull,
  saveQuantized: isNull,
  showCells: isCellsChoice,
  showFile: isNull,
  saveFused: isCellsChoice,
  importTargetLog: isNull,
  dropTargetLog: isNull,
  restart: isNull,
};

/** A message of the webview as the request it claims to be; null when it is none, or its parameters are not the declared ones. */
export function parseRequest(message: unknown): RequestMessage | null {
  if (!isObject(message) || message.kind !== 'request') return null;
  const { id, name, params } = message;
  if (!Number.isSafeInteger(id) || typeof name !== 'string' || !Object.hasOwn(CHECKS, name)) return null;
  return CHECKS[name as RequestName](params) ? (message as unknown as RequestMessage) : null;
}
