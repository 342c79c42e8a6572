import { Option, type Command } from 'commander';
import { writeCalibration } from '../core/calibration/calibrationJson';
import { withCalibrationRecord } from '../core/calibration/calibrationRecord';
import { observerNamed } from '../core/calibration/observers';
import { readModel } from '../core/formats/readModel';
import { writeTflite } from '../core/formats/tflite/write/writeTflite';
import { quantizeModel } from '../core/recipe/quantizeModel';
import type { CalibrationState, ObserverName, Recipe, RecipeScheme } from '../core/recipe/recipe';
import { RecipeError } from '../core/recipe/recipeError';
import { noTfliteReason } from '../core/recipe/unwritten/quantizedFile';
import { inFile } from '../fileError';
import { addDataOptions } from './dataOptions';
import { addCalibrationOptions, findRanges, NO_RANGES, recipeFrom, type CalibrationOptions } from './calibrationOptions';
import { UsageError } from './failure';
import { MODEL_FILE } from './modelArgument';
import { QuantizeSummary } from './quantizeSummary';
import { readNamed } from './readFiles';
import { writeOutput } from './writeOutput';

interface QuantizeOptions extends CalibrationOptions {
  readonly output: string;
  readonly recipe?: string;
  readonly scheme?: RecipeScheme;
  readonly state?: CalibrationState;
  readonly observer?: string;
  readonly saveCalibration?: string;
  readonly json?: boolean;
}

const MOST_SAMPLES = 1_000_000;

const HELP = `
Ranges come from --calibration (some 100 typical samples), from --ranges, or else from the file itself, where a calibrator or
fake-quant operators left them. --scheme hybrid needs none.

--state as-tflite   states run on from sample to sample and restart when the shape changes; cells are seen at the ends of samples
                    only: what TensorFlow Lite's calibrator does
--observer          min-max; percentile=99.9 keeps that share inside; mse and entropy weigh clipping against rounding;
                    moving-average follows the samples' ranges. They decide about int8 tensors; cells and gates keep every value.

What the options say goes before what the recipe says.`;

/** `gatescope quantize MODEL --calibration FILE... --output Q.tflite`: an integer or hybrid model from a float one. */
export function registerQuantize(program: Command): void {
  const command = program
    .command('quantize')
    .description('Turn a float model into an integer (or hybrid) one, as TensorFlow Lite quantizes it')
    .argument('<model>', `float: ${MODEL_FILE}`)
    .requiredOption('--output <file>', 'the .tflite file to write');
  addCalibrationOptions(addDataOptions(command))
    .option('--synthetic <count>', 'random samples in place of data: for trying things out only', toCount)
    .addOption(new Option('--scheme <scheme>', 'int8 (default) or hybrid').choices(['int8', 'hybrid']))
    .addOption(
      new Option('--state <state>', 'LSTM states between samples (default: reset)').choices(['reset', 'carry', 'as-tflite']),
    )
    .option('--observer <name>', 'how ranges are taken (default: min-max)')
    .option('--save-calibration <file>', 'keep what was seen as JSON, for --ranges')
    .option('--json', 'machine-readable summary')
    .addHelpText('after', HELP)
    .action(quantize);
}

async function quantize(path: string, options: QuantizeOptions): Promise<void> {
  checkUsage(options);
  const recipe = withOptions(await recipeFrom(options.recipe), options);
  const file = { ...(await readNamed(path)), name: path };
  const model = inFile(path, () => readModel(file));
  const reason = noTfliteReason(model);
  if (reason !== null) {
    const limit = 'a .tflite file or a TensorFlow 1 graph; `run --path int8 --calibration FILE` computes this one quantized';
    throw new RecipeError('NO_TFLITE_FORM', reason, null, limit);
  }
  const isHybrid = recipe.scheme === 'hybrid';
  if (isHybrid && sourceOf(options)) process.stderr.write('The hybrid scheme needs no ranges: calibration is not run.\n');
  const found = isHybrid ? NO_RANGES : await findRanges(file, model, recipe, options);
  const { edit, notes } = inFile(path, () => quantizeModel(model, found.ranges, recipe));
  const bytes = inFile(path, () => writeTflite(isHybrid ? edit : withCalibrationRecord(edit, found.calibration), file.bytes));
  const { calibration } = found;
  if (options.saveCalibration !== undefined && calibration !== null) {
    await writeOutput(options.saveCalibration, writeCalibration(calibration));
  }
  await writeOutput(options.output, bytes);
  const summary = new QuantizeSummary({ model, recipe, found, edit, notes, output: options.output, bytes: bytes.length });
  process.stdout.write(options.json === true ? summary.toJson() : summary.toText());
}

function checkUsage({ output, observer, saveCalibration, calibration, synthetic }: QuantizeOptions): void {
  if (!/\.tflite$/i.test(output)) throw new UsageError('--output takes a .tflite file');
  if (observer !== undefined && observerNamed(observer) === null) {
    throw new UsageError(
      `--observer takes min-max, percentile=P with P above 50 and at most 100, mse, entropy or moving-average, not ${observer}`,
    );
  }
  if (saveCalibration !== undefined && calibration === undefined && synthetic === undefined) {
    throw new UsageError('--save-calibration keeps what a calibration saw: give --calibration FILE...');
  }
}

function sourceOf({ calibration, synthetic, ranges }: QuantizeOptions): boolean {
  return calibration !== undefined || synthetic !== undefined || ranges !== undefined;
}

function withOptions(recipe: Recipe, { scheme, state, observer }: QuantizeOptions): Recipe {
  const named: ObserverName | null = observer === undefined ? null : observerNamed(observer);
  return {
    ...recipe,
    ...(scheme === undefined ? {} : { scheme }),
    ...(state === undefined ? {} : { state }),
    ...(named === null ? {} : { observer: named }),
  };
}

function toCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > MOST_SAMPLES) {
    throw new UsageError(`--synthetic takes a count from 1 to ${MOST_SAMPLES}, not ${text}`);
  }
  return count;
}
