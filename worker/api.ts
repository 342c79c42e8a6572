import type { BlameReport } from './core/blame/blameReport';
import type { SubjectKind } from './core/blame/subjectKinds';
import type { Comparison } from './core/compare/comparison';
import type { QuirkSwitches } from './core/compare/quirks';
import type { DataOptions } from './core/data/dataOptions';
import type { DataFile } from './core/data/readSamples';
import type { Effect } from './core/fix/effect';
import type { FixRow } from './core/fix/fixRows';
import type { ObservedValue } from './core/fix/observedValue';
import type { NamedBytes } from './core/formats/namedBytes';
import type { OperatorDetail, OperatorDetailRequest } from './core/formula/operatorDetail';
import type { GraphLayout, LayoutRequest } from './core/graph/graphLayout';
import type { PersonaName } from './core/lstm/persona';
import type { RecipeNote } from './core/recipe/notes';
import type { CalibrationState, Recipe } from './core/recipe/recipe';
import type { AudioDetail, AudioDetailRequest } from './core/report/audioDetail';
import type { SignalDetail, SignalDetailRequest, TensorDetail, TensorDetailRequest } from './core/report/detail';
import type { ModelOverview, TensorInfo } from './core/report/overview';
import type { TensorInfosRequest } from './core/report/tensorInfos';
import type { ExportFormat } from './core/report/exportFormats';
import type { Report, ShardInfo } from './core/report/report';
import type { OverlaidLog } from './core/targetLogs/overlayLog';
import type { PackedTargets } from './core/targets/packedTargets';
import type { TargetProblem } from './core/targets/user/checker';

/**
 * The worker's interface, called through comlink by the extension host. Errors lose their class and code on the way, so every
 * answer is a Reply. A call never settles once the worker has died: race it against the worker's exit.
 */
export interface WorkerApi {
  /** Reads a model and keeps it under `session`. The bytes are transferred. The overview's `targets` are empty; see `targets`. */
  open(session: string, file: NamedBytes): Promise<Reply<ModelOverview>>;
  /**
   * Places, below the model's folder, of the files that hold values of a model: what `open` needs in `file.beside` where it answers
   * with code `EXTERNAL_DATA_MISSING`.
   */
  externalFiles(file: NamedBytes): Promise<Reply<readonly string[]>>;
  close(session: string): Promise<void>;
  /** Runs both paths over the data. Progress arrives through `onProgress` (a comlink proxy) at most ten times a second. */
  run(session: string, request: RunRequest, onProgress: (progress: RunProgress) => void): Promise<Reply<Report>>;
  /**
   * Stops the run with this id within 200 ms; its `run` then answers with the report of the samples done, `complete: false`. A
   * detail with this id answers with code `CANCELLED`.
   */
  cancel(id: string): Promise<void>;
  /** Gives the session the data, persona, state and partner of a report that was kept, for details of it, without running. */
  prepareDetail(session: string, request: RunRequest): Promise<Reply<null>>;
  /** Steps, units and values of one LSTM signal, under the settings of the last run (code `NO_RUN` before one). */
  signalDetail(session: string, id: string, request: SignalDetailRequest): Promise<Reply<SignalDetail>>;
  /** Values of one tensor, in part. Constants need no run. */
  tensorDetail(session: string, id: string, request: TensorDetailRequest): Promise<Reply<TensorDetail>>;
  /** What the frames of an input or output look and sound like. @param reference the recording that `request.reference` names */
  audioDetail(
    session: string,
    id: string,
    request: AudioDetailRequest,
    reference: NamedBytes | null,
  ): Promise<Reply<AudioDetail>>;
  /** The arithmetic of one operator in its own numbers, from the file alone. */
  operatorDetail(session: string, request: OperatorDetailRequest): Promise<Reply<OperatorDetail>>;
  /** What the overview leaves out of a model that is opened here: some tensors of a graph. */
  tensorInfos(session: string, request: TensorInfosRequest): Promise<Reply<TensorInfo[]>>;
  /** Places boxes and lines of a graph, on a thread of its own; `cancel` with this id stops it (code `CANCELLED`). */
  layoutGraph(id: string, request: LayoutRequest): Promise<Reply<GraphLayout>>;
  /**
   * Puts each part, tensor, weight matrix and layer back to float alone, and ranks what that gains. `cancel` stops it as it stops a
   * run: the answer then covers the samples done.
   */
  blame(session: string, job: BlameJob, onProgress: (progress: StudyProgress) => void): Promise<Reply<BlameReport>>;
  /** The open model beside another, or beside itself under another persona or with quirks switched. Stops as a run does. */
  compare(session: string, job: CompareJob, onProgress: (progress: StudyProgress) => void): Promise<Reply<Comparison>>;
  /** Where the model's operators end up, on the built-in targets and on those of a user's own files, which reports then have too. */
  targets(session: string, own: readonly NamedBytes[]): Promise<Reply<MappedTargets>>;
  /** What a target's own tool wrote of the model, laid over the prediction for each target that it can be of. */
  targetLog(session: string, file: NamedBytes): Promise<Reply<OverlaidLog>>;
  /** What can be quantized in this session; see `calibrate`. */
  fixSource(session: string): Promise<Reply<FixSource>>;
  /**
   * Takes what ranges come from, for the float model of `session` (the open one, or a float partner), and keeps what was seen of every
   * value until the next time. Cancelled, it answers with code `CANCELLED` and what was kept before stays.
   */
  calibrate(session: string, job: CalibrateJob, onProgress: (progress: StudyProgress) => void): Promise<Reply<CalibrationInfo>>;
  /** Quantizes in memory and opens the result as session `job.target`, to be run, asked and exported like any other model. */
  quantize(session: string, job: QuantizeJob): Promise<Reply<QuantizedModelInfo>>;
  /** Quantizes by each recipe and measures the main output alone; nothing is opened. `cancel` leaves those measured so far. */
  measure(session: string, job: MeasureJob, onProgress: (progress: StudyProgress) => void): Promise<Reply<readonly Measured[]>>;
  /** What calibration saw of one row's value (see FixRow); null where it saw none. */
  observed(session: string, row: string, bits: 8 | 16): Promise<Reply<ObservedValue | null>>;
  /** The file of an open model: for one that was quantized in memory, what to save. */
  fileBytes(session: string): Promise<Reply<Uint8Array>>;
  /** A model with its LSTMs in small operators as fused ones; nothing is kept. Code `NOTHING_TO_FUSE` where there are none. */
  fuse(file: NamedBytes, job: FuseJob): Promise<Reply<FusedFile>>;
  /** Text of an export of `report`. */
  exportReport(report: Report, format: ExportFormat): Promise<Reply<string>>;
}

export interface RunRequest {
  readonly runId: string;
  readonly persona: PersonaName;
  /** Quirks of the persona to switch, by name; absent: as the runtime has them. */
  readonly quirks?: QuirkSwitches;
  /** Who computes what both this engine and LiteRT can, LSTMs apart; absent: this engine, as the persona does. */
  readonly preferred?: 'engine' | 'runtime';
  readonly state: 'reset' | 'carry';
  /** Data files for the model's input, in order; empty means seeded synthetic data. */
  readonly inputs: readonly DataFile[];
  /** How they become samples; absent: as is guessed. */
  readonly data?: DataOptions;
  /** For people: where the data comes from. */
  readonly dataLabel: string;
  /** A float partner; null: the model's own weights, dequantized. */
  readonly floatModel: NamedBytes | null;
  /** labels.json, where found beside the data. */
  readonly labels: NamedBytes | null;
  /** Only a share of the samples is run (not where states are carried over), and the report can be merged with the others'. */
  readonly shard?: Pick<ShardInfo, 'index' | 'of'>;
}

export interface BlameJob extends RunRequest {
  /** What to put back; absent: everything. */
  readonly kinds?: readonly SubjectKind[];
}

/** `persona` and `quirks` are side A's, which is the open model. */
export interface CompareJob extends RunRequest {
  /** Side B; null: the open model. */
  readonly other: NamedBytes | null;
  readonly personaB: PersonaName;
  readonly quirksB?: QuirkSwitches;
  /** Nothing is run: the files alone are compared. */
  readonly filesOnly: boolean;
}

export interface MappedTargets {
  readonly targets: PackedTargets;
  /** User's files that cannot be used. */
  readonly problems: readonly TargetFileProblems[];
}

export interface TargetFileProblems {
  /** In the list of the call. */
  readonly place: number;
  readonly problems: readonly TargetProblem[];
}

export interface FixSource {
  /** The open model keeps ranges of its tensors, so that it can be quantized without data. */
  readonly hasRanges: boolean;
}

export interface CalibrateJob {
  readonly runId: string;
  /** `file`: ranges that the file keeps; `none`: for the hybrid scheme, which needs none. */
  readonly source: 'data' | 'synthetic' | 'file' | 'none';
  readonly inputs: readonly DataFile[];
  readonly data?: DataOptions;
  readonly state: CalibrationState;
  /** The float model to quantize; null: the open one. */
  readonly floatModel: NamedBytes | null;
}

export interface CalibrationInfo {
  readonly samples: number;
  readonly steps: number;
  readonly state: CalibrationState;
  readonly synthetic: boolean;
  /** What to know before trusting the ranges. */
  readonly notes: readonly string[];
}

export interface QuantizeJob {
  readonly recipe: Recipe;
  readonly target: string;
}

/** What quantizing by a recipe made. */
export interface FixedModel {
  readonly rows: readonly FixRow[];
  readonly notes: readonly RecipeNote[];
  readonly byteLength: number;
  /** Of the float model's file. */
  readonly sourceBytes: number;
}

export interface QuantizedModelInfo extends FixedModel {
  readonly overview: ModelOverview;
}

export interface MeasureJob extends Omit<RunRequest, 'floatModel' | 'dataLabel' | 'shard'> {
  readonly recipes: readonly { readonly id: string; readonly recipe: Recipe }[];
}

export type Measured =
  | { readonly id: string; readonly effect: Effect; readonly byteLength: number }
  /** The recipe cannot be used. */
  | { readonly id: string; readonly effect: null; readonly reason: string };

export interface FuseJob {
  /** All quantized values become float, so that a recipe can quantize the result. int8 cells take it anyway. */
  readonly asFloat: boolean;
  /** Only what TensorFlow Lite has an operator for, so that the bytes are a .tflite file. */
  readonly asFile?: boolean;
}

export interface FusedFile {
  /** A .tflite file, or bytes that stand for one: no file holds a GRU or an LSTM of hard sigmoids. */
  readonly bytes: Uint8Array;
  /** What became of each recognised cell. */
  readonly notes: readonly string[];
}

export interface StudyProgress {
  readonly runId: string;
  /** Samples. */
  readonly done: number;
  readonly total: number;
  /** The one under way. */
  readonly sample: string;
  /** Of all the work, 0..1: a sample is run many times. */
  readonly share: number;
}

export interface RunProgress {
  readonly runId: string;
  /** Samples done, on whatever thread. */
  readonly done: number;
  readonly total: number;
  /** First sample that is not finished. */
  readonly sample: string;
  /** Samples finished since the last progress of this run, in order (one that others overtook is waited for); SQNR of the output. */
  readonly finished: readonly { readonly name: string; readonly steps: number; readonly sqnrDb: number | null }[];
}

export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ReplyError };

/** `request`: what was asked for is not there, or no longer wanted. */
export type ErrorKind = 'model' | 'data' | 'unsupported' | 'request' | 'internal';

export interface ReplyError {
  readonly kind: ErrorKind;
  /** Stable, upper-case. */
  readonly code: string;
  readonly message: string;
  /** File the error is in, where known. */
  readonly file: string | null;
  readonly byteOffset: number | null;
  readonly limit: string | null;
}
