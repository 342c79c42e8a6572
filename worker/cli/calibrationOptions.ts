import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { calibrate } from '../core/calibration/calibrate';
import { CALIBRATED, prepareCalibration } from '../core/calibration/calibrateSamples';
import { calibrationNotes } from '../core/calibration/calibrationNotes';
import type { Calibration } from '../core/calibration/calibration';
import { readCalibration } from '../core/calibration/calibrationJson';
import type { CalibratedRanges } from '../core/calibration/calibratedRanges';
import { rangesOf } from '../core/calibration/rangesOf';
import { readSamples } from '../core/data/readSamples';
import { syntheticSamples } from '../core/data/synthetic';
import type { NamedBytes } from '../core/formats/namedBytes';
import type { Graph, Model } from '../core/model/model';
import { rangesInFile } from '../core/recipe/rangesInFile';
import { readRecipe } from '../core/recipe/readRecipe';
import type { CalibrationState, Recipe } from '../core/recipe/recipe';
import { prepareGraphAnywhere } from '../core/run/prepareGraph';
import { inFile, inFileLater } from '../fileError';
import { ownThreads } from '../pool/ownThreads';
import { calibratingWork, ThreadPool } from '../pool/threadPool';
import { runtimeByFormat } from '../runtimes/runtimeByFormat';
import { readDataOptions, tellNotes, type DataArguments } from './dataOptions';
import { UnusableError, UsageError } from './failure';
import { ProgressBar } from './progress';
import { listDataFiles } from './readFiles';

/** Where ranges are to come from. */
export interface CalibrationOptions extends DataArguments {
  readonly calibration?: readonly string[] | undefined;
  /** Random samples, so many. */
  readonly synthetic?: number;
  readonly ranges?: string | undefined;
}

/** Ranges, and what is to be told of where they come from. */
export interface FoundRanges {
  readonly ranges: CalibratedRanges;
  /** Null where the file's own ranges are used. */
  readonly calibration: Calibration | null;
  readonly notes: readonly string[];
}

/** For what needs none. */
export const NO_RANGES: FoundRanges = { ranges: { tensors: [], lstms: new Map() }, calibration: null, notes: [] };

/** The options that `quantize` and `run` share. */
export function addCalibrationOptions(command: Command): Command {
  return command
    .option(
      '--calibration <file...>',
      'data that ranges are taken from: files or folders; input=FILE where there are several inputs',
    )
    .option('--ranges <file>', 'a calibration saved before (--save-calibration of quantize)')
    .option('--recipe <file>', 'overrides as JSON, schema gatescope.recipe/1');
}

/** @throws RecipeError, with the file */
export async function recipeFrom(path: string | undefined): Promise<Recipe> {
  if (path === undefined) return { schema: 'gatescope.recipe/1' };
  const text = await readFile(path, 'utf8');
  return inFile(path, () => readRecipe(text, basename(path)));
}

/**
 * Ranges for a float model: of a saved calibration, of data that is run now, or those that the file keeps.
 * @throws UnusableError where there are none; SampleError, DataFormatError, RecipeError ...
 */
export async function findRanges(
  file: NamedBytes,
  model: Model,
  recipe: Recipe,
  options: CalibrationOptions,
): Promise<FoundRanges> {
  const graph = model.graphs[0];
  if (graph === undefined) throw new UnusableError(`${file.name}: holds no graph`);
  const given = [options.calibration, options.synthetic, options.ranges].filter((source) => source !== undefined);
  if (given.length > 1) throw new UsageError('--calibration, --synthetic and --ranges each say where ranges come from: give one');
  if (given.length === 0) return rangesOfFile(file, model);
  const calibration = await (options.ranges === undefined
    ? run(file, model, graph, recipe, options)
    : saved(options.ranges, graph));
  return { ranges: rangesOf(calibration, graph, recipe), calibration, notes: calibrationNotes(calibration, graph) };
}

function rangesOfFile({ name }: NamedBytes, model: Model): FoundRanges {
  const ranges = rangesInFile(model);
  if (ranges.tensors.every((range) => range === null)) {
    throw new UnusableError(
      `${name}: keeps no ranges, so data is needed to take them from: --calibration FILE...; quantize also takes --synthetic COUNT, random data for trying things out`,
    );
  }
  return { ranges, calibration: null, notes: [] };
}

async function saved(path: string, graph: Graph): Promise<Calibration> {
  return readCalibration(await readFile(path, 'utf8'), path, graph);
}

async function run(
  file: NamedBytes,
  model: Model,
  graph: Graph,
  recipe: Recipe,
  options: CalibrationOptions,
): Promise<Calibration> {
  const { calibration: paths, synthetic: count } = options;
  const how = await readDataOptions(options);
  const samples =
    paths === undefined
      ? syntheticSamples(graph, { count: count ?? 1 }, how)
      : readSamples(await listDataFiles(paths), graph, how, model.metadata);
  tellNotes(samples.notes);
  const state: CalibrationState = recipe.state ?? 'reset';
  const runner = await inFileLater(file.name, () => prepareGraphAnywhere(model, 0, { ...CALIBRATED, runtime: runtimeByFormat }));
  const { synthetic } = samples;
  const prepared = prepareCalibration(runner, { model: basename(file.name), state, synthetic });
  // Ctrl+C ends the whole thread, and those that it started.
  const cancelled = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const threads = new ThreadPool(ownThreads(), calibratingWork({ model: file, synthetic, cancelled }), samples);
  const bar = new ProgressBar();
  const control = {
    yieldToOthers: () => new Promise<void>((resolve) => setImmediate(resolve)),
    onProgress: ({ done, total, sample }: { readonly done: number; readonly total: number; readonly sample: string }) =>
      bar.show(done, total, `calibrating: ${sample}`),
  };
  try {
    return (await calibrate(prepared, samples, state, control, threads)).calibration;
  } finally {
    threads.end();
    bar.end();
  }
}
