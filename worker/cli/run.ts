import { Option, type Command } from 'commander';
import { readSamples } from '../core/data/readSamples';
import type { Calls, Sample, SampleSource } from '../core/data/sample';
import { syntheticSamples } from '../core/data/synthetic';
import { writeNpy } from '../core/data/npy';
import { writeNpz } from '../core/data/npz';
import { readModel } from '../core/formats/readModel';
import { PERSONA_NAMES, type PersonaName } from '../core/lstm/persona';
import type { Graph, Model, Operator } from '../core/model/model';
import { withBatchHint } from '../core/run/batchHint';
import type { GraphRunner, InputRounding, Path } from '../core/run/graphRunner';
import { CallStack, runCalls } from '../core/run/calls';
import type { LstmProbe } from '../core/run/preparedOp';
import { outputLeftOut } from '../core/run/leftOut';
import { prepareGraphAnywhere } from '../core/run/prepareGraph';
import type { Value } from '../core/run/value';
import { inFile, inFileLater } from '../fileError';
import { runtimeByFormat } from '../runtimes/runtimeByFormat';
import { addCalibrationOptions, type CalibrationOptions } from './calibrationOptions';
import { assumeOption, type AssumeOption, withAssumed } from './assumeOption';
import { cellsOption, type CellsOption, withCells } from './cellsOption';
import { choosePath } from './choosePath';
import { addDataOptions, DATA_HELP, readDataOptions, tellNotes, type DataArguments } from './dataOptions';
import { UnusableError, UsageError } from './failure';
import { MODEL_FILE } from './modelArgument';
import { operatorsOption } from './operatorsOption';
import { ProgressBar } from './progress';
import { quantizeInMemory } from './quantizeInMemory';
import { listDataFiles, readNamed } from './readFiles';
import { RunSummary } from './runSummary';
import { SampleArrays } from './sampleArrays';
import { traceArrays } from './traceArrays';
import { writeOutput } from './writeOutput';

interface RunOptions extends CalibrationOptions, DataArguments, AssumeOption, CellsOption {
  readonly input?: readonly string[];
  readonly synthetic?: number;
  readonly path?: Path;
  readonly recipe?: string;
  readonly persona: PersonaName;
  readonly state: 'reset' | 'carry';
  readonly inputRounding: InputRounding;
  readonly operators: 'own' | 'litert';
  readonly output?: string;
  readonly trace?: string;
  readonly json?: boolean;
}

const HELP = `
Inputs: .npy .npz .csv .json .wav, or a folder of them, sorted by name. An array with the rank of the model's input is one
sample, with one more leading axis it is many; the number of time steps may differ from the file's. Float data for an integer
input is quantized with the input's scale and zero point (--input-rounding); codes are taken as they are. Several inputs: input=FILE, once each.
${DATA_HELP}

A float file on --path int8 or hybrid is quantized first, in memory, as \`quantize\` does it: --path int8 needs --calibration
FILE..., --ranges FILE or ranges in the file.

--output y.npy   [samples, ...shape of the model's first output], in the output's own type. Samples of different lengths do
                 not stack: give y.npz, which holds one array per sample (and output, where there are several).
Operators that this engine does not compute are run by LiteRT (with XNNPACK's rounding, whatever the persona); with --operators litert all
but LSTMs are. Those of ONNX models are run by ONNX Runtime, each on its own, none merged with another. What neither computes is left out
with all that needs it, and said.

--trace t.npz    OP/SIGNAL [sample, batch, step, n] for LSTMs (OP/backward/SIGNAL for the backward cell), OP/out for other
                 operators; OP is the operator's index in the file. Samples of different lengths: SAMPLE/OP/SIGNAL.`;

/** `gatescope run MODEL --input FILE...`: computes a model over data and writes what comes out, or every value inside. */
export function registerRun(program: Command): void {
  const command = program
    .command('run')
    .description('Run a model over data; write its outputs, or every value of every gate')
    .argument('<model>', MODEL_FILE)
    .option('--input <file...>', 'data files or folders; input=FILE where the model has several inputs')
    .option('--synthetic <count>', 'seeded random samples in place of data', toCount)
    .addOption(new Option('--path <path>', "arithmetic (default: the file's own)").choices(['float', 'hybrid', 'int8']));
  addCalibrationOptions(addDataOptions(command))
    .addOption(new Option('--persona <name>', 'runtime whose arithmetic is used').choices(PERSONA_NAMES).default('tflite'))
    .addOption(new Option('--state <state>', 'LSTM states between samples').choices(['reset', 'carry']).default('reset'))
    .addOption(
      new Option('--input-rounding <rule>', 'reals halfway between two codes of an integer input')
        .choices(['half-even', 'half-away'])
        .default('half-even'),
    )
    .addOption(operatorsOption())
    .addOption(assumeOption())
    .addOption(cellsOption())
    .option('--output <file>', 'outputs, as .npy or .npz')
    .option('--trace <file>', 'every signal, as .npz')
    .option('--json', 'machine-readable summary')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(modelPath: string, options: RunOptions): Promise<void> {
  checkUsage(options);
  const file = withCells(withAssumed({ ...(await readNamed(modelPath)), name: modelPath }, options), options);
  const stored = inFile(modelPath, () => readModel(file));
  const { path, quantize } = choosePath(stored, modelPath, options.path);
  if (quantize !== 'int8' && (options.calibration !== undefined || options.ranges !== undefined)) {
    process.stderr.write(`--calibration and --ranges are not used: the ${path} path of this file needs no ranges\n`);
  }
  const model = quantize === null ? stored : await quantizeInMemory(file, stored, quantize, options);
  const graph = model.graphs[0];
  if (graph === undefined) throw new UnusableError(`${modelPath}: holds no graph`);
  const samples = await sampleSource(model, graph, options);
  tellNotes(samples.notes);
  const { persona, inputRounding, operators } = options;
  const runner = await inFileLater(modelPath, () =>
    prepareGraphAnywhere(model, 0, {
      path,
      persona,
      inputRounding,
      runtime: runtimeByFormat,
      preferred: operators === 'litert' ? 'runtime' : 'engine',
      whenRefused: 'leave-out',
    }),
  );

  const outputs = new SampleArrays();
  const trace = new SampleArrays();
  const summary = new RunSummary(modelPath, runner, { path, ...options }, samples.synthetic);
  const bar = new ProgressBar();
  const isTraced = options.trace !== undefined;
  for (let index = 0; index < samples.count; index++) {
    bar.show(index, samples.count, samples.names[index] ?? '');
    const sample = samples.get(index);
    if (options.state === 'reset') runner.resetState();
    const results = runSample(runner, sample, isTraced ? trace : null);
    summary.add(sample, results);
    if (options.output !== undefined) {
      results.forEach((value, position) => {
        if (value === null)
          throw (
            outputLeftOut(runner.operators, graph.outputs[position] ?? -1) ??
            new UnusableError(`${modelPath}: output ${position} is not computed`)
          );
        outputs.add(sample.name, outputName(graph, position), value);
      });
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  bar.end();
  if (options.output !== undefined) await writeOutput(options.output, outputFile(options.output, graph, outputs));
  if (options.trace !== undefined) {
    const arrays = trace.difference() === null ? trace.stacked() : trace.separate();
    await writeOutput(options.trace, writeNpz(arrays));
  }
  process.stdout.write(options.json === true ? summary.toJson() : summary.toText());
}

/** Outputs of one sample; errors name it. */
function runSample(runner: GraphRunner, sample: Sample, trace: SampleArrays | null): (Value | null)[] {
  return inFile(sample.name, () => {
    try {
      if (sample.calls !== undefined) return runCalled(runner, sample, sample.calls, trace);
      return runner.runWhatCan(
        sample.inputs,
        (operator, values, probes) => {
          for (const [name, value] of tracedBy(runner, operator, values, probes, trace)) trace?.add(sample.name, name, value);
        },
        trace !== null,
      );
    } catch (error) {
      throw withBatchHint(error, runner.graph, sample.inputs);
    }
  });
}

function tracedBy(
  runner: GraphRunner,
  operator: Operator,
  values: readonly Value[],
  probes: readonly LstmProbe[],
  trace: SampleArrays | null,
): [name: string, value: Value][] {
  if (trace === null) return [];
  return traceArrays(operator, runner.operators[operator.index]?.cells ?? [], values, probes);
}

/** One call after the other: outputs and traces are [calls, ...]. */
function runCalled(runner: GraphRunner, sample: Sample, calls: Calls, trace: SampleArrays | null): (Value | null)[] {
  const stacks = new Map<string, CallStack>();
  const outputs = runCalls(
    runner,
    sample.inputs,
    calls,
    (call, operator, values, probes) => {
      for (const [name, value] of tracedBy(runner, operator, values, probes, trace)) {
        const stack = stacks.get(name) ?? new CallStack(calls.count);
        stacks.set(name, stack);
        stack.put(call, value);
      }
    },
    trace !== null,
  );
  for (const [name, { all }] of stacks) if (all !== null) trace?.add(sample.name, name, all);
  return outputs;
}

function checkUsage({ input, synthetic, output, trace }: RunOptions): void {
  if ((input === undefined) === (synthetic === undefined)) {
    throw new UsageError('give data with --input FILE..., or --synthetic COUNT for random samples');
  }
  if (output !== undefined && !/\.np[yz]$/i.test(output)) throw new UsageError('--output takes a .npy or .npz file');
  if (trace !== undefined && !/\.npz$/i.test(trace)) throw new UsageError('--trace takes a .npz file');
}

async function sampleSource({ metadata }: Model, graph: Graph, options: RunOptions): Promise<SampleSource> {
  const { input, synthetic } = options;
  const how = await readDataOptions(options);
  if (input === undefined) return syntheticSamples(graph, synthetic === undefined ? {} : { count: synthetic }, how);
  return readSamples(await listDataFiles(input), graph, how, metadata);
}

function outputName(graph: Graph, position: number): string {
  return graph.tensors[graph.outputs[position] ?? -1]?.name ?? `output ${position}`;
}

/** The outputs as a file: .npy holds the first output of all samples, .npz every output of every sample. */
function outputFile(file: string, graph: Graph, outputs: SampleArrays): Uint8Array {
  if (/\.npz$/i.test(file)) return writeNpz(outputs.separate());
  const difference = outputs.difference();
  if (difference !== null) {
    throw new UnusableError(
      `${file}: outputs of shape ${difference[0]} and ${difference[1]} do not stack into one array; write a .npz, which keeps them apart`,
    );
  }
  const first = outputs.stacked().get(outputName(graph, 0));
  if (first === undefined) throw new UnusableError(`${file}: there are no samples, so there is no output to write`);
  if (graph.outputs.length > 1) {
    process.stderr.write(
      `${file} holds output ${outputName(graph, 0)}, the first of ${graph.outputs.length}; a .npz holds all\n`,
    );
  }
  return writeNpy(first);
}

function toCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 1_000_000) throw new UsageError(`--synthetic takes a count from 1 to 1000000, not ${text}`); // prettier-ignore
  return count;
}
