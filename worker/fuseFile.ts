import type { FusedFile, FuseJob } from './api';
import { RequestError } from './core/analysis/detail/requestError';
import type { NamedBytes } from './core/formats/namedBytes';
import { readModel } from './core/formats/readModel';
import { writeTflite } from './core/formats/tflite/write/writeTflite';
import { fuseLstms } from './core/recognise/fuse/fuseLstms';
import { cellOptions } from './core/recognise/fuse/fusionNotes';
import { inFile } from './fileError';

/**
 * The file with its LSTMs in small operators as fused ones: what the editor shows as cells, and saves.
 * @throws FileError around ModelFormatError or, where nothing can be fused, RequestError
 */
export function fuseFile(file: NamedBytes, { asFloat }: FuseJob): FusedFile {
  return inFile(file.name, () => {
    const model = readModel(file);
    const options = cellOptions(model);
    const { edit, notes } = fuseLstms(model, { ...options, asFloat: asFloat || options.asFloat });
    if (!notes.some(({ isFused }) => isFused)) {
      const why = notes[0]?.text ?? 'No LSTM in small operators was found.';
      throw new RequestError('NOTHING_TO_FUSE', `There is nothing to show as cells. ${why}`);
    }
    return { bytes: writeTflite(edit, file.bytes), notes: notes.map(({ text }) => text) };
  });
}
