import type { CalibrateJob, CalibrationInfo, FixedModel, Measured, MeasureJob, StudyProgress } from './api';
import { calibrate } from './core/calibration/calibrate';
import { CALIBRATED, prepareCalibration } from './core/calibration/calibrateSamples';
import type { Calibration } from './core/calibration/calibration';
import type { CalibratedRanges } from './core/calibration/calibratedRanges';
import { calibrationNotes } from './core/calibration/calibrationNotes';
import { withCalibrationRecord } from './core/calibration/calibrationRecord';
import { rangesOf } from './core/calibration/rangesOf';
import { switchQuirks } from './core/compare/quirks';
import { cancelled } from './core/analysis/detail/requestError';
import { Pace, type JobControl } from './core/analysis/pace';
import { readSamples } from './core/data/readSamples';
import { syntheticSamples } from './core/data/synthetic';
import { FloatReference } from './core/fix/floatReference';
import { fixRows } from './core/fix/fixRows';
import { mainOutputPosition, measureOutput, type MeasuredData } from './core/fix/measureOutput';
import { observedValue, type ObservedValue } from './core/fix/observedValue';
import { ModelFormatError } from './core/formats/modelFormatError';
import type { NamedBytes } from './core/formats/namedBytes';
import { readModel } from './core/formats/readModel';
import type { Graph, Model } from './core/model/model';
import type { ModelEdit } from './core/model/modelEdit';
import type { RecipeNote } from './core/recipe/notes';
import { checkQuantizable, quantizeModel } from './core/recipe/quantizeModel';
import { rangesInFile } from './core/recipe/rangesInFile';
import type { Recipe } from './core/recipe/recipe';
import { RecipeError } from './core/recipe/recipeError';
import { quantizedFile, type QuantizedFile } from './core/recipe/unwritten/quantizedFile';
import type { LstmInfo } from './core/report/overview';
import { MAIN_GRAPH } from './core/report/prepareComparison';
import { labelsBeside } from './core/report/task/labels';
import { prepareGraphAnywhere } from './core/run/prepareGraph';
import { inFile, inFileLater } from './fileError';
import { runtimeByFormat } from './runtimes/runtimeByFormat';
import { calibratingWork, ThreadPool, type PoolOptions } from './pool/threadPool';

/** The float model that is quantized. */
export interface FloatSource {
  readonly file: NamedBytes;
  readonly model: Model;
  readonly lstms: readonly LstmInfo[];
}

/** Lets the session end the threads of what is under way. */
export type HoldThreads = (threads: { cancel(): void }) => void;

export type FixControl = JobControl & { readonly onProgress: (progress: StudyProgress) => void };

interface Made {
  readonly edit: ModelEdit;
  readonly notes: readonly RecipeNote[];
  readonly ranges: CalibratedRanges;
  readonly file: QuantizedFile;
}

const NO_RANGES: CalibratedRanges = { tensors: [], lstms: new Map() };

/**
 * One float model on its way to a quantized one: what calibration saw of it is kept, so that another recipe needs no other run. What
 * is kept does not grow with the samples.
 */
export class FixSession {
  private calibration: Calibration | null = null;

  constructor(private readonly source: FloatSource) {}

  /** @throws RecipeError, SampleError, DataFormatError, RequestError CANCELLED */
  async calibrate(
    job: CalibrateJob,
    flag: Int32Array,
    control: FixControl,
    pool: PoolOptions | null,
    hold: HoldThreads,
  ): Promise<CalibrationInfo> {
    const graph = this.graph;
    const none = { samples: 0, steps: 0, state: job.state, synthetic: false, notes: [] };
    if (job.source === 'none') return none;
    checkQuantizable(this.source.model);
    if (job.source === 'file') {
      if (!hasRanges(this.source.model)) {
        const message = `${this.source.model.fileName} keeps no ranges. Choose calibration data.`;
        throw new RecipeError('NO_RANGES', message, null, 'calibration data, or a calibrated model');
      }
      return none;
    }
    const { metadata } = this.source.model;
    const samples =
      job.source === 'synthetic' ? syntheticSamples(graph, {}, job.data) : readSamples(job.inputs, graph, job.data, metadata);
    const { file, model } = this.source;
    const about = { model: model.fileName, state: job.state, synthetic: samples.synthetic };
    const runner = await inFileLater(file.name, () =>
      prepareGraphAnywhere(model, MAIN_GRAPH, { ...CALIBRATED, runtime: runtimeByFormat }),
    );
    const work = calibratingWork({ model: file, synthetic: samples.synthetic, cancelled: flag });
    const threads = pool === null ? null : new ThreadPool(pool, work, samples);
    if (threads !== null) hold(threads);
    try {
      const tell = ({ done, total, sample }: { readonly done: number; readonly total: number; readonly sample: string }) =>
        control.onProgress({ runId: job.runId, done, total, sample, share: done / Math.max(1, total) });
      const prepared = prepareCalibration(runner, about);
      const { calibration, complete } = await calibrate(prepared, samples, job.state, { ...control, onProgress: tell }, threads);
      if (!complete) throw cancelled();
      this.calibration = calibration;
      const { steps, synthetic, state } = calibration;
      return { samples: calibration.samples, steps, synthetic, state, notes: calibrationNotes(calibration, graph) };
    } finally {
      threads?.end();
    }
  }

  /** @throws RecipeError, ModelFormatError */
  quantize(recipe: Recipe): FixedModel & { readonly file: NamedBytes } {
    const { edit, notes, ranges, file } = this.make(recipe);
    const { lstms } = this.source;
    const rows = fixRows({ graph: this.graph, lstms, calibration: this.calibration, ranges, edit });
    return { rows, notes, byteLength: file.byteLength, sourceBytes: this.source.file.bytes.length, file };
  }

  /**
   * Measures recipes one after the other on the same data.
   * @returns those that were measured before it was cancelled; a recipe that cannot be used has its reason
   * @throws DataFormatError, SampleError
   */
  async measure(job: MeasureJob, control: FixControl): Promise<readonly Measured[]> {
    const { model, file } = this.source;
    const graph = this.graph;
    const data: MeasuredData = {
      samples:
        job.inputs.length > 0 ? readSamples(job.inputs, graph, job.data, model.metadata) : syntheticSamples(graph, {}, job.data),
      labels: labelsBeside(job.labels),
      state: job.state,
      runtime: runtimeByFormat,
    };
    const runner = await inFileLater(file.name, () =>
      prepareGraphAnywhere(model, MAIN_GRAPH, { path: 'float', persona: 'tflite', runtime: runtimeByFormat }),
    );
    const output = mainOutputPosition(graph);
    const reference = new FloatReference(runner, data.samples, data.state, output);
    const pace = new Pace(control);
    const arithmetic = { persona: job.persona, overrides: switchQuirks(job.quirks ?? {}, job.persona) };
    const measured: Measured[] = [];
    let told = 0;
    const { count } = data.samples;
    for (const [place, { id, recipe }] of job.recipes.entries()) {
      if (!(await pace.mayContinue())) break;
      const tell = (done: number) => {
        const total = job.recipes.length;
        if (Date.now() - told < TELL_AFTER_MS) return;
        told = Date.now();
        control.onProgress({
          runId: job.runId,
          done: place,
          total,
          sample: id,
          share: (place + done / Math.max(1, count)) / total,
        });
      };
      tell(0);
      const made = madeOrReason(() => this.make(recipe));
      if ('reason' in made) {
        measured.push({ id, effect: null, reason: made.reason });
        continue;
      }
      const quantized = readModel(made.file);
      const effect = await measureOutput(quantized, arithmetic, output, reference, data, pace, tell);
      if (effect === null || !effect.complete) break;
      measured.push({ id, effect, byteLength: made.file.byteLength });
    }
    return measured;
  }

  /** Null where nothing was seen of it. */
  observed(row: string, bits: 8 | 16): ObservedValue | null {
    return this.calibration === null ? null : observedValue(this.calibration, this.graph, row, bits);
  }

  private make(recipe: Recipe): Made {
    const { model, file } = this.source;
    const isHybrid = recipe.scheme === 'hybrid';
    const { calibration } = this;
    const ranges = isHybrid ? NO_RANGES : calibration === null ? rangesInFile(model) : rangesOf(calibration, this.graph, recipe);
    return inFile(file.name, () => {
      const { edit, notes } = quantizeModel(model, ranges, recipe);
      const recorded = isHybrid ? edit : withCalibrationRecord(edit, calibration);
      const name = `${model.fileName} (quantized in memory)`;
      return { edit, notes, ranges, file: quantizedFile(recorded, file, name, { recipe, ranges }) };
    });
  }

  private get graph(): Graph {
    const graph = this.source.model.graphs[MAIN_GRAPH];
    if (graph === undefined) throw new ModelFormatError('NO_GRAPH', 'The model has no graph to quantize.');
    return graph;
  }
}

const TELL_AFTER_MS = 100;

/** Whether a file keeps ranges of its tensors, as a calibrator or fake-quant operators left them. */
export function hasRanges(model: Model): boolean {
  return rangesInFile(model).tensors.some((range) => range !== null);
}

function madeOrReason(make: () => Made): Made | { readonly reason: string } {
  try {
    return make();
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}
