import type { ModelEdit } from '../../../model/modelEdit';
import { ModelFormatError } from '../../modelFormatError';
import { readTflite } from '../readTflite';
import { checkEdit } from './checkEdit';
import { editModel } from './editModel';
import { readNodes } from './readNodes';
import { writeNodes } from './writeNodes';

/**
 * Writes a model, changed or not, as a TensorFlow Lite file.
 */
export function writeTflite(edit: ModelEdit, sourceBytes: Uint8Array): Uint8Array {
  const { root } = readNodes(sourceBytes);
  checkEdit(edit, root, sourceBytes.length);
  const bytes = writeNodes(editModel(root, edit, new Set()), 'TFL3', null);
  checkWritten(bytes, edit.source.fileName);
  return bytes;
}

/** Reads the file back: the reader's checks of indices, shapes and parameters are those of the edit. */
function checkWritten(bytes: Uint8Array, fileName: string): void {
  try {
    readTflite(bytes, fileName);
  } catch (error) {
    if (!(error instanceof ModelFormatError)) throw error;
    // Bytes of a file that nobody has.
    throw new ModelFormatError(error.code, `The edited model cannot be written. ${error.message}`, null, error.limit);
  }
}
