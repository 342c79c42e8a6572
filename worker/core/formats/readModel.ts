import type { Model } from '../model/model';
import { ModelFormatError } from './modelFormatError';
import type { NamedBytes } from './namedBytes';
import { describeOtherFormat } from './otherFormats';
import { isTflite, readTflite } from './tflite/readTflite';

/**
 * Reads a model of any supported format; which one is decided by the content, not by the name.
 * @throws ModelFormatError where the bytes are no model, a damaged one, or of a format that cannot be read
 */
export function readModel(file: NamedBytes): Model {
  const other = isTflite(file.bytes) ? null : describeOtherFormat(file.bytes);
  if (other !== null) throw new ModelFormatError('FORMAT_NOT_SUPPORTED', other, 0, 'a TensorFlow Lite file');
  return readTflite(file.bytes, file.name);
}
