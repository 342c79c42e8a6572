import type { Model } from '../model/model';
import { isCellsFile, readCellsFile } from '../recognise/cells/cellsFile';
import { isUnwritten, readUnwritten } from '../recipe/unwritten/unwrittenFile';
import { ModelFormatError } from './modelFormatError';
import type { NamedBytes } from './namedBytes';
import { isOnnx } from './onnx/isOnnx';
import { readOnnx } from './onnx/readOnnx';
import { describeOtherFormat } from './otherFormats';
import { describeOtherProtobuf, isGraphDef, readTf1 } from './tf1/readTf1';
import { isTflite, readTflite } from './tflite/readTflite';

/**
 * Reads a model of any supported format, or one that was made in memory (quantized, or with its cells as one operator each) and has no
 * file; which it is is decided by the content, not by the name.
 * @throws ModelFormatError where the bytes are no model, a damaged one, or of a format that cannot be read
 */
export function readModel(file: NamedBytes): Model {
  return isUnwritten(file.bytes) ? readUnwritten(file, readSource) : readSource(file);
}

function readSource(file: NamedBytes): Model {
  return isCellsFile(file.bytes) ? readCellsFile(file, readWritten) : readWritten(file);
}

function readWritten({ name, bytes, beside, assumed }: NamedBytes): Model {
  if (assumed !== undefined && !isOnnx(bytes)) {
    const limit = 'an ONNX model with inputs that decide which graph runs';
    throw new ModelFormatError('ASSUMED_INPUT', 'Values can be assumed for inputs of ONNX models only.', null, limit);
  }
  if (isTflite(bytes)) return readTflite(bytes, name);
  const other = describeOtherFormat(bytes) ?? describeOtherProtobuf(bytes);
  if (other !== null)
    throw new ModelFormatError('FORMAT_NOT_SUPPORTED', other, 0, 'a TensorFlow Lite or ONNX file, or a frozen TensorFlow graph');
  if (isOnnx(bytes)) return readOnnx(bytes, name, { ...(beside && { beside }), ...(assumed && { assumed }) });
  if (isGraphDef(bytes)) return readTf1(bytes, name);
  return readTflite(bytes, name);
}
