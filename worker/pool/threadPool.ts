import type { Worker } from 'node:worker_threads';
import type { SampleRange } from '../core/analysis/compareSamples';
import type { Compare, Helpers } from '../core/analysis/crew';
import { SampleError } from '../core/analysis/sampleError';
import type { Sample, SampleSource } from '../core/data/sample';
import type { NamedBytes } from '../core/formats/namedBytes';
import { PoolThread } from './poolThread';
import type { ThreadJob } from './threadApi';

export interface PoolOptions {
  /** Starts this program once more, in a thread with `POOL_THREAD` as its data. */
  readonly spawn: () => Worker;
  /** Threads that work on a run at most, the one that asks for it among them. */
  readonly jobs: number;
  /** Memory that other threads may take together, in bytes; where not given, as many start as `jobs` says. */
  readonly mostBytes?: number;
  /** For tests: threads are called as soon as a run has begun, whether that pays or not. */
  readonly atOnce?: boolean;
}

const AFTER_MS = 500;
/** A thread starts and prepares within some 0.3 s, and runs slower code for about another second. Measured. */
const COST_MS = 1250;

/** What a thread takes: the program and its garbage, and three times the float weights for packed matrices of all paths. Measured. */
const BYTES_PER_THREAD = 80e6;
const BYTES_PER_FLOAT_BYTE = 3;

/** Threads for one run. They start when they are first needed, and read samples from this thread alone. */
export class ThreadPool implements Helpers {
  readonly count: number;
  readonly afterMs: number;
  readonly costMs: number;
  private readonly threads: PoolThread[] = [];

  constructor(
    private readonly options: PoolOptions,
    private readonly job: ThreadJob,
    private readonly samples: Pick<SampleSource, 'get' | 'names'>,
  ) {
    this.count = Math.min(options.jobs - 1, Math.floor((options.mostBytes ?? Infinity) / bytesPerThread(job)));
    this.afterMs = options.atOnce === true ? 0 : AFTER_MS;
    this.costMs = options.atOnce === true ? 0 : COST_MS;
  }

  start(most: number): Promise<readonly Compare[]> {
    const { model, floatModel } = this.job;
    const job = { ...this.job, model: inSharedMemory(model), floatModel: floatModel && inSharedMemory(floatModel) };
    for (let started = 0; started < most; started++) this.threads.push(new PoolThread(this.options.spawn(), job));
    return Promise.resolve(
      this.threads.map((thread) => (range) => thread.compare(range.first, () => takeSamples(this.samples, range))),
    );
  }

  /** The run is cancelled, and so is what `job.cancelled` tells. */
  cancel(): void {
    for (const thread of this.threads) thread.cancel();
  }

  end(): void {
    for (const thread of this.threads) thread.end();
  }
}

function bytesPerThread({ model, floatModel, overview }: ThreadJob): number {
  const widening = overview.scheme === 'float' ? 1 : 4;
  const floatBytes = floatModel?.bytes.length ?? model.bytes.length * widening;
  return BYTES_PER_THREAD + BYTES_PER_FLOAT_BYTE * floatBytes;
}

/** A copy that threads read together, whatever their number. */
function inSharedMemory({ name, bytes }: NamedBytes): NamedBytes {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return { name, bytes: shared };
}

/** Samples whose arrays may be given away. @throws SampleError */
function takeSamples(source: Pick<SampleSource, 'get' | 'names'>, { first, end }: SampleRange): Sample[] {
  return Array.from({ length: end - first }, (_, offset) => {
    const index = first + offset;
    try {
      const sample = source.get(index);
      return { ...sample, inputs: sample.inputs.map((value) => ({ ...value, data: value.data.slice() })) };
    } catch (cause) {
      throw new SampleError(source.names[index] ?? String(index), cause);
    }
  });
}
