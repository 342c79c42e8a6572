import { availableParallelism, totalmem } from 'node:os';
import { spawnThread } from './spawnThread';
import type { PoolOptions } from './threadPool';

/** Share of the memory that threads may take; the rest is for the editor, the first thread and others. */
const SHARE_OF_MEMORY = 1 / 4;

/** One thread for each core, as far as memory reaches. */
export function ownThreads(): PoolOptions {
  // 0 or absurdly large where no limit is set.
  const limit = process.constrainedMemory();
  const memory = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return { spawn: spawnThread, jobs: availableParallelism(), mostBytes: memory * SHARE_OF_MEMORY };
}
