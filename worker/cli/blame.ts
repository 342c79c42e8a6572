import { Option, type Command } from 'commander';
import { basename } from 'node:path';
import { SUBJECT_KINDS, type SubjectKind } from '../core/blame/subjectKinds';
import type { QuirkSwitches } from '../core/compare/quirks';
import { PERSONA_NAMES, type PersonaName } from '../core/lstm/persona';
import { Sessions } from '../session';
import { blameText } from './blameText';
import { addDataOptions, DATA_HELP, readDataOptions, tellNotes, type DataArguments } from './dataOptions';
import { UsageError } from './failure';
import { labelsFor } from './labelsFor';
import { ProgressBar } from './progress';
import { collectQuirk, QUIRK_HELP } from './quirkOption';
import { listDataFiles, readNamed } from './readFiles';
import { writeOutput } from './writeOutput';

interface BlameOptions extends DataArguments {
  readonly float?: string;
  readonly input?: readonly string[];
  readonly labels?: string;
  readonly persona: PersonaName;
  readonly quirk?: QuirkSwitches;
  readonly state: 'reset' | 'carry';
  readonly only?: readonly SubjectKind[];
  readonly output?: string;
  readonly json?: boolean;
}

const HELP = `
Puts each layer, activation tensor, weight matrix and part of an LSTM back to float, one at a time, all else staying integer, and
switches off each quirk of the runtime; ranked by what the model's output gains in SQNR. Gains overlap and do not add up.
Without --float there are no other weights, so that none can be put back. Without --input, seeded synthetic data.
${DATA_HELP}

${QUIRK_HELP}`;

/** `gatescope blame MODEL --input FILE...`: what costs the most. */
export function registerBlame(program: Command): void {
  const command = program
    .command('blame')
    .description('Put each layer, tensor, weight matrix and gate back to float alone; rank what that gains')
    .argument('<model>', 'a quantized .tflite file')
    .option('--float <model>', 'float model of the same network')
    .option('--input <file...>', 'data files or folders; input=FILE where the model has several inputs');
  addDataOptions(command)
    .option('--labels <file>', 'what the samples should be recognised as (default: labels.json beside the data)')
    .addOption(new Option('--persona <name>', 'runtime whose arithmetic is used').choices(PERSONA_NAMES).default('tflite'))
    .option('--quirk <name=on|off>', 'switch a quirk of the runtime; may be given several times', collectQuirk)
    .addOption(new Option('--state <state>', 'LSTM states between samples').choices(['reset', 'carry']).default('reset'))
    .addOption(new Option('--only <kind...>', 'what to put back (default: everything)').choices(SUBJECT_KINDS))
    .option('--output <file>', 'everything measured, as .json')
    .option('--json', 'machine-readable result on standard output')
    .addHelpText('after', HELP)
    .action(blame);
}

async function blame(modelPath: string, options: BlameOptions): Promise<void> {
  if (options.output !== undefined && !/\.json$/i.test(options.output)) throw new UsageError(`--output takes a .json file, not ${options.output}`); // prettier-ignore
  const sessions = new Sessions();
  sessions.open('blame', await readNamed(modelPath));
  const bar = new ProgressBar();
  const report = await sessions.blame(
    'blame',
    {
      runId: 'blame',
      persona: options.persona,
      quirks: options.quirk ?? {},
      state: options.state,
      inputs: await listDataFiles(options.input ?? []),
      data: await readDataOptions(options),
      dataLabel: (options.input ?? ['synthetic']).map((path) => basename(path)).join(', '),
      floatModel: options.float === undefined ? null : await readNamed(options.float),
      labels: await labelsFor(options),
      ...(options.only === undefined ? {} : { kinds: options.only }),
    },
    ({ share, sample }) => bar.show(Math.floor(100 * share), 100, `% ${sample}`),
  );
  bar.end();
  tellNotes(sessions.dataNotes('blame'));
  const json = `${JSON.stringify(report, null, 2)}\n`;
  if (options.output !== undefined) await writeOutput(options.output, json);
  process.stdout.write(options.json === true ? json : blameText(report));
}
