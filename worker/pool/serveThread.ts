import { expose, transfer } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter';
import type { MessagePort } from 'node:worker_threads';
import { compareSamples, type PreparedComparison, type SampleRange } from '../core/analysis/compareSamples';
import { buffersOfPart } from '../core/analysis/comparisonPart';
import { Pace } from '../core/analysis/pace';
import { CALIBRATED, calibrateSamples, prepareCalibration, type PreparedCalibration } from '../core/calibration/calibrateSamples';
import type { Sample, SampleSource } from '../core/data/sample';
import { readModel } from '../core/formats/readModel';
import { MAIN_GRAPH, prepareComparison } from '../core/report/prepareComparison';
import { labelsBeside } from '../core/report/task/labels';
import { prepareGraphAnywhere } from '../core/run/prepareGraph';
import { replyTo } from '../reply';
import { runtimeByFormat } from '../runtimes/runtimeByFormat';
import type { ThreadApi, ThreadJob } from './threadApi';

interface Prepared<T> {
  readonly work: T;
  readonly pace: Pace;
}

/** Makes this thread one that takes shares of a run. */
export function serveThread(port: MessagePort): void {
  let comparison: Prepared<PreparedComparison> | null = null;
  let calibration: Prepared<PreparedCalibration> | null = null;
  const api: ThreadApi = {
    prepare: (job) =>
      replyTo(async () => {
        comparison = await prepare(job);
        return null;
      }),
    compare: async (first, samples) => {
      const reply = await replyTo(() => compare(comparison, first, samples));
      return reply.ok ? transfer(reply, buffersOfPart(reply.value) as ArrayBuffer[]) : reply;
    },
    prepareCalibration: (job) =>
      replyTo(async () => {
        const model = readModel(job.model);
        const runner = await prepareGraphAnywhere(model, MAIN_GRAPH, { ...CALIBRATED, runtime: runtimeByFormat });
        const about = { model: model.fileName, state: 'reset', synthetic: job.synthetic } as const;
        calibration = { work: prepareCalibration(runner, about), pace: paceOf(job) };
        return null;
      }),
    calibrate: (first, samples) =>
      replyTo(() => {
        if (calibration === null) throw new Error('The thread is not prepared.');
        return calibrateSamples(calibration.work, handedOver(first, samples), rangeOf(first, samples), calibration.pace);
      }),
  };
  expose(api, nodeEndpoint(port));
}

/** It never lets others run in between: the next call has to wait, and a cancel is seen in shared memory. */
function paceOf({ cancelled }: Pick<ThreadJob, 'cancelled'>): Pace {
  return new Pace({ isCancelled: () => Atomics.load(cancelled, 0) !== 0 });
}

async function prepare(job: ThreadJob): Promise<Prepared<PreparedComparison> | null> {
  const pace = paceOf(job);
  const work = await prepareComparison(
    {
      model: readModel(job.model),
      overview: job.overview,
      floatModel: job.floatModel === null ? null : readModel(job.floatModel),
      samples: job.samples,
      persona: job.persona,
      quirks: job.quirks ?? {},
      state: job.state,
      labels: labelsBeside(job.labels),
      runtime: runtimeByFormat,
      preferred: job.preferred ?? 'engine',
    },
    pace,
  );
  return work === null ? null : { work, pace };
}

function compare(prepared: Prepared<PreparedComparison> | null, first: number, samples: readonly Sample[]) {
  if (prepared === null) throw new Error('The thread is not prepared.');
  return compareSamples(prepared.work, handedOver(first, samples), rangeOf(first, samples), prepared.pace);
}

/** Samples that came from another thread, by their places in the run. */
function handedOver(first: number, samples: readonly Sample[]): Pick<SampleSource, 'names' | 'get'> {
  const get = (index: number): Sample => {
    const sample = samples[index - first];
    if (sample === undefined) throw new RangeError(`There is no sample ${index}.`);
    return sample;
  };
  return { names: [], get };
}

function rangeOf(first: number, samples: readonly Sample[]): SampleRange {
  return { first, end: first + samples.length };
}
