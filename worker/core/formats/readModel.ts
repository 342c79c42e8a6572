import type { Model } from '../model/model';
import type { NamedBytes } from './namedBytes';
import { readTflite } from './tflite/readTflite';

/**
 * Reads a model of any supported format; which one is decided by the content, not by the name.
 * @throws ModelFormatError where the bytes are no model, a damaged one, or of a format that cannot be read
 */
export function readModel(file: NamedBytes): Model {
  return readTflite(file.bytes, file.name);
}
