import type { Command } from 'commander';
import { readModel } from '../core/formats/readModel';
import { writeTflite } from '../core/formats/tflite/write/writeTflite';
import { fuseLstms, type FusionNote } from '../core/recognise/fuse/fuseLstms';
import { inFile } from '../fileError';
import { count } from '../../webview/charts/format';
import { UsageError } from './failure';
import { readNamed } from './readFiles';
import { writeOutput } from './writeOutput';

interface FuseOptions {
  readonly output: string;
  readonly carryState?: boolean;
  readonly float?: boolean;
  readonly json?: boolean;
}

const HELP = `
The cells are found by what they compute: written out step by step (unroll=True, states as inputs and outputs) or as Keras 3's loop.
The fused LSTM has the file's own weights. A float model can be quantized with \`gatescope quantize\`; of a quantized one, make a float
model with --float first.

A TensorFlow 1 graph is written as it is read: loops of LSTM cells as the fused operator, from the features on.

States of the fused operator start at 0 and are kept inside: reset them (or the interpreter's variable tensors) between sequences.`;

/** `gatescope fuse MODEL --output FUSED.tflite`: LSTMs in small operators become UNIDIRECTIONAL_SEQUENCE_LSTM. */
export function registerFuse(program: Command): void {
  program
    .command('fuse')
    .description('Turn LSTMs written in small operators (unrolled, or Keras 3 loops) into UNIDIRECTIONAL_SEQUENCE_LSTM')
    .argument('<model>', 'a .tflite file, or a frozen TensorFlow 1 graph (.pb)')
    .requiredOption('--output <file>', 'the .tflite file to write')
    .option('--carry-state', 'drop inputs and outputs that only carry states: the fused operators keep them')
    .option('--float', 'make all quantized values float: int8 cells can then be fused, and the result be quantized')
    .option('--json', 'machine-readable summary')
    .addHelpText('after', HELP)
    .action(fuse);
}

async function fuse(path: string, { output, carryState, float, json }: FuseOptions): Promise<void> {
  if (!/\.tflite$/i.test(output)) throw new UsageError('--output takes a .tflite file');
  const file = await readNamed(path);
  const source = file.bytes;
  const model = inFile(path, () => readModel({ ...file, name: path }));
  const { edit, notes } = inFile(path, () => fuseLstms(model, { carryState: carryState === true, asFloat: float === true }));
  const isConverted = model.format === 'tf1';
  const bytes = isConverted || notes.some((note) => note.isFused) ? inFile(path, () => writeTflite(edit, source)) : null;
  if (bytes !== null) await writeOutput(output, bytes);
  const summary = {
    path,
    output: bytes === null ? null : output,
    before: source.length,
    after: bytes?.length ?? null,
    notes,
    isConverted,
  };
  process.stdout.write(json === true ? toJson(summary) : toText(summary));
  if (bytes === null) process.exitCode = 1;
}

interface FuseSummary {
  readonly path: string;
  readonly output: string | null;
  readonly before: number;
  readonly after: number | null;
  readonly notes: readonly FusionNote[];
  /** Read from another format, with its loops fused already. */
  readonly isConverted: boolean;
}

function toText({ output, before, after, notes, isConverted }: FuseSummary): string {
  const lines = notes.flatMap(({ lstm, isFused, text }) => [
    `  ${isFused ? 'fused' : 'left '}  ${lstm.name}, ${lstm.kind.toUpperCase()} ${lstm.sizes.input} > ${lstm.sizes.cell}, ${lstm.form}`,
    `         ${text}`,
  ]);
  const fused = notes.filter(({ isFused }) => isFused).length;
  const found =
    notes.length > 0
      ? `${fused} of ${notes.length} cells fused.`
      : isConverted
        ? 'Converted; no LSTM is left in small operators.'
        : 'No LSTM in small operators was found: nothing is written.';
  const written = after === null ? [] : [`${output}: ${count(after)} bytes, before ${count(before)}.`];
  return `${[found, ...lines, ...written].join('\n')}\n`;
}

function toJson({ path, output, before, after, notes }: FuseSummary): string {
  const cells = notes.map(({ lstm, isFused, text }) => ({
    name: lstm.name,
    kind: lstm.kind,
    form: lstm.form,
    subgraph: lstm.subgraph,
    operators: lstm.operators,
    input: lstm.sizes.input,
    cell: lstm.sizes.cell,
    fused: isFused,
    text,
  }));
  const summary = { schema: 'gatescope.fuse/1', source: path, output, sourceBytes: before, outputBytes: after, cells };
  return `${JSON.stringify(summary, null, 2)}\n`;
}
