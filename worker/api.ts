import type { BlameReport } from './core/blame/blameReport';
import type { SubjectKind } from './core/blame/subjectKinds';
import type { Comparison } from './core/compare/comparison';
import type { QuirkSwitches } from './core/compare/quirks';
import type { NamedBytes } from './core/formats/namedBytes';
import type { PersonaName } from './core/lstm/persona';
import type { SignalDetail, SignalDetailRequest, TensorDetail, TensorDetailRequest } from './core/report/detail';
import type { ModelOverview } from './core/report/overview';
import type { Report } from './core/report/report';

/**
 * The worker's interface, called through comlink by the extension host. Errors lose their class and code on the way, so every
 * answer is a Reply. A call never settles once the worker has died: race it against the worker's exit.
 */
export interface WorkerApi {
  /** Reads a model and keeps it under `session`. The bytes are transferred. */
  open(session: string, file: NamedBytes): Promise<Reply<ModelOverview>>;
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
  /** Values of one tensor, in part. */
  tensorDetail(session: string, id: string, request: TensorDetailRequest): Promise<Reply<TensorDetail>>;
  /**
   * Puts each part, tensor, weight matrix and layer back to float alone, and ranks what that gains. `cancel` stops it as it stops a
   * run: the answer then covers the samples done.
   */
  blame(session: string, job: BlameJob, onProgress: (progress: StudyProgress) => void): Promise<Reply<BlameReport>>;
  /** The open model beside another, or beside itself under another persona or with quirks switched. Stops as a run does. */
  compare(session: string, job: CompareJob, onProgress: (progress: StudyProgress) => void): Promise<Reply<Comparison>>;
  /** Text of an export of `report`. */
  exportReport(report: Report, format: ExportFormat): Promise<Reply<string>>;
}

export type ExportFormat = 'html' | 'json';

export interface RunRequest {
  readonly runId: string;
  readonly persona: PersonaName;
  readonly state: 'reset' | 'carry';
  /** Data files for the model's input, in order; empty means seeded synthetic data. */
  readonly inputs: readonly NamedBytes[];
  /** For people: where the data comes from. */
  readonly dataLabel: string;
  /** A float partner; null: the model's own weights, dequantized. */
  readonly floatModel: NamedBytes | null;
  /** labels.json, where found beside the data. */
  readonly labels: NamedBytes | null;
}

export interface BlameJob extends RunRequest {
  /** Quirks of the persona to switch, by name; absent: as the runtime has them. */
  readonly quirks?: QuirkSwitches;
  /** What to put back; absent: everything. */
  readonly kinds?: readonly SubjectKind[];
}

export interface CompareJob extends RunRequest {
  /** Of side A, which is the open model under `persona`. */
  readonly quirks?: QuirkSwitches;
  /** Side B; null: the open model. */
  readonly other: NamedBytes | null;
  readonly personaB: PersonaName;
  readonly quirksB?: QuirkSwitches;
  /** Nothing is run: the files alone are compared. */
  readonly filesOnly: boolean;
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
