import { expose, transfer } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter';
import type { MessagePort } from 'node:worker_threads';
import { compareSamples, type PreparedComparison } from '../core/analysis/compareSamples';
import { buffersOfPart } from '../core/analysis/comparisonPart';
import { Pace } from '../core/analysis/pace';
import type { Sample } from '../core/data/sample';
import { readModel } from '../core/formats/readModel';
import { prepareComparison } from '../core/report/prepareComparison';
import { readLabels } from '../core/report/task/labels';
import { replyTo } from '../reply';
import type { ThreadApi, ThreadJob } from './threadApi';

interface Prepared {
  readonly comparison: PreparedComparison;
  readonly pace: Pace;
}

/** Makes this thread one that takes shares of a run. */
export function serveThread(port: MessagePort): void {
  let prepared: Prepared | null = null;
  const api: ThreadApi = {
    prepare: (job) =>
      replyTo(async () => {
        prepared = await prepare(job);
        return null;
      }),
    compare: async (first, samples) => {
      const reply = await replyTo(() => compare(prepared, first, samples));
      return reply.ok ? transfer(reply, buffersOfPart(reply.value) as ArrayBuffer[]) : reply;
    },
  };
  expose(api, nodeEndpoint(port));
}

async function prepare(job: ThreadJob): Promise<Prepared | null> {
  // It never lets others run in between: the next call has to wait, and a cancel is seen in shared memory.
  const pace = new Pace({ isCancelled: () => Atomics.load(job.cancelled, 0) !== 0 });
  const comparison = await prepareComparison(
    {
      model: readModel(job.model),
      overview: job.overview,
      floatModel: job.floatModel === null ? null : readModel(job.floatModel),
      samples: job.samples,
      persona: job.persona,
      state: job.state,
      labels: job.labels === null ? null : readLabels(job.labels),
    },
    pace,
  );
  return comparison === null ? null : { comparison, pace };
}

function compare(prepared: Prepared | null, first: number, samples: readonly Sample[]) {
  if (prepared === null) throw new Error('The thread is not prepared.');
  const get = (index: number): Sample => {
    const sample = samples[index - first];
    if (sample === undefined) throw new RangeError(`There is no sample ${index}.`);
    return sample;
  };
  const range = { first, end: first + samples.length };
  return compareSamples(prepared.comparison, { names: [], get }, range, prepared.pace);
}
