import type { FusedFile, FuseJob } from './api';
import { RequestError } from './core/analysis/detail/requestError';
import type { NamedBytes } from './core/formats/namedBytes';
import { readModel } from './core/formats/readModel';
import { showCells } from './core/recognise/cells/showCells';
import { inFile } from './fileError';

/**
 * The file with its LSTMs and GRUs in small operators as one operator each: what the editor shows as cells, and saves.
 * @throws FileError around ModelFormatError or, where nothing can be fused, RequestError
 */
export function fuseFile(source: NamedBytes, { asFloat, asFile = false }: FuseJob): FusedFile {
  return inFile(source.name, () => {
    const { file, notes } = showCells(source, readModel(source), { asFloat, asFile });
    if (file === null) {
      const why = notes[0]?.text ?? 'No LSTM or GRU in small operators was found.';
      const what = asFile ? 'There is nothing to save as a fused .tflite.' : 'There is nothing to show as cells.';
      throw new RequestError('NOTHING_TO_FUSE', `${what} ${why}`);
    }
    return { bytes: file.bytes, notes: notes.map(({ text }) => text) };
  });
}
