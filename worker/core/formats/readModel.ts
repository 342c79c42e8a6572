import type { Model } from '../model/model';
import { ModelFormatError } from './modelFormatError';
import type { NamedBytes } from './namedBytes';
import { isOnnx } from './onnx/isOnnx';
import { readOnnx } from './onnx/readOnnx';
import { describeOtherFormat } from './otherFormats';
import { isTflite, readTflite } from './tflite/readTflite';

/**
 * Reads a model of any supported format; which one is decided by the content, not by the name.
 * @throws ModelFormatError where the bytes are no model, a damaged one, or of a format that cannot be read
 */
export function readModel(file: NamedBytes): Model {
  const { name, bytes } = file;
  if (isTflite(bytes)) return readTflite(bytes, name);
  const other = describeOtherFormat(bytes);
  if (other !== null) throw new ModelFormatError('FORMAT_NOT_SUPPORTED', other, 0, 'a TensorFlow Lite or ONNX file');
  if (isOnnx(bytes)) return readOnnx(bytes, name);
  return readTflite(bytes, name);
}
