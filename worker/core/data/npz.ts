import { unzipSync, zipSync, type UnzipFileInfo } from 'fflate';
import type { NamedBytes } from '../formats/namedBytes';
import type { Value } from '../run/value';
import { DATA_LIMITS, type DataArray } from './dataArray';
import { DataFormatError } from './dataFormatError';
import { readNpy, readNpyHeader, writeNpy } from './npy';

/**
 * Arrays of an .npz file (a zip of .npy files) in the order of the archive. Nothing but the headers is kept: every `load`
 * asks for the file's bytes and inflates its entry again. Entries that are not .npy are passed over.
 */
export function openNpzFile(source: NamedBytes): DataArray[] {
  const { bytes, name: file } = source;
  const keys: string[] = [];
  let entries = 0;
  unzip(bytes, file, (entry) => {
    entries += 1;
    if (entries > DATA_LIMITS.entries) {
      throw new DataFormatError('ZIP_ENTRIES', file, `lists more than ${DATA_LIMITS.entries} entries`, null, `${DATA_LIMITS.entries} entries`); // prettier-ignore
    }
    if (entry.name.endsWith('.npy')) keys.push(entry.name);
    return false;
  });
  return keys.map((key) => {
    const name = key.slice(0, -'.npy'.length);
    const inside = `${file}: ${name}`;
    return {
      key: name,
      shape: readNpyHeader(readEntry(source.bytes, file, key), inside).shape,
      load: () => readNpy(readEntry(source.bytes, file, key), inside),
    };
  });
}

/** The same of bytes that are at hand. */
export function openNpz(bytes: Uint8Array, file: string): DataArray[] {
  return openNpzFile({ name: file, bytes });
}

/** An .npz file of named values, compressed. */
export function writeNpz(values: ReadonlyMap<string, Value>): Uint8Array {
  const files: Record<string, Uint8Array> = {};
  for (const [key, value] of values) files[`${key}.npy`] = writeNpy(value);
  return zipSync(files, { level: 1, mtime: '1980-01-01T00:00:00' });
}

function readEntry(bytes: Uint8Array, file: string, key: string): Uint8Array {
  const content = unzip(bytes, file, (entry) => {
    if (entry.name !== key) return false;
    if (entry.originalSize > DATA_LIMITS.arrayBytes) {
      const message = `entry ${key} claims ${entry.originalSize} bytes`;
      throw new DataFormatError('ZIP_ENTRY_TOO_LARGE', file, message, null, `${DATA_LIMITS.arrayBytes} bytes`);
    }
    return true;
  })[key];
  if (content === undefined) throw new DataFormatError('ZIP_ENTRY_MISSING', file, `has no entry ${key} any more`);
  return content;
}

/** fflate allocates what an entry claims before inflating and never writes past it, so `filter` is where sizes are limited. */
function unzip(bytes: Uint8Array, file: string, filter: (entry: UnzipFileInfo) => boolean): Record<string, Uint8Array> {
  if (bytes.length < 22)
    throw new DataFormatError('ZIP_MAGIC', file, 'is too short for an .npz (zip) file', 0, 'at least 22 bytes');
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof DataFormatError) throw error;
    throw new DataFormatError('ZIP_DAMAGED', file, `cannot be read as an .npz (zip) file: ${error instanceof Error ? error.message : String(error)}`); // prettier-ignore
  }
}
