import type { Worker } from 'node:worker_threads';
import type { SampleRange } from '../core/analysis/compareSamples';
import type { ComparisonPart } from '../core/analysis/comparisonPart';
import type { Compare, Helpers } from '../core/analysis/crew';
import { SampleError } from '../core/analysis/sampleError';
import type { Calibration } from '../core/calibration/calibration';
import type { Sample, SampleSource } from '../core/data/sample';
import type { NamedBytes } from '../core/formats/namedBytes';
import { isOnnx } from '../core/formats/onnx/isOnnx';
import { PoolThread, type ThreadWork } from './poolThread';
import type { CalibrationJob, ThreadJob } from './threadApi';

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
/** ONNX Runtime, of which each thread has its own. Measured. */
const BYTES_OF_ONNX_RUNTIME = 120e6;

/** What the threads of one run do. */
export interface PoolWork<P> {
  /** Float weights that every thread holds, in bytes. */
  readonly floatBytes: number;
  readonly isOnnx: boolean;
  /** Called when the first thread starts: for what all of them share. */
  begin(): ThreadWork<P>;
}

/** Threads that compare. */
export function comparingWork(job: ThreadJob): PoolWork<ComparisonPart> {
  const { model, floatModel, overview } = job;
  const widening = overview.scheme === 'float' ? 1 : 4;
  return {
    floatBytes: floatModel?.bytes.length ?? model.bytes.length * widening,
    isOnnx: isOnnx(model.bytes) || (floatModel !== null && isOnnx(floatModel.bytes)),
    begin: () => {
      const shared = { ...job, model: inSharedMemory(model), floatModel: floatModel && inSharedMemory(floatModel) };
      return {
        prepare: (api) => api.prepare(shared),
        take: (api, first, samples) => api.compare(first, samples),
      };
    },
  };
}

/** Threads that calibrate. */
export function calibratingWork(job: CalibrationJob): PoolWork<Calibration> {
  return {
    floatBytes: job.model.bytes.length,
    isOnnx: isOnnx(job.model.bytes),
    begin: () => {
      const shared = { ...job, model: inSharedMemory(job.model) };
      return {
        prepare: (api) => api.prepareCalibration(shared),
        take: (api, first, samples) => api.calibrate(first, samples),
      };
    },
  };
}

/** Threads for one run. They start when they are first needed, and read samples from this thread alone. */
export class ThreadPool<P = ComparisonPart> implements Helpers<P> {
  readonly count: number;
  readonly afterMs: number;
  readonly costMs: number;
  private readonly threads: PoolThread<P>[] = [];

  constructor(
    private readonly options: PoolOptions,
    private readonly work: PoolWork<P>,
    private readonly samples: Pick<SampleSource, 'get' | 'names'>,
  ) {
    const runtime = work.isOnnx ? BYTES_OF_ONNX_RUNTIME : 0;
    const bytesPerThread = BYTES_PER_THREAD + runtime + BYTES_PER_FLOAT_BYTE * work.floatBytes;
    this.count = Math.min(options.jobs - 1, Math.floor((options.mostBytes ?? Infinity) / bytesPerThread));
    this.afterMs = options.atOnce === true ? 0 : AFTER_MS;
    this.costMs = options.atOnce === true ? 0 : COST_MS;
  }

  start(most: number): Promise<readonly Compare<P>[]> {
    const work = this.work.begin();
    for (let started = 0; started < most; started++) this.threads.push(new PoolThread(this.options.spawn(), work));
    return Promise.resolve(
      this.threads.map((thread) => (range) => thread.share(range.first, () => takeSamples(this.samples, range))),
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

/** A copy that threads read together, whatever their number, with what is beside it. */
function inSharedMemory({ bytes, beside, ...rest }: NamedBytes): NamedBytes {
  const files = beside && new Map([...beside].map(([place, file]) => [place, sharedCopy(file)] as const));
  return { ...rest, bytes: sharedCopy(bytes), ...(files && { beside: files }) };
}

function sharedCopy(bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
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
