import { Option, type Command } from 'commander';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { MAX_CALL_SIZE, type DataOptions, type StatePairName } from '../core/data/dataOptions';
import { DataFormatError } from '../core/data/dataFormatError';
import { readNormalisation, readSettingsJson, readSettingsLine } from '../core/data/features/fields';
import { FEATURE_KINDS } from '../core/data/features/framing';
import { UsageError } from './failure';

/** How data becomes samples, as written on the command line. */
export interface DataArguments {
  readonly features?: string;
  readonly norm?: string;
  readonly samplesAxis?: '0';
  readonly callSize?: number;
  readonly stream?: boolean;
  readonly statePair?: readonly StatePairName[];
}

/** The options of all commands that read data. */
export function addDataOptions(command: Command): Command {
  return command
    .option('--features <what>', `what .wav becomes: ${FEATURE_KINDS.join(', ')}, with settings as in log-mel,window=25ms,hop=10ms; or a .json of them`) // prettier-ignore
    .option('--norm <file>', 'mean and std of the features, as .json: (x - mean) / std at the end')
    .addOption(new Option('--samples-axis <axis>', 'an array of the rank of the input counts samples along this axis').choices(['0'])) // prettier-ignore
    .option('--call-size <values>', 'values of a call where the model leaves the size of its input open, [?, ?]', toCallSize)
    .option('--stream', 'a sample [calls, ...] is one call after the other, with states carried (default where states are inputs and outputs)') // prettier-ignore
    .option('--no-stream', 'one call for each sample')
    .option('--state-pair <in=out>', 'input that has the value of an output of the call before; may be given several times; none: no such states', collectPair); // prettier-ignore
}

export const DATA_HELP = `
.wav: without --features, a guess from the shape of the model's input, which is told; what is told can be given again, changed.
A folder's files that cannot be read are left out and named; a file that is named itself has to be readable.`;

function toCallSize(text: string): number {
  const size = Number(text);
  if (Number.isInteger(size) && size >= 1 && size <= MAX_CALL_SIZE) return size;
  throw new UsageError(`--call-size takes a number of values from 1 to ${MAX_CALL_SIZE}, not ${text}`);
}

function collectPair(text: string, before: readonly StatePairName[] | undefined): readonly StatePairName[] {
  if (text === 'none') return before ?? [];
  const equals = text.lastIndexOf('=');
  if (equals <= 0 || equals === text.length - 1) throw new UsageError(`--state-pair takes INPUT=OUTPUT, not ${text}`);
  return [...(before ?? []), { input: text.slice(0, equals), output: text.slice(equals + 1) }];
}

/** @throws UsageError, DataFormatError with the file */
export async function readDataOptions({
  features,
  norm,
  samplesAxis,
  callSize,
  stream,
  statePair,
}: DataArguments): Promise<DataOptions> {
  const fromFile = features !== undefined && /\.json$/i.test(features) && (await isFile(features));
  const read = features === undefined ? null : fromFile ? readSettingsJson(await json(features)) : { settings: readSettingsLine(features), normalise: null }; // prettier-ignore
  const normalise = norm === undefined ? (read?.normalise ?? null) : await inFile(norm, async () => readNormalisation(await json(norm))); // prettier-ignore
  return {
    ...(read === null ? {} : { features: read.settings }),
    ...(normalise === null ? {} : { normalise }),
    ...(samplesAxis === undefined ? {} : { samplesAxis: 0 as const }),
    ...(callSize === undefined ? {} : { callSize }),
    ...(stream === undefined ? {} : { stepped: stream }),
    ...(statePair === undefined ? {} : { statePairs: statePair }),
  };
}

/** What was guessed, filled in or left out. */
export function tellNotes(notes: readonly string[] | undefined): void {
  for (const note of notes ?? []) process.stderr.write(`${note}\n`);
}

async function json(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new DataFormatError('JSON_DAMAGED', basename(path), `is not JSON: ${error instanceof Error ? error.message : String(error)}`); // prettier-ignore
  }
}

async function inFile<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof DataFormatError)) throw error;
    throw new DataFormatError(error.code, basename(path), error.message, error.byteOffset, error.limit);
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isFile(),
    () => false,
  );
}
