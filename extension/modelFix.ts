import { proxy } from 'comlink';
import { randomUUID } from 'node:crypto';
import type { CalibrateJob, CalibrationInfo, MeasureJob, Reply, RunRequest, StudyProgress, WorkerApi } from '../worker/api';
import { effectOfReport } from '../worker/core/fix/effect';
import { PLAIN_RECIPE } from '../worker/core/fix/editRecipe';
import type { ObservedValue } from '../worker/core/fix/observedValue';
import type { Recipe } from '../worker/core/recipe/recipe';
import type { ModelOverview } from '../worker/core/report/overview';
import type { Report } from '../worker/core/report/report';
import type { DataSet } from './dataDiscovery';
import type { FileAccess } from './fileAccess';
import { historyOf, keptHistory, type FixHistory } from './fixHistory';
import { handedOver } from './handedOver';
import type {
  CalibrationChoice,
  FixStage,
  FixState,
  FixStep,
  FormerFix,
  QuantizeChoice,
  QuantizedState,
  RecipeChoice,
  StepChoice,
  TryChoice,
  UsedCalibration,
} from './protocol/fix';
import type { RunChoice, StudyShare } from './protocol/messages';
import type { DataOptions } from '../worker/core/data/dataOptions';
import { readData } from './readInputs';
import { readOtherModel } from './withBeside';

/** A model as views show it. */
export interface Face {
  readonly overview: ModelOverview;
  readonly report: Report | null;
}

export interface FixHost {
  readonly files: FileAccess;
  /** Names of the open model and of the quantized one in the worker. */
  readonly session: string;
  readonly target: string;
  /** @throws Error in words for people */
  call<T>(ask: (api: WorkerApi) => Promise<Reply<T>>): Promise<T>;
  /** The float model: its URI; null: the open model itself; undefined: there is none. */
  source(): string | null | undefined;
  /** How data becomes samples. */
  dataOptions?(): DataOptions;
  /** Reads the data to measure with. @throws Error when it is no longer there */
  request(choice: RunChoice, id: string, signal: AbortSignal): Promise<RunRequest>;
  /** Runs the quantized model, if it can be run now. */
  run(choice: RunChoice): void;
  isRunning(): boolean;
  /** Stops a run that is under way, and waits for its end. */
  settle(): Promise<void>;
  /** What views show now; null where no model is open. */
  face(): Face | null;
  show(face: Face): void;
  update(fix: FixState): void;
  progress(share: StudyShare): void;
  /** Ends a worker that does not stop; it is replaced, and the model opened again. */
  replaceWorker(why: string): void;
  /** How long a job may take to stop, in milliseconds. */
  readonly cancelMs: number;
  /** Where the history outlives the window. */
  readonly history?: FixHistory;
}

interface Job {
  readonly id: string;
  readonly abort: AbortController;
  timer: NodeJS.Timeout | null;
}

/** What a step looked like when it was run, for going back to it. */
interface Ran {
  readonly step: FixStep;
  readonly report: Report;
}

/** What ranges are taken from. */
type CalibrationSource = Pick<UsedCalibration, 'id' | 'label' | 'source' | 'state'>;

const FILE_RANGES = 'ranges-in-file';
const MOST_STEPS = 100;
const MOST_REPORTS = 8;

/** Quantizes one model in memory, step by step, and holds the history of its recipe. */
export class ModelFix {
  private current: FixState = { source: null, calibrations: [], job: { status: 'idle' }, quantized: null, former: null };
  private sets: readonly DataSet[] = [];
  private hasRanges = false;
  private job: Job | null = null;
  private calibrated: { readonly key: string; readonly info: CalibrationInfo } | null = null;
  private faces: { readonly file: Face; quantized: Face } | null = null;
  private ran: readonly Ran[] = [];

  constructor(private readonly host: FixHost) {}

  get state(): FixState {
    return this.current;
  }

  get isBusy(): boolean {
    return this.job !== null;
  }

  /** The worker's name of the model that is shown. */
  get shownSession(): string {
    return this.current.quantized?.shown === true ? this.host.target : this.host.session;
  }

  /** The recipe of this step. */
  get recipe(): Recipe {
    const { quantized } = this.current;
    return quantized?.steps[quantized.step]?.recipe ?? PLAIN_RECIPE;
  }

  /** What there is to quantize, and to take ranges from. */
  offer(source: string | null, sets: readonly DataSet[], hasRanges = this.hasRanges): void {
    this.sets = sets;
    this.hasRanges = hasRanges;
    const choices = sets.map(({ choice }): CalibrationChoice => ({ ...choice, source: choice.synthetic ? 'synthetic' : 'data' }));
    const firstSynthetic = choices.findIndex((choice) => choice.synthetic);
    if (hasRanges) choices.splice(firstSynthetic < 0 ? choices.length : firstSynthetic, 0, RANGES_IN_FILE);
    this.update({
      source,
      calibrations: choices,
      former: this.current.quantized === null ? keptHistory(this.host.history, source) : null,
    });
  }

  /** The file changed, or the worker is gone: nothing of what was made is left. */
  forget(): void {
    this.job?.abort.abort();
    this.job = null;
    this.calibrated = null;
    this.faces = null;
    this.ran = [];
    this.update({ job: { status: 'idle' }, quantized: null });
  }

  /** @throws Error when something else is under way, or there is nothing to quantize */
  start(choice: QuantizeChoice): void {
    const { quantized } = this.current;
    if (choice.recipe.scheme === 'hybrid' && quantized !== null) {
      // It needs no ranges: those that are there stay for going back.
      this.begin(() => this.make(choice, choice.label, quantized.calibration, 'next'));
      return;
    }
    this.begin(async (job) => {
      const calibration = await this.calibrate(choice, job);
      const key = this.current.quantized?.calibration;
      const isSame =
        key !== undefined && key.id === calibration.id && key.state === calibration.state && key.source === calibration.source;
      return this.make(choice, choice.label, calibration, isSame ? 'next' : 'first');
    });
  }

  /** @throws Error */
  apply(choice: RecipeChoice): void {
    const { calibration } = this.quantized();
    this.begin(() => this.make(choice, choice.label, calibration, 'next'));
  }

  /** @throws Error */
  goTo({ step, ...choice }: StepChoice): void {
    const { steps, calibration } = this.quantized();
    const to = steps[step];
    if (to === undefined) throw new Error('There is no such step.');
    this.begin(() => this.make({ ...choice, recipe: to.recipe }, to.label, calibration, step));
  }

  /**
   * Makes the step that was on show before the window was loaded anew, with its history.
   * @throws Error
   */
  restore(choice: RunChoice): void {
    const { former } = this.current;
    const now = former?.steps[former.step];
    if (former === null || now === undefined) throw new Error('There is no earlier history of this model.');
    this.begin(async (job) => {
      const { recipe, label } = now;
      const calibration = await this.calibrateAgain(former.calibration, job);
      return this.make({ ...choice, recipe }, label, calibration, former.step, former);
    });
  }

  /** @throws Error */
  tryOut({ recipes, ...choice }: TryChoice): void {
    this.quantized();
    this.begin(async (job) => {
      this.stage('reading');
      const {
        inputs,
        data = {},
        labels,
        persona,
        quirks = {},
        state,
      } = await this.host.request(choice, job.id, job.abort.signal);
      if (job.abort.signal.aborted) return null;
      this.stage('trying');
      const measure: MeasureJob = { runId: job.id, inputs, data, labels, persona, quirks, state, recipes };
      const { session } = this.host;
      const measured = await this.host.call((api) => api.measure(session, handedOver(measure), this.told(job)));
      if (this.job !== job) return null;
      const { tried } = this.quantized();
      const ids = new Set(measured.map(({ id }) => id));
      this.change({ tried: [...tried.filter(({ id }) => !ids.has(id)), ...measured] });
      return null;
    });
  }

  showQuantized(shown: boolean): void {
    const { faces } = this;
    if (faces === null || this.quantized().shown === shown) return;
    if (this.job !== null || this.host.isRunning()) throw new Error('A run is under way. Cancel it first.');
    if (!shown) this.faces = { ...faces, quantized: this.host.face() ?? faces.quantized };
    else this.faces = { ...faces, file: this.host.face() ?? faces.file };
    this.change({ shown });
    this.host.show(shown ? this.faces.quantized : this.faces.file);
  }

  observed(row: string, bits: 8 | 16): Promise<ObservedValue | null> {
    return this.host.call((api) => api.observed(this.host.session, row, bits));
  }

  /** The quantized model's file. @throws Error */
  bytes(): Promise<Uint8Array> {
    this.quantized();
    return this.host.call((api) => api.fileBytes(this.host.target));
  }

  /** A run of the quantized model has ended with this report. */
  tookReport(report: Report): void {
    const { quantized } = this.current;
    const step = quantized?.steps[quantized.step];
    if (quantized === null || step === undefined || this.faces === null) return;
    const { overview } = this.faces.quantized;
    this.faces.quantized = { overview, report };
    const done: FixStep = { ...step, effect: effectOfReport(report, overview) };
    this.ran = [{ step: done, report }, ...this.ran].slice(0, MOST_REPORTS);
    this.change({ steps: quantized.steps.map((one, place) => (place === quantized.step ? done : one)) });
  }

  /** @returns whether there was something to cancel */
  cancel(): boolean {
    const { job, host } = this;
    if (job === null) return false;
    if (job.abort.signal.aborted) return true;
    job.abort.abort();
    host.call((api) => api.cancel(job.id).then(() => ({ ok: true, value: null }))).catch(() => undefined);
    job.timer = setTimeout(() => host.replaceWorker('Quantizing did not stop.'), host.cancelMs);
    return true;
  }

  /** From the same data, which may hold something else by now; all steps of the history need it, whatever the one on show is. */
  private calibrateAgain(former: UsedCalibration, job: Job): UsedCalibration | Promise<UsedCalibration> {
    const { id, source, state } = former;
    return source === 'none' ? former : this.calibrate({ recipe: { ...PLAIN_RECIPE, state }, calibrationId: id }, job);
  }

  private async calibrate(
    { calibrationId, recipe }: Pick<QuantizeChoice, 'calibrationId' | 'recipe'>,
    job: Job,
  ): Promise<UsedCalibration> {
    const { host } = this;
    const isHybrid = recipe.scheme === 'hybrid';
    const choice = this.current.calibrations.find(({ id }) => id === calibrationId);
    if (choice === undefined && !isHybrid) throw new Error('This calibration data is no longer there. Choose other data.');
    const source = isHybrid || choice === undefined ? 'none' : choice.source;
    const state = recipe.state ?? 'reset';
    const used: CalibrationSource = {
      id: isHybrid ? '' : calibrationId,
      label: isHybrid ? 'none' : (choice?.label ?? ''),
      source,
      state,
    };
    const data = host.dataOptions?.() ?? {};
    const key = JSON.stringify([used.id, source, state, host.source(), data]);
    if (this.calibrated?.key === key) return usedCalibration(used, this.calibrated.info);
    this.stage('reading');
    const { signal } = job.abort;
    const set = source === 'data' ? this.sets.find(({ choice: one }) => one.id === calibrationId) : undefined;
    const inputs = set === undefined ? [] : await readData(host.files, set, signal);
    const partner = host.source();
    if (partner === undefined) throw new Error('There is no float model to quantize.');
    const floatModel = partner === null ? null : await readOtherModel((ask) => host.call(ask), host.files, partner, signal);
    if (signal.aborted) throw new Error('Cancelled.');
    this.stage('calibrating');
    const asked: CalibrateJob = { runId: job.id, source, inputs, data, state, floatModel };
    const info = await host.call((api) => api.calibrate(host.session, handedOver(asked), this.told(job)));
    this.calibrated = { key, info };
    return usedCalibration(used, info);
  }

  /**
   * @param place of the step: first of a new history, the next one, or one that is there
   * @returns what to run the result with; null where its report is known
   */
  private async make(
    { recipe, dataId, persona, quirks = {}, state }: RunChoice & { readonly recipe: Recipe },
    label: string,
    calibration: QuantizedState['calibration'],
    place: 'first' | 'next' | number,
    former: Pick<FormerFix, 'steps' | 'sourceBytes'> | null = null,
  ): Promise<RunChoice | null> {
    const { host } = this;
    this.stage('quantizing');
    const { overview, rows, notes, byteLength, sourceBytes } = await host.call((api) =>
      api.quantize(host.session, { recipe, target: host.target }),
    );
    if (former !== null && former.sourceBytes !== sourceBytes)
      throw new Error(
        `The float model has changed since: it had ${former.sourceBytes} bytes, and has ${sourceBytes}. Quantize it anew.`,
      );
    const { quantized } = this.current;
    const file = this.faces !== null && quantized?.shown === true ? this.faces.file : host.face();
    if (file === null) return null;
    const before = place === 'first' ? [] : (former?.steps ?? quantized?.steps ?? []);
    const at = place === 'first' ? 0 : place === 'next' ? Math.min((quantized?.step ?? 0) + 1, MOST_STEPS - 1) : place;
    const kept = before.slice(before.length >= MOST_STEPS && place === 'next' ? 1 : 0);
    const steps = typeof place === 'number' ? before : [...kept.slice(0, at), { label, recipe, byteLength, effect: null }];
    const choice: RunChoice = { dataId, persona, quirks, state };
    const report = typeof place === 'number' ? this.reportOf(before[place], choice) : null;
    this.faces = { file, quantized: { overview, report } };
    this.update({
      former: null,
      quantized: {
        ...{ shown: true, byteLength, sourceBytes, calibration, rows, notes, steps, step: at, tried: [] },
        file: file.overview.scheme === 'float' || file.report === null ? null : effectOfReport(file.report, file.overview),
      },
    });
    host.show(this.faces.quantized);
    return report === null ? choice : null;
  }

  /** Of a step that was run with the same data before. */
  private reportOf(step: FixStep | undefined, { persona, quirks = {}, state }: RunChoice): Report | null {
    const found = this.ran.find(({ step: { recipe } }) => recipe === step?.recipe)?.report ?? null;
    const isSame = (one: Report) =>
      one.persona === persona && one.state === state && JSON.stringify(one.quirks ?? {}) === JSON.stringify(quirks);
    return found !== null && isSame(found) && found.complete ? found : null;
  }

  /** @param work answers with what the quantized model shall then be run with */
  private begin(work: (job: Job) => Promise<RunChoice | null>): void {
    if (this.job !== null) throw new Error('Quantizing is under way. Cancel it first.');
    const job: Job = { id: randomUUID(), abort: new AbortController(), timer: null };
    this.job = job;
    void this.finish(
      job,
      this.host.settle().then(() => work(job)),
    );
  }

  private async finish(job: Job, work: Promise<RunChoice | null>): Promise<void> {
    let message: string | null = null;
    const next = await work.catch((error: unknown) => {
      message = error instanceof Error ? error.message : String(error);
      return null;
    });
    if (job.timer !== null) clearTimeout(job.timer);
    if (this.job !== job) return;
    this.job = null;
    const isFailed = message !== null && !job.abort.signal.aborted;
    this.update({ job: isFailed ? { status: 'failed', message: message ?? '' } : { status: 'idle' } });
    if (next !== null) this.host.run(next);
  }

  private stage(stage: FixStage): void {
    this.update({ job: { status: 'running', stage, progress: null } });
  }

  private told(job: Job): (progress: StudyProgress) => void {
    return proxy(({ done, total, sample, share }: StudyProgress) => {
      const { job: shown } = this.current;
      if (this.job !== job || shown.status !== 'running') return;
      const progress = { done, total, sample, share };
      this.current = { ...this.current, job: { ...shown, progress } };
      this.host.progress(progress);
    });
  }

  private quantized(): QuantizedState {
    const { quantized } = this.current;
    if (quantized === null) throw new Error('Nothing was quantized yet.');
    return quantized;
  }

  private change(change: Partial<QuantizedState>): void {
    this.update({ quantized: { ...this.quantized(), ...change } });
  }

  private update(change: Partial<FixState>): void {
    const { quantized: before } = this.current;
    this.current = { ...this.current, ...change };
    const { quantized, source } = this.current;
    const isOther = quantized?.steps !== before?.steps || quantized?.step !== before?.step;
    if (quantized !== null && source !== null && isOther) this.host.history?.save(historyOf(source, quantized));
    this.host.update(this.current);
  }
}

function usedCalibration(used: CalibrationSource, { samples, steps, notes }: CalibrationInfo): UsedCalibration {
  return { ...used, samples, steps, notes };
}

const RANGES_IN_FILE: CalibrationChoice = {
  id: FILE_RANGES,
  label: 'Ranges in the file',
  detail: 'as a calibrator or fake-quant operators left them',
  synthetic: false,
  source: 'file',
};
