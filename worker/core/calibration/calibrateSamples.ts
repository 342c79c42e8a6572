import type { SampleRange } from '../analysis/compareSamples';
import type { Pace } from '../analysis/pace';
import { SampleError } from '../analysis/sampleError';
import type { SampleSource } from '../data/sample';
import type { GraphOptions, GraphRunner } from '../run/graphRunner';
import type { CalibrationState } from '../recipe/recipe';
import { CalibratedGraph } from './calibratedGraph';
import { closeCalibrationSample, emptyCalibration, type Calibration } from './calibration';

/** What a graph is prepared with to be calibrated: ranges are those of TensorFlow Lite's calibrator to the last bit. */
export const CALIBRATED: GraphOptions = { path: 'float', persona: 'tflite', floatSums: 'calibrator' };

/** All that a calibration needs beside its samples, prepared once on each thread. */
export interface PreparedCalibration {
  readonly runner: GraphRunner;
  readonly graph: CalibratedGraph;
  readonly empty: () => Calibration;
}

/** @param runner prepared as CALIBRATED */
export function prepareCalibration(
  runner: GraphRunner,
  about: { readonly model: string; readonly state: CalibrationState; readonly synthetic: boolean },
): PreparedCalibration {
  if (runner.options.floatSums !== CALIBRATED.floatSums) throw new Error("Only the calibrator's sums give its ranges.");
  const cells = CalibratedGraph.cellsOf(runner);
  return {
    runner,
    graph: new CalibratedGraph(runner, about.state),
    empty: () => emptyCalibration(about, runner.graph.tensors.length, cells),
  };
}

/**
 * Calibrates with samples one after the other; they must come in order unless states are reset.
 * @returns null when cancelled in the middle of a sample; less than asked for when cancelled between two
 * @throws SampleError around NotFiniteError and what reading and running a sample throws
 */
export async function calibrateSamples(
  { graph, empty }: PreparedCalibration,
  samples: Pick<SampleSource, 'get' | 'names'>,
  { first, end }: SampleRange,
  pace: Pace,
): Promise<Calibration | null> {
  const part = empty();
  for (let index = first; index < end && (await pace.mayContinue()); index++) {
    let name = samples.names[index] ?? String(index);
    try {
      const sample = samples.get(index);
      name = sample.name;
      if ((await pace.finish(finished(graph.run(sample.inputs, part, sample.calls)))) === null) return null;
      closeCalibrationSample(part, sample.steps);
    } catch (cause) {
      throw new SampleError(name, cause);
    }
  }
  return part;
}

function* finished(work: Generator<void>): Generator<void, true> {
  yield* work;
  return true;
}
