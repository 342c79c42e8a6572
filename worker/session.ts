import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { ExportFormat, RunProgress, RunRequest } from './api';
import { readSamples } from './core/data/readSamples';
import { syntheticSamples } from './core/data/synthetic';
import { ModelFormatError } from './core/formats/modelFormatError';
import type { NamedBytes } from './core/formats/namedBytes';
import { readModel } from './core/formats/readModel';
import { buildOverview } from './core/report/buildOverview';
import { compareModel, type IdentifiedModel } from './core/report/compareModel';
import { MAIN_GRAPH } from './core/report/prepareComparison';
import type { ModelOverview } from './core/report/overview';
import type { Report } from './core/report/report';
import { readLabels } from './core/report/task/labels';
import { renderHtmlReport } from './export/htmlReport';
import { UnsupportedOperatorError } from './core/run/preparedOp';
import { FileError, inFile } from './fileError';
import type { ThreadJob } from './pool/threadApi';
import { ThreadPool, type PoolOptions } from './pool/threadPool';
import { GENERATOR } from './version';

interface OpenModel extends IdentifiedModel {
  readonly file: NamedBytes;
  readonly overview: ModelOverview;
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
    this.models.set(session, { ...identified, file, overview });
    return overview;
  }

  close(session: string): void {
    this.models.delete(session);
  }

  /** @throws FileError, DataFormatError, SampleError, UnsupportedOperatorError */
  async run(session: string, request: RunRequest, onProgress: (progress: RunProgress) => void): Promise<Report> {
    const open = this.models.get(session);
    if (open === undefined) throw new Error(`No model is open in session ${session}.`);
    const cancelled = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const run: ActiveRun = { cancelled, threads: null };
    this.running.set(request.runId, run);
    try {
      const { fileName } = open.model;
      const graph = open.model.graphs[MAIN_GRAPH];
      if (graph === undefined) throw new FileError(fileName, new ModelFormatError('NO_GRAPH', 'The model has no graph to run.'));
      const samples = request.inputs.length > 0 ? readSamples(request.inputs, graph) : syntheticSamples(graph);
      const job = jobOf(open, request, samples.count, cancelled);
      run.threads = this.pool === null ? null : new ThreadPool(this.pool, job, samples);
      const running = compareModel(
        {
          ...open,
          floatModel: request.floatModel === null ? null : identify(request.floatModel),
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
      return await running.catch((error: unknown) => {
        const isOfModel = error instanceof UnsupportedOperatorError || error instanceof ModelFormatError;
        throw isOfModel ? new FileError(fileName, error) : error;
      });
    } finally {
      run.threads?.end();
      this.running.delete(request.runId);
    }
  }

  /** Nothing happens when there is no such run. */
  cancel(runId: string): void {
    const run = this.running.get(runId);
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
