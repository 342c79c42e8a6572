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
