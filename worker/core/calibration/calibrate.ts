import { Crew, type Helpers } from '../analysis/crew';
import { Pace, type JobControl } from '../analysis/pace';
import { chunksOf } from '../analysis/sampleChunks';
import type { SampleSource } from '../data/sample';
import type { CalibrationState } from '../recipe/recipe';
import { calibrateSamples, type PreparedCalibration } from './calibrateSamples';
import { mergeCalibration, type Calibration } from './calibration';

export interface CalibrationProgress {
  readonly done: number;
  readonly total: number;
  /** First sample that is not finished. */
  readonly sample: string;
}

export interface CalibrationControl extends JobControl {
  /** At most ten times a second. */
  onProgress?(progress: CalibrationProgress): void;
}

export interface CalibrationRun {
  readonly calibration: Calibration;
  /** False when the run was cancelled before all samples were seen. */
  readonly complete: boolean;
}

const TELL_AFTER_MS = 100;

/**
 * Runs every sample over the float path and keeps what was seen, on this thread and, where states are reset and there is enough
 * to do, with helpers on others. The result is the same to the last bit whoever does what: samples are taken in chunks that
 * depend on their number alone, and chunks are merged in order.
 * @throws SampleError of the first sample that fails; HelperLost
 */
export async function calibrate(
  prepared: PreparedCalibration,
  samples: SampleSource,
  state: CalibrationState,
  control: CalibrationControl,
  helpers: Helpers<Calibration> | null = null,
): Promise<CalibrationRun> {
  const calibration = prepared.empty();
  const waiting = new Map<number, Calibration>();
  let next = 0;
  let done = 0;
  let told = 0;
  const tell = () => {
    if (Date.now() - told < TELL_AFTER_MS) return;
    told = Date.now();
    const current = Math.min(calibration.samples, samples.count - 1);
    control.onProgress?.({ done, total: samples.count, sample: samples.names[current] ?? '' });
  };
  const isCancelled = () => control.isCancelled?.() === true;
  const crew = new Crew<Calibration>({
    chunks: chunksOf(samples.count),
    helpers: state === 'reset' ? helpers : null,
    isCancelled,
    onPart: ({ number }, part) => {
      done += part.samples;
      waiting.set(number, part);
      for (let ready = waiting.get(next); ready !== undefined; ready = waiting.get(next)) {
        mergeCalibration(calibration, ready);
        waiting.delete(next++);
      }
      tell();
    },
  });
  const pace = new Pace({
    isCancelled: () => crew.isLost || isCancelled(),
    yieldToOthers: async () => {
      crew.grow(done);
      await control.yieldToOthers?.();
    },
  });
  tell();
  await crew.work((range) => calibrateSamples(prepared, samples, range, pace));
  return { calibration, complete: calibration.samples === samples.count };
}
