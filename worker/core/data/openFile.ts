import type { NamedBytes } from '../formats/namedBytes';
import { openCsvFile } from './csv';
import type { DataArray } from './dataArray';
import { DataFormatError } from './dataFormatError';
import { openJsonFile } from './json';
import { readNpy, readNpyHeader } from './npy';
import { openNpzFile } from './npz';

/** Extensions of files that can hold samples. */
export const DATA_EXTENSIONS = ['npy', 'npz', 'csv', 'json', 'wav'] as const;

/** The arrays of a file that holds arrays. Its bytes are asked for again whenever one is loaded. @throws DataFormatError */
export function openFile(file: NamedBytes): DataArray[] {
  const extension = extensionOf(file.name);
  switch (extension) {
    case 'npy': {
      const { shape } = readNpyHeader(file.bytes, file.name);
      return [{ key: null, shape, load: () => readNpy(file.bytes, file.name) }];
    }
    case 'npz':
      return openNpzFile(file);
    case 'csv':
      return openCsvFile(file);
    case 'json':
      return openJsonFile(file);
    default:
      throw new DataFormatError('EXTENSION', file.name, `has the extension .${extension}`, null, DATA_EXTENSIONS.map((one) => `.${one}`).join(' ')); // prettier-ignore
  }
}

export function extensionOf(file: string): string {
  return file.slice(file.lastIndexOf('.') + 1).toLowerCase();
}

/** Name without folders and extension. */
export function stemOf(file: string): string {
  const base = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  const dot = base.lastIndexOf('.');
  return dot > 0 ? base.slice(0, dot) : base;
}
