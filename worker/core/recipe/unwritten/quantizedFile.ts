import type { CalibratedRanges } from '../../calibration/calibratedRanges';
import type { NamedBytes } from '../../formats/namedBytes';
import { writeTflite } from '../../formats/tflite/write/writeTflite';
import type { Model } from '../../model/model';
import type { ModelEdit } from '../../model/modelEdit';
import { constantBytes } from '../../model/modelOfEdit';
import type { Recipe } from '../recipe';
import { unwrittenFile } from './unwrittenFile';

/** What a quantized model was made with. */
export interface Making {
  readonly recipe: Recipe;
  readonly ranges: CalibratedRanges;
}

/** A quantized model as a file, or as bytes that stand for one, and how large it is. */
export interface QuantizedFile extends NamedBytes {
  /** Of the file; of its constants where it has none. */
  readonly byteLength: number;
}

/** Why a model cannot be written as .tflite; null where it can. */
export function noTfliteReason({
  format,
  fileName,
  inMemoryOnly,
}: Pick<Model, 'format' | 'fileName' | 'inMemoryOnly'>): string | null {
  if (inMemoryOnly !== undefined) return `${fileName} cannot become a .tflite file. ${inMemoryOnly}`;
  if (format !== 'onnx') return null;
  return (
    `${fileName} cannot become a .tflite file: its operators are ONNX's, which that format does not have. What its integer LSTMs ` +
    'compute is shown here all the same.'
  );
}

/**
 * @param edit made of the source with `making`
 * @throws ModelFormatError as `writeTflite`
 */
export function quantizedFile(edit: ModelEdit, source: NamedBytes, name: string, { recipe, ranges }: Making): QuantizedFile {
  if (noTfliteReason(edit.source) === null) {
    const bytes = writeTflite(edit, source.bytes);
    return { name, bytes, byteLength: bytes.length };
  }
  const byteLength = constantBytes(edit.graphs.map(({ graph }) => graph));
  return { ...unwrittenFile(source, name, recipe, ranges), byteLength };
}
