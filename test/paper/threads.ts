import { expose, wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter';
import { once } from 'node:events';
import { parentPort, Worker } from 'node:worker_threads';
import { measureCalibrationSizes, type SizeResult } from './measure/calibrationSizes';
import { measureModel, type ModelResult } from './measure/measureModel';
import { SpeechDigits } from './speech/speechDigits';

/** What a thread measures. */
export interface MeasuringApi {
  measureModel(name: string): Promise<ModelResult>;
  measureCalibrationSizes(name: string): Promise<SizeResult[]>;
}

/** Makes this thread one that measures. */
export function serveMeasuring(shared: string): void {
  const speech = new SpeechDigits(shared);
  const api: MeasuringApi = {
    measureModel: (name) => measureModel(speech, name),
    measureCalibrationSizes: (name) => measureCalibrationSizes(speech, name),
  };
  expose(api, nodeEndpoint(parentPort!));
}

export type MeasuringTask = (api: MeasuringApi) => Promise<void>;

/** Does the tasks in their order, each on the next thread that is free; threads end with the last. */
export async function onThreads(script: string, shared: string, count: number, tasks: readonly MeasuringTask[]): Promise<void> {
  const waiting = [...tasks];
  const workers = Array.from({ length: count }, () => new Worker(script, { workerData: shared }));
  const work = workers.map(async (worker) => {
    // Every method already answers with a promise, so the remote has the same type.
    const api = wrap(nodeEndpoint(worker)) as unknown as MeasuringApi;
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) await task(api);
  });
  const failure = workers.map(async (worker): Promise<never> => {
    const [error] = (await once(worker, 'error')) as [Error];
    throw error;
  });
  try {
    await Promise.race([Promise.all(work), ...failure]);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
