import { grouped } from '../../wording';
import { ModelFormatError } from '../modelFormatError';

/** One file for each tensor is what exporters do at most. */
const MAX_FILES = 10_000;
const MAX_LOCATION = 1024;

/** Values that a model keeps in other files. */
export interface ExternalData {
  /**
   * @param entries the tensor's external_data: location, offset, length, checksum
   * @param byteLength bytes that its type and shape want
   * @param what the tensor, for messages
   * @param byteOffset where the tensor stands in the model file
   */
  read(entries: ReadonlyMap<string, string>, byteLength: number, what: string, byteOffset: number): Uint8Array;
}

/** Contents of the files beside a model, by the location that the model gives. */
export type FilesBeside = ReadonlyMap<string, Uint8Array>;

/** Takes external values out of files that the host has read; the host decides which files a model may name. */
export function externalDataIn(files: FilesBeside): ExternalData {
  return {
    read(entries, byteLength, what, byteOffset) {
      const location = entries.get('location') ?? '';
      checkLocation(location, what, byteOffset);
      const file = files.get(location);
      const given = wholeNumber(entries.get('length'), byteLength);
      if (given !== byteLength) {
        const message = `${what} has ${grouped(given)} bytes of values in ${location}. Its type and shape take ${grouped(byteLength)}.`;
        throw new ModelFormatError('VALUES_DO_NOT_FIT', message, byteOffset, `${grouped(byteLength)} bytes of values`);
      }
      if (file === undefined) {
        const message = `${what} keeps its values in the file ${location}, which was not found beside the model.`;
        throw new ModelFormatError('EXTERNAL_DATA_MISSING', message, byteOffset, `the file ${location} in the model's folder`);
      }
      const offset = wholeNumber(entries.get('offset'), 0);
      if (!(offset + byteLength <= file.length)) {
        const message = `${what} lies at ${entries.get('offset') ?? 0} in ${location}, ${grouped(byteLength)} bytes. That file has ${grouped(file.length)} bytes.`;
        throw new ModelFormatError('EXTERNAL_DATA_RANGE', message, byteOffset, `a place inside ${grouped(file.length)} bytes`);
      }
      return file.subarray(offset, offset + byteLength);
    },
  };
}

/** Only takes down which files a model names, each once. */
export function externalDataRecorder(locations: Set<string>): ExternalData {
  return {
    read(entries, _byteLength, what, byteOffset) {
      const location = entries.get('location') ?? '';
      checkLocation(location, what, byteOffset);
      locations.add(location);
      if (locations.size <= MAX_FILES) return new Uint8Array(0);
      throw new ModelFormatError(
        'EXTERNAL_DATA_FILES',
        'The model names too many files.',
        byteOffset,
        `${grouped(MAX_FILES)} files`,
      );
    },
  };
}

/** NaN where the text is no whole number of 0 or more. */
function wholeNumber(text: string | undefined, missing: number): number {
  if (text === undefined) return missing;
  return /^\d{1,16}$/.test(text) ? Number(text) : NaN;
}

/**
 * Only plain paths below the model's folder are followed.
 * @throws ModelFormatError for empty and absolute paths, drives and parent folders
 */
export function checkLocation(location: string, what: string, byteOffset: number): void {
  const parts = location.split(/[\\/]/);
  const isPlain = location !== '' && !location.includes('\0') && !/^[a-z][a-z0-9+.-]*:/i.test(location) && parts[0] !== '';
  if (isPlain && !parts.includes('..') && location.length <= MAX_LOCATION) return;
  const shown = location.length > 80 ? `${location.slice(0, 80)}...` : location;
  const message = `${what} keeps its values in "${shown}", which is not inside the model's folder.`;
  throw new ModelFormatError('EXTERNAL_DATA_OUTSIDE', message, byteOffset, "a file inside the model's folder");
}
