import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type {
  BlameJob,
  CalibrateJob,
  CalibrationInfo,
  CompareJob,
  FixSource,
  MappedTargets,
  Measured,
  MeasureJob,
  QuantizedModelInfo,
  QuantizeJob,
  RunProgress,
  RunRequest,
  StudyProgress,
} from './api';
import { constantDetail } from './core/analysis/detail/constantDetail';
import { RequestError } from './core/analysis/detail/requestError';
import type { JobControl } from './core/analysis/pace';
import type { BlameReport } from './core/blame/blameReport';
import type { Comparison } from './core/compare/comparison';
import { readSamples } from './core/data/readSamples';
import type { SampleSource } from './core/data/sample';
import { syntheticSamples } from './core/data/synthetic';
import { ModelFormatError } from './core/formats/modelFormatError';
import { describeLstms } from './core/model/lstmInfo';
import type { NamedBytes } from './core/formats/namedBytes';
import { readModel } from './core/formats/readModel';
import { operatorDetail, type OperatorDetail, type OperatorDetailRequest } from './core/formula/operatorDetail';
import { RecipeError } from './core/recipe/recipeError';
import { noTfliteReason } from './core/recipe/unwritten/quantizedFile';
import { isUnwritten } from './core/recipe/unwritten/unwrittenFile';
import { firstOverview } from './core/report/buildOverview';
import { compareModel, type IdentifiedModel } from './core/report/compareModel';
import { MAIN_GRAPH } from './core/report/prepareComparison';
import { readRecording } from './core/analysis/audio/readRecording';
import type { AudioDetail, AudioDetailRequest } from './core/report/audioDetail';
import type { SignalDetail, SignalDetailRequest, TensorDetail, TensorDetailRequest } from './core/report/detail';
import type { ExportFormat } from './core/report/exportFormats';
import type { ModelOverview, TensorInfo } from './core/report/overview';
import { tensorInfos, type TensorInfosRequest } from './core/report/tensorInfos';
import type { Report } from './core/report/report';
import { labelsBeside } from './core/report/task/labels';
import { renderCsvReport } from './export/csvReport';
import { renderHtmlReport } from './export/htmlReport';
import { renderMarkdownReport } from './export/markdownReport';
import { ShardRun } from './shardRun';
import type { ObservedValue } from './core/fix/observedValue';
import { UnsupportedOperatorError } from './core/run/preparedOp';
import { DetailSession, type RunSettings } from './detailSession';
import { FileError, inFile } from './fileError';
import { FixSession, hasRanges, type FixControl } from './fixSession';
import type { ThreadJob } from './pool/threadApi';
import { comparingWork, ThreadPool, type PoolOptions } from './pool/threadPool';
import * as studies from './studies';
import type { StudyParts } from './studies';
import type { OverlaidLog } from './core/targetLogs/overlayLog';
import { onnxRuntime } from './runtimes/onnxruntimeSource';
import { runtimeByFormat } from './runtimes/runtimeByFormat';
import { TargetsSession } from './targetsSession';
import { GENERATOR } from './version';

interface OpenModel extends IdentifiedModel {
  readonly file: NamedBytes;
  readonly overview: ModelOverview;
  readonly details: DetailSession;
  readonly targets: TargetsSession;
  /** Null before it was calibrated. */
  fix: FixSession | null;
  /** What was to be told of the data that was read last. */
  notes: readonly string[];
}

interface ActiveRun {
  /** One number that all threads share, not 0 once the run is cancelled. */
  readonly cancelled: Int32Array;
  threads: { cancel(): void } | null;
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
    const { model } = identified;
    const overview = firstOverview(model);
    const [details, targets] = [new DetailSession(), new TargetsSession(model)];
    this.models.set(session, { ...identified, file, overview, details, targets, fix: null, notes: [] });
    return overview;
  }

  /** What was guessed, filled in or left out of the data that was read last. */
  dataNotes(session: string): readonly string[] {
    return this.openModel(session).notes;
  }

  close(session: string): void {
    this.models.delete(session);
    if (![...this.models.values()].some(({ model }) => model.format === 'onnx')) onnxRuntime.rest();
  }

  /** @throws FileError, DataFormatError, SampleError, UnsupportedOperatorError */
  async run(session: string, request: RunRequest, onProgress: (progress: RunProgress) => void): Promise<Report> {
    const open = this.openModel(session);
    const cancelled = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const run: ActiveRun = { cancelled, threads: null };
    this.running.set(request.runId, run);
    let threads: ThreadPool | null = null;
    open.details.rest();
    try {
      const { fileName } = open.model;
      const { samples, floatModel } = inputsOf(open, request);
      const job = jobOf(open, request, samples.count, cancelled);
      threads = this.pool === null ? null : new ThreadPool(this.pool, comparingWork(job), samples);
      run.threads = threads;
      const shard = request.shard === undefined ? null : new ShardRun(request.shard, samples.count);
      const running = compareModel(
        {
          ...open,
          overview: { ...open.overview, targets: await open.targets.map() },
          floatModel,
          samples,
          dataLabel: request.dataLabel,
          dataFiles: request.inputs.map(({ name }) => basename(name)),
          dataOptions: request.data,
          persona: request.persona,
          quirks: request.quirks ?? {},
          preferred: request.preferred ?? 'engine',
          state: request.state,
          labels: labelsBeside(request.labels),
          generator: GENERATOR,
        },
        {
          onProgress: (progress) => onProgress({ runId: request.runId, ...progress }),
          isCancelled: () => Atomics.load(cancelled, 0) !== 0,
          yieldToOthers: () => new Promise((resolve) => setImmediate(resolve)),
          ...shard?.control,
        },
        threads,
      );
      const report = await running.catch((error: unknown) => {
        throw inModel(fileName, error);
      });
      if (shard !== null) return shard.finish(report, open.overview.findings);
      open.details.take(settingsOf(open, request, samples, floatModel));
      return report;
    } finally {
      threads?.end();
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

  targets(session: string, own: readonly NamedBytes[]): Promise<MappedTargets> {
    return this.openModel(session).targets.mapWith(own);
  }

  /** @throws FileError around TargetLogError */
  targetLog(session: string, file: NamedBytes): Promise<OverlaidLog> {
    return this.openModel(session)
      .targets.overlay(file)
      .catch((error: unknown) => {
        throw new FileError(file.name, error);
      });
  }

  fixSource(session: string): FixSource {
    return { hasRanges: hasRanges(this.openModel(session).model) };
  }

  /** @throws FileError, RecipeError, DataFormatError, SampleError, RequestError */
  calibrate(session: string, job: CalibrateJob, onProgress: (progress: StudyProgress) => void): Promise<CalibrationInfo> {
    const open = this.openModel(session);
    return this.cancellable(open, job.runId, async (control, run) => {
      const fix = new FixSession(floatSource(open, job));
      const fixControl: FixControl = { ...control, onProgress };
      const info = await fix.calibrate(job, run.cancelled, fixControl, this.pool, (threads) => (run.threads = threads));
      open.fix = fix;
      return info;
    });
  }

  /** @throws FileError around RecipeError or ModelFormatError; RequestError */
  quantize(session: string, { recipe, target }: QuantizeJob): QuantizedModelInfo {
    const { file, ...made } = this.fixOf(session).quantize(recipe);
    return { ...made, overview: this.open(target, file) };
  }

  /** @throws DataFormatError, SampleError, RequestError */
  measure(session: string, job: MeasureJob, onProgress: (progress: StudyProgress) => void): Promise<readonly Measured[]> {
    const open = this.openModel(session);
    const fix = this.fixOf(session);
    return this.cancellable(open, job.runId, (control) => fix.measure(job, { ...control, onProgress }));
  }

  /** @throws RequestError */
  observed(session: string, row: string, bits: 8 | 16): ObservedValue | null {
    return this.fixOf(session).observed(row, bits);
  }

  /** A copy. @throws FileError around RecipeError for a quantized model that no file format holds */
  fileBytes(session: string): Uint8Array {
    const { file, model } = this.openModel(session);
    const reason = isUnwritten(file.bytes) ? noTfliteReason(model) : null;
    if (reason !== null) throw inModel(model.fileName, new RecipeError('NO_TFLITE_FORM', reason, null, 'a float .tflite model'));
    return file.bytes.slice();
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
    const { model } = this.openModel(session);
    const constant = request.sample === null ? constantDetail(model, request) : null;
    if (constant !== null) return Promise.resolve(constant);
    return this.ask(session, id, (details, pace) => details.tensor(request, pace));
  }

  /** @throws RequestError, SampleError, FileError, DataFormatError */
  audioDetail(session: string, id: string, request: AudioDetailRequest, reference: NamedBytes | null): Promise<AudioDetail> {
    const recording = reference === null ? null : readRecording(reference, request.rate);
    return this.ask(session, id, (details, pace) => details.audio(request, recording, pace));
  }

  /** @throws RequestError, ModelFormatError */
  operatorDetail(session: string, request: OperatorDetailRequest): OperatorDetail {
    return operatorDetail(this.openModel(session).model, request);
  }

  /** @throws RequestError */
  tensorInfos(session: string, request: TensorInfosRequest): TensorInfo[] {
    return tensorInfos(this.openModel(session).model, request);
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
      case 'md':
        return renderMarkdownReport(report);
      case 'csv':
        return renderCsvReport(report);
    }
  }

  /** A study can be cancelled as a run can. */
  private study<T>(
    session: string,
    request: RunRequest,
    work: (parts: StudyParts, control: JobControl) => Promise<T>,
  ): Promise<T> {
    const open = this.openModel(session);
    return this.cancellable(open, request.runId, (control) => work({ ...open, ...inputsOf(open, request) }, control));
  }

  private async cancellable<T>(
    open: OpenModel,
    id: string,
    work: (control: JobControl, run: ActiveRun) => Promise<T>,
  ): Promise<T> {
    const cancelled = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const run: ActiveRun = { cancelled, threads: null };
    this.running.set(id, run);
    try {
      const control: JobControl = {
        isCancelled: () => Atomics.load(cancelled, 0) !== 0,
        yieldToOthers: () => new Promise((resolve) => setImmediate(resolve)),
      };
      return await work(control, run);
    } catch (error) {
      throw inModel(open.model.fileName, error);
    } finally {
      this.running.delete(id);
    }
  }

  private ask<T>(session: string, id: string, answer: Parameters<typeof DetailSession.prototype.ask<T>>[1]): Promise<T> {
    const { details, model } = this.openModel(session);
    return details.ask(id, answer).catch((error: unknown) => {
      throw inModel(model.fileName, error);
    });
  }

  private fixOf(session: string): FixSession {
    const { fix } = this.openModel(session);
    if (fix === null) throw new RequestError('NO_RUN', 'There is nothing to quantize yet. Calibrate first.');
    return fix;
  }

  private openModel(session: string): OpenModel {
    const open = this.models.get(session);
    if (open === undefined) throw new Error(`No model is open in session ${session}.`);
    return open;
  }
}

/** The samples and the float partner of a request. */
function inputsOf(open: OpenModel, { inputs, data, floatModel }: RunRequest) {
  const { model } = open;
  const graph = model.graphs[MAIN_GRAPH];
  if (graph === undefined)
    throw new FileError(model.fileName, new ModelFormatError('NO_GRAPH', 'The model has no graph to run.'));
  const samples = inputs.length > 0 ? readSamples(inputs, graph, data, model.metadata) : syntheticSamples(graph, {}, data);
  open.notes = samples.notes ?? [];
  return {
    samples,
    floatModel: floatModel === null ? null : identify(floatModel),
  };
}

/** The float model of a calibration. */
function floatSource({ file, model, overview }: OpenModel, { floatModel }: CalibrateJob) {
  if (floatModel === null) return { file, model, lstms: overview.lstms };
  const partner = identify(floatModel).model;
  return { file: floatModel, model: partner, lstms: partner.graphs.flatMap(describeLstms) };
}

function settingsOf(
  { model, overview }: OpenModel,
  { persona, quirks = {}, preferred = 'engine', state }: RunRequest,
  samples: SampleSource,
  floatModel: IdentifiedModel | null,
): RunSettings {
  return { model, overview, floatModel: floatModel?.model ?? null, samples, persona, quirks, preferred, state };
}

/** Says which file it is in when a model cannot be run. */
function inModel(fileName: string, error: unknown): unknown {
  const isOfModel = error instanceof UnsupportedOperatorError || error instanceof ModelFormatError;
  return isOfModel ? new FileError(fileName, error) : error;
}

function jobOf(
  { file, overview: { scheme, lstms, recurrent = [] } }: OpenModel,
  { floatModel, labels, persona, quirks = {}, preferred = 'engine', state }: RunRequest,
  samples: number,
  cancelled: Int32Array,
): ThreadJob {
  return {
    model: file,
    overview: { scheme, lstms, recurrent },
    floatModel,
    labels,
    persona,
    quirks,
    preferred,
    state,
    samples,
    cancelled,
  };
}

/** @throws FileError around ModelFormatError */
function identify(file: NamedBytes): IdentifiedModel {
  return {
    model: inFile(file.name, () => readModel(file)),
    runtime: runtimeByFormat,
    sha256: createHash('sha256').update(file.bytes).digest('hex'),
  };
}
