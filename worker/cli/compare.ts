import { Option, type Command } from 'commander';
import { basename, extname } from 'node:path';
import type { Comparison } from '../core/compare/comparison';
import type { QuirkSwitches } from '../core/compare/quirks';
import { PERSONA_NAMES, type PersonaName } from '../core/lstm/persona';
import { Sessions } from '../session';
import { comparisonMarkdown } from '../../webview/figures/comparisonMarkdown';
import { comparisonText } from './comparisonText';
import { addDataOptions, DATA_HELP, readDataOptions, tellNotes, type DataArguments } from './dataOptions';
import { UsageError } from './failure';
import { labelsFor } from './labelsFor';
import { MODEL_FILE } from './modelArgument';
import { ProgressBar } from './progress';
import { collectQuirk, QUIRK_HELP } from './quirkOption';
import { listDataFiles, readNamed } from './readFiles';
import { writeOutput } from './writeOutput';

interface CompareOptions extends DataArguments {
  readonly float?: string;
  readonly input?: readonly string[];
  readonly labels?: string;
  readonly persona: PersonaName;
  readonly personaB?: PersonaName;
  readonly quirk?: QuirkSwitches;
  readonly quirkA?: QuirkSwitches;
  readonly state: 'reset' | 'carry';
  readonly output?: readonly string[];
  readonly json?: boolean;
}

const HELP = `
Compares two files (tensors, parameters, operators, weights), and with --input every value that both compute: how many integers
differ, by how many codes, where first, and how far each side is from float. For one model under two runtimes or with a quirk
switched, give it once, or twice: gatescope compare M --input x.npy --quirk peephole-width=off

--persona, --quirk-a  side A          --persona-b, --quirk  side B (--persona-b is --persona unless given)
${DATA_HELP}

${QUIRK_HELP}`;

/** `gatescope compare A B --input FILE...`: what differs, and where first. */
export function registerCompare(program: Command): void {
  const command = program
    .command('compare')
    .description('Two models, or one under two runtimes: what differs in the file and in every value')
    .argument('<a>', MODEL_FILE)
    .argument('[b]', 'another; the same where it is left out')
    .option('--float <model>', 'float model of the same network that both are held against')
    .option('--input <file...>', 'data files or folders; input=FILE where the model has several inputs');
  addDataOptions(command)
    .option('--labels <file>', 'what the samples should be recognised as (default: labels.json beside the data)')
    .addOption(new Option('--persona <name>', 'runtime whose arithmetic is used').choices(PERSONA_NAMES).default('tflite'))
    .addOption(new Option('--persona-b <name>', 'runtime of side B').choices(PERSONA_NAMES))
    .option('--quirk <name=on|off>', 'switch a quirk on side B; may be given several times', collectQuirk)
    .option('--quirk-a <name=on|off>', 'switch a quirk on side A', collectQuirk)
    .addOption(new Option('--state <state>', 'LSTM states between samples').choices(['reset', 'carry']).default('reset'))
    .option('--output <file...>', '.json or .md; may be given several times')
    .option('--json', 'machine-readable result on standard output')
    .addHelpText('after', HELP)
    .action(compare);
}

const WRITERS: Readonly<Record<string, (comparison: Comparison) => string>> = {
  '.json': toJson,
  '.md': comparisonMarkdown,
};

async function compare(pathA: string, pathB: string | undefined, options: CompareOptions): Promise<void> {
  const outputs = (options.output ?? []).map((path) => ({ path, write: writerOf(path) }));
  const sessions = new Sessions();
  sessions.open('compare', await readNamed(pathA));
  const bar = new ProgressBar();
  const comparison = await sessions.compare(
    'compare',
    {
      runId: 'compare',
      persona: options.persona,
      quirks: options.quirkA ?? {},
      personaB: options.personaB ?? options.persona,
      quirksB: options.quirk ?? {},
      other: pathB === undefined ? null : await readNamed(pathB),
      state: options.state,
      inputs: await listDataFiles(options.input ?? []),
      data: await readDataOptions(options),
      dataLabel: (options.input ?? []).map((path) => basename(path)).join(', '),
      filesOnly: options.input === undefined,
      floatModel: options.float === undefined ? null : await readNamed(options.float),
      labels: await labelsFor(options),
    },
    ({ done, total, sample }) => bar.show(done, total, sample),
  );
  bar.end();
  tellNotes(sessions.dataNotes('compare'));
  for (const { path, write } of outputs) await writeOutput(path, write(comparison));
  process.stdout.write(options.json === true ? toJson(comparison) : comparisonText(comparison));
}

function toJson(comparison: Comparison): string {
  return `${JSON.stringify(comparison, null, 2)}\n`;
}

function writerOf(path: string): (comparison: Comparison) => string {
  const writer = WRITERS[extname(path).toLowerCase()];
  if (writer === undefined) throw new UsageError(`--output takes a .json or .md file, not ${path}`);
  return writer;
}
