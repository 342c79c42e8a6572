import type { BlameReport } from '../../worker/core/blame/blameReport';
import type { SubjectKind } from '../../worker/core/blame/subjectKinds';
import type { Comparison } from '../../worker/core/compare/comparison';
import type { QuirkSwitches } from '../../worker/core/compare/quirks';
import type { DataOptions } from '../../worker/core/data/dataOptions';
import type { ObservedValue } from '../../worker/core/fix/observedValue';
import type { OperatorDetail, OperatorDetailRequest } from '../../worker/core/formula/operatorDetail';
import type { GraphLayout, LayoutRequest } from '../../worker/core/graph/graphLayout';
import type { AudioDetail, AudioDetailRequest } from '../../worker/core/report/audioDetail';
import type { SignalDetail, SignalDetailRequest, TensorDetail, TensorDetailRequest } from '../../worker/core/report/detail';
import type { ExportFormat } from '../../worker/core/report/exportFormats';
import type { ModelOverview, TensorInfo } from '../../worker/core/report/overview';
import type { TensorInfosRequest } from '../../worker/core/report/tensorInfos';
import type { PersonaName } from '../../worker/core/lstm/persona';
import type { Report } from '../../worker/core/report/report';
import type { MappedState } from './targets';
import type { FixState, OpenedRecipe, QuantizeChoice, RecipeChoice, StepChoice, TryChoice } from './fix';

/**
 * Host <-> webview. One map of requests (webview asks, host answers), from which both ends derive their types,
 * and one union of events (host tells). Types only: nothing here exists at run time.
 */
export interface Requests {
  /** First call after loading: all that is known now; later changes arrive as events. */
  init: { params: null; result: InspectorState };
  run: { params: RunChoice; result: null };
  cancel: { params: null; result: null };
  /** Lets the user pick data files or a folder; null when cancelled. */
  chooseData: { params: null; result: DataChoice | null };
  /** How data becomes samples from now on; kept for this model. */
  setDataOptions: { params: { options: DataOptions }; result: null };
  /** Lets the user pick a file of means and deviations, which become those of the options; false when cancelled. */
  chooseNormalisation: { params: null; result: boolean };
  /** Lets the user pick what an input of an ONNX model is taken to be, which decides what graph it is; false when cancelled. */
  chooseAssumed: { params: { input: string }; result: boolean };
  /** Lets the user pick the file of one of several inputs; null when cancelled. */
  chooseInput: { params: { input: string }; result: DataChoice | null };
  /** Lets the user pick the place; the path that was written, or null when cancelled. */
  exportReport: { params: { format: ExportFormat }; result: string | null };
  /** Brings the Problems panel, which lists the findings, to the front. */
  showProblems: { params: null; result: null };
  /** What the broken-file screen offers. */
  openAsHex: { params: null; result: null };
  reopenWith: { params: null; result: null };
  copyText: { params: { text: string }; result: null };
  /** Puts a link on the clipboard that opens this file at a place of the inspector. */
  copyLink: { params: { place: Place }; result: null };
  /** Data files or folders that were dropped on the inspector; null when none can be read. */
  addData: { params: { uris: readonly string[] }; result: DataChoice | null };
  /**
   * Steps, units and values of one LSTM signal under the settings of the report shown. `id` is the asker's own, for `cancelDetail`;
   * fails with a sentence when it is cancelled, or when the data of the report is no longer there.
   */
  signalDetail: { params: DetailParams<SignalDetailRequest>; result: SignalDetail };
  tensorDetail: { params: DetailParams<TensorDetailRequest>; result: TensorDetail };
  /** What the frames of an input or output look and sound like, under the settings of the report shown. */
  audioDetail: { params: DetailParams<AudioDetailRequest>; result: AudioDetail };
  /** Lets the user pick the recording that `AudioDetailRequest.reference` names; null when cancelled. */
  chooseRecording: { params: null; result: OfferedFile | null };
  /** The arithmetic of one operator in its own numbers; needs no run. */
  operatorDetail: { params: DetailParams<OperatorDetailRequest>; result: OperatorDetail };
  /** Some tensors of a graph, which the overview is sent without. */
  tensorInfos: { params: DetailParams<TensorInfosRequest>; result: readonly TensorInfo[] };
  /** Places boxes and lines of a graph, off the threads of the page and of runs. */
  layoutGraph: { params: DetailParams<LayoutRequest>; result: GraphLayout };
  cancelDetail: { params: { id: string }; result: null };
  /**
   * Each part, tensor, weight matrix and layer back to float alone, ranked. `cancelDetail` with the same id stops it: the answer then
   * covers the samples done. `studyProgress` events tell how far it is.
   */
  blame: { params: BlameChoice; result: BlameReport };
  /** Lets the user pick another model to compare with; null when cancelled. */
  chooseOther: { params: null; result: OtherModel | null };
  /** This model beside another, or beside itself in another arithmetic. Stops and tells its progress as `blame` does. */
  compare: { params: CompareChoice; result: Comparison };
  /** Takes ranges for the float model, and quantizes, shows and runs it in memory; what becomes of it arrives as states. */
  quantize: { params: QuantizeChoice; result: null };
  /** Another recipe for the same ranges: the next step of the history. */
  applyRecipe: { params: RecipeChoice; result: null };
  /** Undoes and redoes. */
  goToStep: { params: StepChoice; result: null };
  /** The history of before the window was loaded anew, at its last step. */
  restoreHistory: { params: RunChoice; result: null };
  /** Measures recipes without applying them; results arrive in the state. */
  tryRecipes: { params: TryChoice; result: null };
  /** Whether views show the quantized model or the file. */
  showQuantized: { params: { shown: boolean }; result: null };
  /** What calibration saw of one row's value; null where it saw none. */
  observed: { params: { row: string; bits: 8 | 16 }; result: ObservedValue | null };
  /** As `chooseData`, to calibrate with. */
  chooseCalibration: { params: null; result: DataChoice | null };
  /** Lets the user pick a recipe; null when cancelled. */
  openRecipe: { params: null; result: OpenedRecipe | null };
  /** Saves the recipe of this step; the path that was written, or null when cancelled. */
  saveRecipe: { params: null; result: string | null };
  saveQuantized: { params: null; result: string | null };
  /** Opens the model with its LSTMs in small operators as cells; `asFloat`: with all values float, so that it can be quantized. */
  showCells: { params: CellsChoice; result: null };
  /** Opens the file that the cells shown were made from. */
  showFile: { params: null; result: null };
  /** Saves what `showCells` shows; the path that was written, or null when cancelled. */
  saveFused: { params: CellsChoice; result: string | null };
  /** Lets the user pick a log of a target's own tool, which then lies over the map of targets; false when cancelled. */
  importTargetLog: { params: null; result: boolean };
  dropTargetLog: { params: null; result: null };
  /** Starts a new worker after one died, and opens the model again. */
  restart: { params: null; result: null };
}

export interface CellsChoice {
  readonly asFloat: boolean;
}

export interface DetailParams<T> {
  readonly id: string;
  readonly request: T;
}

/** A study of this model over data: `id` is the asker's own. */
export interface StudyChoice extends RunChoice {
  readonly id: string;
}

export interface BlameChoice extends StudyChoice {
  /** What to put back; absent: everything. */
  readonly kinds?: readonly SubjectKind[];
}

/** Side A is this model under `persona` and `quirks`. */
export interface CompareChoice extends StudyChoice {
  /** An id that `chooseOther` gave; null: this model on both sides. */
  readonly other: string | null;
  readonly personaB: PersonaName;
  readonly quirksB?: QuirkSwitches;
}

/** A file that the user picked: an id in place of its path. */
export interface OfferedFile {
  readonly id: string;
  /** The file's name. */
  readonly label: string;
}

export type OtherModel = OfferedFile;

export interface StudyShare {
  /** Samples. */
  readonly done: number;
  readonly total: number;
  readonly sample: string;
  /** Of all the work, 0..1. */
  readonly share: number;
}

export type RequestName = keyof Requests;

export type RequestMessage = {
  [N in RequestName]: { kind: 'request'; id: number; name: N; params: Requests[N]['params'] };
}[RequestName];
export type ResponseMessage =
  { kind: 'response'; id: number; ok: true; result: unknown } | { kind: 'response'; id: number; ok: false; error: string };
export type EventMessage =
  /** What has changed since the last such event, or since `init`: parts of a large model are sent once. */
  | { kind: 'event'; name: 'state'; state: Partial<InspectorState> }
  /** `finished` holds the samples that are new since the last such event, or since the last state with a run. */
  | { kind: 'event'; name: 'progress'; progress: Progress }
  /** Of the study with this id. */
  | { kind: 'event'; name: 'studyProgress'; id: string; progress: StudyShare }
  /** Of `fix.job`. */
  | { kind: 'event'; name: 'fixProgress'; progress: StudyShare }
  /** After `init`, and whenever it changes. */
  | { kind: 'event'; name: 'targets'; mapped: MappedState | null }
  | { kind: 'event'; name: 'command'; command: WebviewCommand }
  /** Compare with this model, which `compare` takes by its id. */
  | { kind: 'event'; name: 'other'; other: OtherModel }
  /** Show this place. */
  | { kind: 'event'; name: 'place'; place: Place };

/** A part of the view's state, such as a screen and an operator: only the webview knows what is in it, and takes what it understands. */
export type Place = Readonly<Record<string, unknown>>;

/**
 * Commands of the palette and key bindings whose parameters only the webview knows (chosen data, persona, screen): it answers with
 * the request of the same name, or by showing the screen.
 */
export type WebviewCommand =
  'run' | 'cancel' | 'chooseData' | 'showOverview' | 'showLayers' | 'showLstm' | 'importTargetLog' | 'showFix' | 'copyLink';

/**
 * A message as the bytes of its JSON. As an object, the editor's own window would read the megabytes of a large model and copy them
 * twice, with all of the editor waiting; bytes it only hands on. Not for answers with typed arrays.
 */
export interface PackedMessage {
  readonly kind: 'packed';
  readonly json: Uint8Array;
}

export type ToWebview = ResponseMessage | EventMessage | PackedMessage;

export interface InspectorState {
  readonly fileName: string;
  /** Name of the file whose LSTMs in small operators are shown here as cells, in memory; absent or null where the model is a file. */
  readonly cellsOf?: string | null;
  readonly model: ModelState;
  readonly data: readonly DataChoice[];
  /** How data becomes samples, as the user chose; what is absent is guessed. */
  readonly dataOptions?: DataOptions;
  readonly floatPartner: string | null;
  readonly run: RunState;
  readonly report: Report | null;
  readonly fix: FixState;
}

export type ModelState =
  | { readonly status: 'opening' }
  | { readonly status: 'open'; readonly overview: ModelOverview }
  | { readonly status: 'broken'; readonly error: ModelErrorInfo }
  /** The worker died; the model can be opened again. */
  | { readonly status: 'dead'; readonly message: string };

export interface ModelErrorInfo {
  readonly code: string;
  readonly message: string;
  readonly byteLength: number;
  readonly byteOffset: number | null;
  readonly limit: string | null;
  /** Up to 48 bytes around `byteOffset`, from `bytesStart` on. */
  readonly bytes: readonly number[];
  readonly bytesStart: number;
}

export type RunState =
  | { readonly status: 'idle' }
  | { readonly status: 'running'; readonly progress: Progress }
  | { readonly status: 'failed'; readonly message: string };

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly sample: string;
  readonly finished: readonly { readonly name: string; readonly steps: number; readonly sqnrDb: number | null }[];
}

/** Data that can be run: found beside the model, chosen by the user, or synthetic. */
export interface DataChoice {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  readonly synthetic: boolean;
  /** Recordings are in it. */
  readonly audio?: boolean;
}

export interface RunChoice {
  readonly dataId: string;
  readonly persona: PersonaName;
  /** Quirks of the persona that are switched on or off; absent: as the runtime has them. */
  readonly quirks?: QuirkSwitches;
  readonly state: 'reset' | 'carry';
}
