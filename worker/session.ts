import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { BlameJob, CompareJob, ExportFormat, RunProgress, RunRequest, StudyProgress } from './api';
import type { JobControl } from './core/analysis/pace';
import type { BlameReport } from './core/blame/blameReport';
import type { Comparison } from './core/compare/comparison';
import { readSamples } from './core/data/readSamples';
import type { SampleSource } from './core/data/sample';
import { syntheticSamples } from './core/data/synthetic';
import { ModelFormatError } from './core/formats/modelFormatError';
import type { NamedBytes } from './core/formats/namedBytes';
import { readModel } from './core/formats/readModel';
import { buildOverview } from './core/report/buildOverview';
import { compareModel, type IdentifiedModel } from './core/report/compareModel';
import { MAIN_GRAPH } from './core/report/prepareComparison';
import type { SignalDetail, SignalDetailRequest, TensorDetail, TensorDetailRequest } from './core/report/detail';
import type { ModelOverview } from './core/report/overview';
import type { Report } from './core/report/report';
import { readLabels } from './core/report/task/labels';
import { renderHtmlReport } from './export/htmlReport';
import { UnsupportedOperatorError } from './core/run/preparedOp';
import { DetailSession, type RunSettings } from './detailSession';
import { FileError, inFile } from './fileError';
import type { ThreadJob } from './pool/threadApi';
import { comparingWork, ThreadPool, type PoolOptions } from './pool/threadPool';
import * as studies from './studies';
import type { StudyParts } from './studies';
import { GENERATOR } from './version';

interface OpenModel extends IdentifiedModel {
  readonly file: NamedBytes;
  readonly overview: ModelOverview;
  readonly details: DetailSession;
}

interface ActiveRun {
  /** One number that all threads share, not 0 once the run is cancelled. */
  readonly cancelled: Int32Array;
  threads: ThreadPool | null;
}

/** The models that are open and the runs under way. Everything is thrown that goes wrong; see reply.ts for what it becomes. */
export class Sessions {
  private readonly models = new Map<string, OpenModel>();
  private readonly running = new Map<string, ActiveRun>();

  /** @param pool null: runs are not shared with other threads */
  constructor(private readonly pool: PoolOptions | null = null) {}

  /** @throws FileError around ModelFormatError */
  open(session: string, file: NamedBytes): ModelOverview {
    const identified = identify(file);
    const overview = buildOverview(identified.model);
    this.models.set(session, { ...identified, file, overview, details: new DetailSession() });
    return overview;
  }

  close(session: string): void {
    this.models.delete(session);
  }

  /** @throws FileError, DataFormatError, SampleError, UnsupportedOperatorError */
  async run(session: string, request: RunRequest, onProgress: (progress: RunProgress) => void): Promise<Report> {
    const open = this.openModel(session);
    const cancelled = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const run: ActiveRun = { cancelled, threads: null };
    this.running.set(request.runId, run);
    open.details.rest();
    try {
      const { fileName } = open.model;
      const { samples, floatModel } = inputsOf(open, request);
      const job = jobOf(open, request, samples.count, cancelled);
      run.threads = this.pool === null ? null : new ThreadPool(this.pool, comparingWork(job), samples);
      const running = compareModel(
        {
          ...open,
          floatModel,
          samples,
          dataLabel: request.dataLabel,
          dataFiles: request.inputs.map(({ name }) => basename(name)),
          persona: request.persona,
          state: request.state,
          labels: request.labels === null ? null : readLabels(request.labels),
          generator: GENERATOR,
        },
        {
          onProgress: (progress) => onProgress({ runId: request.runId, ...progress }),
          isCancelled: () => Atomics.load(cancelled, 0) !== 0,
          yieldToOthers: () => new Promise((resolve) => setImmediate(resolve)),
        },
        run.threads,
      );
      const report = await running.catch((error: unknown) => {
        throw inModel(fileName, error);
      });
      open.details.take(settingsOf(open, request, samples, floatModel));
      return report;
    } finally {
      run.threads?.end();
      this.running.delete(request.runId);
    }
  }

  /** @throws FileError, DataFormatError, SampleError */
  blame(session: string, job: BlameJob, onProgress: (progress: StudyProgress) => void): Promise<BlameReport> {
    return this.study(session, job, (parts, control) => studies.blame(parts, job, { ...control, onProgress }));
  }

  /** @throws FileError, DataFormatError, SampleError */
  compare(session: string, job: CompareJob, onProgress: (progress: StudyProgress) => void): Promise<Comparison> {
    const other = job.other === null ? null : identify(job.other);
    return this.study(session, job, (parts, control) => studies.compare(parts, other, job, { ...control, onProgress }));
  }

  /** @throws FileError, DataFormatError */
  prepareDetail(session: string, request: RunRequest): null {
    const open = this.openModel(session);
    const { samples, floatModel } = inputsOf(open, request);
    open.details.take(settingsOf(open, request, samples, floatModel));
    return null;
  }

  /** @throws RequestError, SampleError, FileError */
  signalDetail(session: string, id: string, request: SignalDetailRequest): Promise<SignalDetail> {
    return this.ask(session, id, (details, pace) => details.signal(request, pace));
  }

  /** @throws RequestError, SampleError, FileError */
  tensorDetail(session: string, id: string, request: TensorDetailRequest): Promise<TensorDetail> {
    return this.ask(session, id, (details, pace) => details.tensor(request, pace));
  }

  /** Of a run or a question. Nothing happens when there is none. */
  cancel(id: string): void {
    for (const { details } of this.models.values()) details.cancel(id);
    const run = this.running.get(id);
    if (run === undefined) return;
    Atomics.store(run.cancelled, 0, 1);
    run.threads?.cancel();
  }

  exportReport(report: Report, format: ExportFormat): string {
    switch (format) {
      case 'html':
        return renderHtmlReport(report);
      case 'json':
        return `${JSON.stringify(report)}\n`;
    }
  }

  /** A study can be cancelled as a run can. */
  private async study<T>(
    session: string,
    request: RunRequest,
    work: (parts: StudyParts, control: JobControl) => Promise<T>,
  ): Promise<T> {
    const open = this.openModel(session);
    const cancelled = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    this.running.set(request.runId, { cancelled, threads: null });
    try {
      return await work(
        { ...open, ...inputsOf(open, request) },
        {
          isCancelled: () => Atomics.load(cancelled, 0) !== 0,
          yieldToOthers: () => new Promise((resolve) => setImmediate(resolve)),
        },
      );
    } catch (error) {
      throw inModel(open.model.fileName, error);
    } finally {
      this.running.delete(request.runId);
    }
  }

  private ask<T>(session: string, id: string, answer: Parameters<typeof DetailSession.prototype.ask<T>>[1]): Promise<T> {
    const { details, model } = this.openModel(session);
    return details.ask(id, answer).catch((error: unknown) => {
      throw inModel(model.fileName, error);
    });
  }

  private openModel(session: string): OpenModel {
    const open = this.models.get(session);
    if (open === undefined) throw new Error(`No model is open in session ${session}.`);
    return open;
  }
}

/** The samples and the float partner of a request. */
function inputsOf({ model }: OpenModel, { inputs, floatModel }: RunRequest) {
  const graph = model.graphs[MAIN_GRAPH];
  if (graph === undefined)
    throw new FileError(model.fileName, new ModelFormatError('NO_GRAPH', 'The model has no graph to run.'));
  return {
    samples: inputs.length > 0 ? readSamples(inputs, graph) : syntheticSamples(graph),
    floatModel: floatModel === null ? null : identify(floatModel),
  };
}

function settingsOf(
  { model, overview }: OpenModel,
  { persona, state }: RunRequest,
  samples: SampleSource,
  floatModel: IdentifiedModel | null,
): RunSettings {
  return { model, overview, floatModel: floatModel?.model ?? null, samples, persona, state };
}

/** Says which file it is in when a model cannot be run. */
function inModel(fileName: string, error: unknown): unknown {
  const isOfModel = error instanceof UnsupportedOperatorError || error instanceof ModelFormatError;
  return isOfModel ? new FileError(fileName, error) : error;
}

function jobOf(
  { file, overview: { scheme, lstms } }: OpenModel,
  { floatModel, labels, persona, state }: RunRequest,
  samples: number,
  cancelled: Int32Array,
): ThreadJob {
  return { model: file, overview: { scheme, lstms }, floatModel, labels, persona, state, samples, cancelled };
}

/** @throws FileError around ModelFormatError */
export function identify(file: NamedBytes): IdentifiedModel {
  return {
    model: inFile(file.name, () => readModel(file)),
    sha256: createHash('sha256').update(file.bytes).digest('hex'),
  };
}
