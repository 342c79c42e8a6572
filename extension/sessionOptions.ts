import type { Worker } from 'node:worker_threads';
import type { Report } from '../worker/core/report/report';
import type { FileAccess } from './fileAccess';
import type { PickStore } from './modelData';
import type { InspectorState, Progress, StudyShare } from './protocol/messages';
import type { MappedState } from './protocol/targets';

/** Reports of former runs, kept by the bytes of their models. */
export interface ReportStore {
  /** The last report of a model with exactly these bytes; null where there is none. */
  find(model: Uint8Array<ArrayBuffer>): Promise<Report | null>;
  save(report: Report): Promise<void>;
}

export interface SessionOptions {
  /** URI of the model. */
  readonly model: string;
  /** Name of the file that this one is made from on demand, to show its cells; absent for a file of its own. */
  readonly cellsOf?: string;
  readonly files: FileAccess;
  readonly reports: ReportStore;
  readonly picks: PickStore;
  readonly spawn: () => Worker;
  /** For what a user need not see, but may have to look up: worker deaths, storage that cannot be written. */
  readonly log: (message: string) => void;
  readonly onState: (state: InspectorState) => void;
  /** `finished` holds what is new; all of it is in the state. */
  readonly onProgress: (progress: Progress) => void;
  /** Of quantizing in memory. */
  readonly onFixProgress: (progress: StudyShare) => void;
  /** Where the model's operators end up; null while that is not known. */
  readonly onMapped?: (mapped: MappedState | null) => void;
  /** URIs of a user's own targets. */
  readonly ownTargets?: () => readonly string[];
  /** For tests: milliseconds in place of the limits below. */
  readonly limits?: { readonly cancelMs: number; readonly openMs: number };
}
