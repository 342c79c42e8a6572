import type { NamedBytes } from '../../formats/namedBytes';
import type { Model } from '../../model/model';
import { modelOfEdit } from '../../model/modelOfEdit';
import { planFusion } from '../fuse/fuseLstms';
import { cellOptions } from '../fuse/fusionNotes';

const MAGIC = 'GATESCOPE-CELLS/1\n';

/**
 * A model with cells that no .tflite file can hold, as bytes that stand for its file: the source, from which the model is made again.
 * @param asFloat all its values are float
 */
export function cellsFile({ bytes, ...rest }: NamedBytes, asFloat: boolean): NamedBytes {
  const magic = new TextEncoder().encode(MAGIC);
  const whole = new Uint8Array(magic.length + 1 + bytes.length);
  whole.set(magic);
  whole[magic.length] = asFloat ? 1 : 0;
  whole.set(bytes, magic.length + 1);
  return { ...rest, bytes: whole };
}

export function isCellsFile(bytes: Uint8Array): boolean {
  return bytes.length > MAGIC.length && [...MAGIC].every((letter, at) => bytes[at] === letter.charCodeAt(0));
}

/** @param readSource reads the model that it was made from */
export function readCellsFile({ bytes, ...rest }: NamedBytes, readSource: (source: NamedBytes) => Model): Model {
  const model = readSource({ ...rest, bytes: bytes.subarray(MAGIC.length + 1) });
  const options = cellOptions(model);
  const { edit } = planFusion(model, { ...options, asFloat: options.asFloat || bytes[MAGIC.length] === 1 });
  return { ...modelOfEdit(edit(), rest.name), inMemoryOnly: IN_MEMORY_ONLY };
}

const IN_MEMORY_ONLY =
  'It holds cells as one operator each that TensorFlow Lite does not have (a GRU, or an LSTM of hard sigmoids): it is made in memory.';
