import type { ComparisonPart } from '../core/analysis/comparisonPart';
import type { Calibration } from '../core/calibration/calibration';
import type { Sample } from '../core/data/sample';
import type { NamedBytes } from '../core/formats/namedBytes';
import type { ComparisonRequest } from '../core/report/prepareComparison';
import type { Reply } from '../api';

/** `workerData` of a thread that shares runs, by which the program knows that it is one. */
export const POOL_THREAD = 'gatescope.pool-thread';

/** What a thread needs whatever it is to do. */
interface AnyJob {
  /** Bytes in memory that all threads share, as those of `floatModel`. */
  readonly model: NamedBytes;
  /** One shared number; anything but 0 once the run is cancelled. */
  readonly cancelled: Int32Array;
}

/** All that a thread needs to prepare the same comparison as the thread that asks it. */
export interface ThreadJob
  extends AnyJob, Pick<ComparisonRequest, 'overview' | 'samples' | 'persona' | 'quirks' | 'preferred' | 'state'> {
  readonly floatModel: NamedBytes | null;
  readonly labels: NamedBytes | null;
}

/** All that a thread needs to calibrate a float model with its states reset for every sample. */
export interface CalibrationJob extends AnyJob {
  readonly synthetic: boolean;
}

/** A thread that takes a share of one run, called through comlink. Calls are answered one after the other. */
export interface ThreadApi {
  /** First call before `compare`. */
  prepare(job: ThreadJob): Promise<Reply<null>>;
  /** Compares consecutive samples, the first of which has the given place in the run; those done when it is cancelled. */
  compare(first: number, samples: readonly Sample[]): Promise<Reply<ComparisonPart>>;
  /** First call before `calibrate`. */
  prepareCalibration(job: CalibrationJob): Promise<Reply<null>>;
  /** The same for a calibration; null when cancelled in the middle of a sample. */
  calibrate(first: number, samples: readonly Sample[]): Promise<Reply<Calibration | null>>;
}
