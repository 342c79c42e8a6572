import type { DataFile } from '../worker/core/data/readSamples';
import type { NamedBytes } from '../worker/core/formats/namedBytes';
import type { DataSet } from './dataDiscovery';
import type { FileAccess } from './fileAccess';

/** Most that is read for one run; data beyond it belongs on the command line, which reads file by file. */
const MAX_BYTES = 1024 ** 3;
/** Files read at once: hides the latency of remote file systems. */
const AT_ONCE = 8;

/** The files of a data set, as the worker takes them: one of many is left out, and said, where it cannot be read as data. */
export async function readData(
  files: FileAccess,
  { files: uris, inputs }: Pick<DataSet, 'files' | 'inputs'>,
  signal: AbortSignal,
): Promise<DataFile[]> {
  const read = await readInputs(files, uris, signal);
  return read.map((file, place) => {
    const input = inputs?.[place];
    return input === undefined ? { ...file, mayFail: read.length > 1 } : { ...file, input };
  });
}

/**
 * Reads the files of a data set, in order. Stops early (with what was read so far) when `signal` is aborted.
 * @throws Error when they are larger than the limit together, or one cannot be read.
 */
export async function readInputs(files: FileAccess, uris: readonly string[], signal: AbortSignal): Promise<NamedBytes[]> {
  const read: NamedBytes[] = [];
  let total = 0;
  for (let start = 0; start < uris.length && !signal.aborted; start += AT_ONCE) {
    const group = uris.slice(start, start + AT_ONCE);
    for (const size of await Promise.all(group.map((uri) => files.size(uri)))) total += size;
    if (total > MAX_BYTES) throw new Error('The data takes more than 1 GiB. Choose fewer files.');
    read.push(...(await Promise.all(group.map(async (uri) => ({ name: files.name(uri), bytes: await files.read(uri) })))));
  }
  return read;
}
