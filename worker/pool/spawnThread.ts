import { Worker, workerData } from 'node:worker_threads';
import { POOL_THREAD } from './threadApi';

/** Starts the bundle that this code is part of in another thread, to take a share of a run. */
export function spawnThread(): Worker {
  return new Worker(__filename, { workerData: POOL_THREAD });
}

/** Whether this thread was started by `spawnThread`. */
export function isPoolThread(): boolean {
  return workerData === POOL_THREAD;
}
