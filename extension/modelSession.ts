import type { Reply, ReplyError, RunRequest, WorkerApi } from '../worker/api';
import type { DataOptions } from '../worker/core/data/dataOptions';
import type { Scheme } from '../worker/core/model/model';
import type { ExportFormat } from '../worker/core/report/exportFormats';
import type { Report } from '../worker/core/report/report';
import { type Assumed, AssumedInputs, sameAssumed } from './assumedInputs';
import { SYNTHETIC, type DataPick, type DataSet } from './dataDiscovery';
import { ModelData } from './modelData';
import { ModelDetails } from './modelDetails';
import { modelErrorInfo, unreadable } from './modelError';
import { ModelFix } from './modelFix';
import { ModelRun } from './modelRun';
import { ModelStudies } from './modelStudies';
import { ModelTargets } from './modelTargets';
import type { DataChoice, InspectorState, ModelState, RunChoice, RunState } from './protocol/messages';
import { openInWorker } from './openInWorker';
import { readData, readInputs } from './readInputs';
import type { SessionOptions } from './sessionOptions';
import { readOtherModel } from './withBeside';
import { WorkerClient, WorkerDied } from './workerClient';
import { WorkerReplyError } from './workerReplyError';

/** A run that has not stopped this long after a cancel is taken for hung. The worker promises 200 ms. */
const CANCEL_MS = 2_000;
/** Reading a model's structure is a matter of milliseconds, whatever its size; this long means that it hangs. */
const OPEN_MS = 60_000;

/** The worker holds one model for each session; here each session has its own worker, so these names do. */
const SESSION = 'model';
const QUANTIZED = 'quantized';

/** The reader's word for a value that decides nothing. */
const ASSUMED_INPUT = 'ASSUMED_INPUT';

/**
 * One model that is open: its worker, what is known of it, its data and its run. The one place that holds the state which every view of
 * this model shows, so that views can come and go.
 */
export class ModelSession {
  private readonly worker: WorkerClient;
  private current: InspectorState;
  private readonly data: ModelData;
  private readonly inputs: AssumedInputs;
  private readonly run: ModelRun;
  /** Counts openings, so that answers about a former version of the file are dropped. */
  private opening = 0;
  private disposed = false;
  /** Of the file, whatever is shown; null while it is not open. */
  private fileScheme: Scheme | null = null;
  /** Why what was assumed last cannot be. */
  private refusal: string | null = null;

  /** Questions beyond the report. */
  readonly details: ModelDetails;
  /** Questions that take a while; any number, beside a run. */
  readonly studies: ModelStudies;
  readonly targets: ModelTargets;
  /** Quantizing in memory. */
  readonly fix: ModelFix;

  constructor(private readonly options: SessionOptions) {
    const call = <T>(ask: (api: WorkerApi) => Promise<Reply<T>>) => this.ask(ask);
    this.data = new ModelData(options);
    this.inputs = new AssumedInputs(options.picks.assumed);
    this.details = new ModelDetails({
      files: options.files,
      session: () => this.fix.shownSession,
      call,
      report: () => this.current.report,
      dataSets: () => this.dataSets(),
      request: (set, report) => this.runRequest('detail', set, report, new AbortController().signal),
    });
    this.studies = new ModelStudies({
      files: options.files,
      session: () => this.fix.shownSession,
      call,
      request: (choice) => this.runRequest(choice.id, this.dataSet(choice), choice, new AbortController().signal),
    });
    this.fix = new ModelFix({
      files: options.files,
      session: SESSION,
      target: QUANTIZED,
      call,
      cancelMs: options.limits?.cancelMs ?? CANCEL_MS,
      source: () => this.floatSource(),
      dataOptions: () => this.data.options,
      request: (choice, id, signal) => this.runRequest(id, this.dataSet(choice), choice, signal, QUANTIZED),
      run: (choice) => this.start(choice),
      face: () => {
        const { model, report } = this.current;
        return model.status === 'open' ? { overview: model.overview, report } : null;
      },
      settle: () => this.run.settle(),
      isRunning: () => this.run.isRunning,
      show: ({ overview, report }) => this.update({ model: { status: 'open', overview }, report }),
      update: (fix) => this.update({ fix }),
      progress: options.onFixProgress,
      ...(options.picks.history === undefined ? {} : { history: options.picks.history }),
      replaceWorker: (why) => {
        this.worker.kill(why);
        this.fix.forget();
        void this.open();
      },
    });
    this.targets = new ModelTargets({
      files: options.files,
      session: () => this.fix.shownSession,
      call,
      ownTargets: options.ownTargets ?? (() => []),
      update: (mapped) => options.onMapped?.(mapped),
      log: (message) => options.log(`${this.current.fileName}: ${message}`),
    });
    this.run = new ModelRun({
      call: (ask) => this.worker.call(ask),
      request: ({ id, session, set, choice }, signal) => this.runRequest(id, set, choice, signal, session),
      cancelMs: options.limits?.cancelMs ?? CANCEL_MS,
      kill: (why) => this.worker.kill(why),
      reopen: () => this.open(),
      opening: () => this.opening,
      state: () => this.current.run,
      progress: (run, news) => {
        this.current = { ...this.current, run };
        options.onProgress(news);
      },
      ended: (run, { report, session }) => this.ended(run, report, session),
    });
    this.worker = new WorkerClient(options.spawn, (death) => {
      options.log(`${this.current.fileName}: ${death.message}`);
      this.fix.forget();
      this.update({ model: { status: 'dead', message: death.message } });
    });
    this.current = {
      fileName: options.files.name(options.model),
      cellsOf: options.cellsOf ?? null,
      model: { status: 'opening' },
      data: [SYNTHETIC.choice],
      dataOptions: this.data.options,
      floatPartner: null,
      run: { status: 'idle' },
      report: null,
      fix: this.fix.state,
    };
  }

  get state(): InspectorState {
    return this.current;
  }

  /** Reads the file and what lies beside it. */
  async open(): Promise<void> {
    if (this.current.model.status !== 'open') this.update({ model: { status: 'opening' } });
    // While the file is being read.
    this.worker.begin();
    await Promise.all([this.openModel(++this.opening), this.refreshData()]);
  }

  /** Opens the file anew, with what it is now: after it has changed, or after the worker died. */
  async reload(): Promise<void> {
    this.cancel();
    if (this.current.run.status === 'failed') this.update({ run: { status: 'idle' } });
    await this.open();
  }

  /** What inputs are taken to be, which decides what graph this is. */
  get assumed(): Assumed {
    const { model } = this.current;
    return (model.status === 'open' ? model.overview.assumed : undefined) ?? {};
  }

  /**
   * Opens the model as it is when inputs have these values, now and from now on.
   * @throws Error where one of them decides nothing; the model is then open as the reader takes it by itself
   */
  async assume(values: Assumed): Promise<void> {
    if (this.inputs.choose(values)) await this.reload();
    if (!sameAssumed(this.inputs.forReader.assumed, values)) throw new Error(this.refusal ?? 'This cannot be assumed.');
  }

  /** Looks again for data and a float partner beside the model. */
  async refreshData(): Promise<void> {
    if (!(await this.data.look())) return;
    const { partner } = this.data;
    this.update({ data: this.choices(), floatPartner: partner === null ? null : this.options.files.name(partner) });
    await this.offerToQuantize();
  }

  /** What can be quantized: a float model, or the float partner of another one. */
  private floatSource(): string | null | undefined {
    if (this.fileScheme === null) return undefined;
    return this.fileScheme === 'float' ? null : (this.data.partner ?? undefined);
  }

  private async offerToQuantize(): Promise<void> {
    const { files, model } = this.options;
    const sets = await this.data.calibration(this.inputShape());
    const isOpenModel = this.fileScheme === 'float';
    const reply = isOpenModel ? await this.worker.call((api) => api.fixSource(SESSION)).catch(() => null) : null;
    const source = this.floatSource();
    const name = source === undefined ? null : files.name(source ?? model);
    if (!this.disposed) this.fix.offer(name, sets, reply?.ok === true && reply.value.hasRanges);
  }

  /** Offers what the user picked, before all other data. @throws Error when there is no data in it. */
  async pick(pick: DataPick): Promise<DataChoice> {
    const choice = await this.data.keep(pick);
    await this.refreshData();
    return choice;
  }

  /**
   * Starts a run; its end arrives as a state. Nothing happens while another run is under way.
   * @throws Error when there is no open model or no such data.
   */
  start(choice: RunChoice): void {
    if (this.run.isRunning) return;
    if (this.current.model.status !== 'open') throw new Error('There is no open model to run.');
    if (this.fix.isBusy) throw new Error('Quantizing is under way. Cancel it first.');
    this.update({ run: this.run.start(this.fix.shownSession, this.dataSet(choice), choice) });
  }

  /** Stops what is under way. */
  cancel(): void {
    if (!this.fix.cancel()) this.run.cancel();
  }

  /** Text of the report's export. @throws Error when there is no report, or the worker cannot write it. */
  async exportReport(format: ExportFormat): Promise<string> {
    const { report } = this.current;
    if (report === null) throw new Error('There is no report yet. Run first.');
    const reply = await this.worker.call((api) => api.exportReport(report, format));
    if (!reply.ok) throw new Error(reply.error.message);
    return reply.value;
  }

  /** Stops a question or study with this id. */
  async cancelDetail(id: string): Promise<void> {
    await this.worker.call((api) => api.cancel(id));
  }

  dispose(): void {
    this.disposed = true;
    this.run.dispose();
    this.worker.kill('The editor was closed.');
  }

  private async runRequest(
    runId: string,
    set: DataSet,
    {
      persona,
      quirks = {},
      state,
      data: asReported,
    }: Pick<RunChoice, 'persona' | 'quirks' | 'state'> & Partial<Pick<Report, 'data'>>,
    signal: AbortSignal,
    session = this.fix.shownSession,
  ): Promise<RunRequest> {
    const { files, model } = this.options;
    const inputs = await readData(files, set, signal);
    // Questions are about a report, which has its own.
    const data = asReported === undefined ? this.data.options : (asReported.options ?? {});
    // What was quantized stands beside what it was made from.
    const partner = session === QUANTIZED ? (this.floatSource() ?? model) : this.data.partner;
    const other = partner === null ? null : await readOtherModel((ask) => this.ask(ask), files, partner, signal);
    const floatModel = other !== null && partner === model ? { ...other, ...this.inputs.forReader } : other;
    const [labels] = await readInputs(files, set.labels === null ? [] : [set.labels], signal);
    const dataLabel = set.choice.label;
    return { runId, persona, quirks, state, inputs, data, dataLabel, floatModel, labels: labels ?? null };
  }

  /** How data becomes samples from now on; kept for this model. */
  setDataOptions(options: DataOptions): void {
    this.data.setOptions(options);
    this.update({ dataOptions: options });
  }

  /** Offers a file for one of several inputs, with those for the others. @throws Error when it is not there */
  async pickForInput(input: string, file: string): Promise<DataChoice> {
    const choice = await this.data.keepForInput(input, file);
    await this.refreshData();
    return choice;
  }

  private dataSet({ dataId }: Pick<RunChoice, 'dataId'>): DataSet {
    const set = this.dataSets().find(({ choice }) => choice.id === dataId);
    if (set === undefined) throw new Error('This data is no longer there. Choose other data.');
    return set;
  }

  private dataSets(model = this.current.model): readonly DataSet[] {
    return this.data.sets(this.inputShape(model));
  }

  private choices(model = this.current.model): readonly DataChoice[] {
    return this.dataSets(model).map((set) => set.choice);
  }

  /** @throws WorkerReplyError */
  private async ask<T>(ask: (api: WorkerApi) => Promise<Reply<T>>): Promise<T> {
    const reply = await this.worker.call(ask);
    if (!reply.ok) throw new WorkerReplyError(reply.error);
    return reply.value;
  }

  /** Of the first input; null while there is no open model. */
  private inputShape(model = this.current.model): readonly number[] | null {
    return (model.status === 'open' ? model.overview.inputs[0]?.shape : undefined) ?? null;
  }

  private async openModel(opening: number): Promise<void> {
    const { files, model, reports, limits } = this.options;
    const isStale = () => opening !== this.opening || this.disposed;
    try {
      const bytes = await files.read(model);
      const report = await reports.find(bytes);
      if (isStale()) return;
      const limitMs = limits?.openMs ?? OPEN_MS;
      const file = { name: this.current.fileName, bytes, ...this.inputs.forReader };
      const reply = await openInWorker((call) => this.worker.call(call, limitMs), SESSION, file, { files, model });
      if (isStale()) return;
      // Another file than it was, or an input that decides nothing: as the reader takes it by itself.
      if (!reply.ok && reply.error.code === ASSUMED_INPUT && this.inputs.choose({})) {
        this.refusal = reply.error.message;
        return await this.openModel(opening);
      }
      if (!reply.ok) return await this.showBroken(reply.error, isStale);
      const opened: ModelState = { status: 'open', overview: reply.value };
      this.fileScheme = reply.value.scheme;
      this.fix.forget();
      const isReported = sameAssumed(report?.model.assumed, reply.value.assumed);
      this.update({ model: opened, report: isReported ? report : null, data: this.choices(opened) });
      await this.offerToQuantize();
    } catch (error) {
      // A death has set its own state already.
      if (!isStale() && !(error instanceof WorkerDied)) await this.showBroken(unreadable(error), isStale);
    }
  }

  private async showBroken(error: ReplyError, isStale: () => boolean): Promise<void> {
    this.fileScheme = null;
    this.fix.forget();
    const bytes = await this.options.files.read(this.options.model).catch(() => null);
    if (!isStale()) this.update({ model: { status: 'broken', error: modelErrorInfo(error, bytes) }, report: null });
  }

  private async keep(report: Report): Promise<void> {
    try {
      await this.options.reports.save(report);
    } catch (error) {
      this.options.log(`The report of ${this.current.fileName} was not kept: ${messageOf(error)}`);
    }
  }

  private ended(run: RunState, report: Report | null, session: string): void {
    this.update({ run, ...(report === null ? {} : { report }) });
    if (report === null) return;
    if (session === QUANTIZED) this.fix.tookReport(report);
    // Of what is in memory alone nothing would be found again.
    else void this.keep(report);
  }

  private update(change: Partial<InspectorState>): void {
    if (this.disposed) return;
    this.current = { ...this.current, ...change };
    this.options.onState(this.current);
    const { model } = this.current;
    this.targets.follow(model.status === 'open' ? model.overview : null);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
