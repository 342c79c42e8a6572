import { InvalidArgumentError, Option, type Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { QuirkSwitches } from '../core/compare/quirks';
import { PERSONA_NAMES, type PersonaName } from '../core/lstm/persona';
import { ownThreads } from '../pool/ownThreads';
import { spawnThread } from '../pool/spawnThread';
import { Sessions } from '../session';
import { parseReport } from '../shardCounts';
import { worseThan } from './baseline';
import { assumeOption, type AssumeOption, withAssumed } from './assumeOption';
import { cellsOption, type CellsOption, withCells } from './cellsOption';
import { addDataOptions, DATA_HELP, readDataOptions, tellNotes, type DataArguments } from './dataOptions';
import { UsageError, ViolationError } from './failure';
import { labelsFor } from './labelsFor';
import { MODEL_FILE } from './modelArgument';
import { operatorsOption } from './operatorsOption';
import { ProgressBar } from './progress';
import { collectQuirk, QUIRK_HELP } from './quirkOption';
import { listDataFiles, readNamed } from './readFiles';
import { OUTPUT_HELP, reportOutputs, writeReport } from './reportOutputs';
import { violations } from './thresholds';

interface ReportOptions extends DataArguments, AssumeOption, CellsOption {
  readonly float?: string;
  readonly input?: readonly string[];
  readonly labels?: string;
  readonly persona: PersonaName;
  readonly quirk?: QuirkSwitches;
  readonly operators: 'own' | 'litert';
  readonly state: 'reset' | 'carry';
  readonly jobs?: number;
  readonly output?: readonly string[];
  readonly minSqnr?: number;
  readonly maxSaturation?: number;
  readonly maxError?: number;
  readonly baseline?: string;
  readonly shard?: Shard | 'auto';
}

/** One share of the samples, for one machine of several. */
interface Shard {
  readonly index: number;
  readonly of: number;
}

const MOST_JOBS = 1024;
const MOST_SHARDS = 100_000;

const HELP = `
Without --input, seeded synthetic data: ranges only, not accuracy. labels.json beside the data tells what should be recognised.
Without --float, an int8 or hybrid model is held against its own weights as reals.

--min-sqnr        every layer's accumulated SQNR
--max-saturation  share 0..1 of values at rails beyond which float goes on, of every input and layer
--max-error       largest error of any value of the model's outputs
--baseline        SQNR of a layer lower by over 0.1 dB, over 0.1 % more of its values lost at rails, or more wrong answers
--shard I/N       runs share I of N (from 1) alone; the .json holds all that was counted, for "gatescope merge"

${DATA_HELP}

${QUIRK_HELP}`;

/** `gatescope report MODEL --input FILE... --output FILE...`: float beside the quantized path, layer by layer. */
export function registerReport(program: Command): void {
  const command = program
    .command('report')
    .description('Run float and quantized path side by side; write what differs, where and why')
    .argument('<model>', MODEL_FILE)
    .option('--float <model>', 'float model of the same network to compare with')
    .option('--input <file...>', 'data files or folders; input=FILE where the model has several inputs');
  addDataOptions(command)
    .option('--labels <file>', 'what the samples should be recognised as (default: labels.json beside the data)')
    .addOption(new Option('--persona <name>', 'runtime whose arithmetic is used').choices(PERSONA_NAMES).default('tflite'))
    .option('--quirk <name=on|off>', 'switch a quirk of the runtime; may be given several times', collectQuirk)
    .addOption(operatorsOption())
    .addOption(assumeOption())
    .addOption(cellsOption())
    .addOption(new Option('--state <state>', 'LSTM states between samples').choices(['reset', 'carry']).default('reset'))
    .addOption(new Option('--jobs <n>', 'threads that share the samples (default: one for each core)').argParser(toJobs))
    .option('--output <file...>', OUTPUT_HELP)
    .option('--min-sqnr <db>', 'least SQNR', toNumber)
    .option('--max-saturation <share>', 'largest share at the rails', toNumber)
    .option('--max-error <x>', 'largest error', toNumber)
    .option('--baseline <report>', 'a .json report over the same data: nothing may be worse')
    .option(
      '--shard <i/n>',
      'run a share of the samples; auto: share them among the cores of this machine, as is done anyway',
      toShard,
    )
    .addHelpText('after', HELP)
    .action(report);
}

async function report(modelPath: string, options: ReportOptions): Promise<void> {
  const outputs = reportOutputs(options.output ?? []);
  const shard = options.shard === 'auto' ? undefined : options.shard;
  if (shard !== undefined && options.state === 'carry') {
    throw new UsageError('--shard does not go with --state carry: every sample needs the one before');
  }
  const baseline =
    options.baseline === undefined ? null : parseReport(basename(options.baseline), await readFile(options.baseline, 'utf8'));
  const sessions = new Sessions(options.jobs === undefined ? ownThreads() : { spawn: spawnThread, jobs: options.jobs });
  const overview = sessions.open('report', withCells(withAssumed(await readNamed(modelPath), options), options));
  const bar = new ProgressBar();
  const result = await sessions.run(
    'report',
    {
      runId: 'report',
      persona: options.persona,
      preferred: options.operators === 'litert' ? 'runtime' : 'engine',
      ...(options.quirk === undefined ? {} : { quirks: options.quirk }),
      state: options.state,
      inputs: await listDataFiles(options.input ?? []),
      data: await readDataOptions(options),
      dataLabel: (options.input ?? ['synthetic']).map((path) => basename(path)).join(', '),
      floatModel: options.float === undefined ? null : await readNamed(options.float),
      labels: await labelsFor(options),
      ...(shard === undefined ? {} : { shard }),
    },
    ({ done, total, sample }) => bar.show(done, total, sample),
  );
  bar.end();
  tellNotes(sessions.dataNotes('report'));
  if (options.float !== undefined && result.quantizedPath === null) {
    process.stderr.write('--float is not used: the model itself is float\n');
  }
  await writeReport(result, outputs, sessions);
  process.stdout.write(`${result.headline.join('\n')}\n`);
  const outputTensors = new Set(overview.outputs.map(({ index }) => index));
  const outputOps = overview.ops.filter(
    ({ subgraph, outputs }) => subgraph === 0 && outputs.some((index) => outputTensors.has(index)),
  );
  const violated = [
    ...violations(result, new Set(outputOps.map(({ index }) => index)), options),
    ...(baseline === null ? [] : worseThan(result, baseline, basename(options.baseline ?? ''))),
  ];
  if (violated.length > 0) throw new ViolationError(violated);
}

function toShard(text: string): Shard | 'auto' {
  if (text === 'auto') return text;
  const [index = NaN, of = NaN] = /^\d+\/\d+$/.test(text) ? text.split('/').map(Number) : [];
  if (index >= 1 && index <= of && of <= MOST_SHARDS) return { index, of };
  throw new InvalidArgumentError(`${text} is no share such as 2/8 (at most ${MOST_SHARDS}), nor auto.`);
}

function toJobs(text: string): number {
  const jobs = Number(text);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > MOST_JOBS) throw new InvalidArgumentError(`${text} is no number of threads from 1 to ${MOST_JOBS}.`); // prettier-ignore
  return jobs;
}

function toNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || Number.isNaN(number)) throw new InvalidArgumentError(`${text} is no number.`);
  return number;
}
