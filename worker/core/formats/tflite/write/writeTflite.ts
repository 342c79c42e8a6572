import type { ModelEdit } from '../../../model/modelEdit';
import { ModelFormatError } from '../../modelFormatError';
import { readTflite } from '../readTflite';
import { checkEdit } from './checkEdit';
import { editModel } from './editModel';
import { writeNewModel } from './newModel';
import { readNodes } from './readNodes';
import { movedTrailing, trailingStart } from './trailingBytes';
import { carryUnknownFields } from './unknownFields';
import { writeNodes } from './writeNodes';

const IDENTIFIER = 'TFL3';

/**
 * Writes a model as a TensorFlow Lite file: the source's tables, with the fields set that the edit changes.
 *
 * What the edit does not name stays: metadata, signatures, custom options, sparsity, other graphs, buffers that nothing refers
 * to, fields that the schema does not have (`carryUnknownFields` tells how, and its limits), data outside the tables, and bytes
 * after them. Buffers keep their numbers; those of replaced constants take new data or get empty. Tensors whose data is the
 * same bytes of one memory share a buffer. Signatures, control dependencies and offline memory plans follow the renumbering;
 * other metadata that names tensors or operators by number does not. Operator codes that lose their last operator go.
 * Bytes that nothing in the source leads to are lost, other than those at its end.
 *
 * A TensorFlow 1 graph that was read as TensorFlow Lite operators becomes a new file of those, with the reader's metadata.
 *
 * @param sourceBytes the file that `edit.source` was read from; not changed, and not referred to by the result
 * @returns tables first, then data that lay outside of them, each aligned to 16 bytes
 * @throws ModelFormatError where the edit is not consistent (as `readTflite` of its result), does not fit the file, loses a
 *   signature's tensor, or makes a file of 2 GiB or more; where the file was compiled for an accelerator, whose program it
 *   finds by its place in the file; and where an unknown field could be a number or an offset
 */
export function writeTflite(edit: ModelEdit, sourceBytes: Uint8Array): Uint8Array {
  if (edit.source.format === 'tf1') return writeConverted(edit);
  checkNotCompiled(edit);
  const { root, unknown, coverage } = readNodes(sourceBytes);
  checkEdit(edit, root, sourceBytes.length);
  const { numbers, end } =
    unknown.length === 0 ? { numbers: new Set<number>(), end: coverage.end } : carryUnknownFields(sourceBytes, unknown, coverage);
  const from = trailingStart(sourceBytes, end);
  const trailing = from === null ? null : (to: number) => movedTrailing(sourceBytes.subarray(from), from, to);
  const bytes = writeNodes(editModel(root, edit, numbers), IDENTIFIER, trailing);
  checkWritten(bytes, edit.source.fileName);
  return bytes;
}

function writeConverted({ source, graphs, metadata }: ModelEdit): Uint8Array {
  const isReplaced = (name: string) => metadata.some((entry) => entry.name === name);
  const kept = source.metadata.flatMap(({ name, text }) => (text === null || isReplaced(name) ? [] : [{ name, text }]));
  const made = writeNewModel(
    graphs.map(({ graph }) => graph),
    [...kept, ...metadata],
  );
  checkWritten(made, source.fileName);
  return made;
}

/** LiteRT's accelerator compilers put their program behind the tables, and its place in the file into this operator's options. */
function checkNotCompiled({ source }: ModelEdit): void {
  const isCompiled = source.graphs.some(({ operators }) => operators.some(({ customCode }) => customCode === 'DISPATCH_OP'));
  if (!isCompiled) return;
  const message = `${source.fileName} was compiled for an accelerator and cannot be changed. Use the model that it was compiled from.`;
  throw new ModelFormatError('COMPILED_MODEL', message, null, 'no DISPATCH_OP');
}

/** Reads the file back: the reader's checks of indices, shapes and parameters are those of the edit. */
function checkWritten(bytes: Uint8Array, fileName: string): void {
  try {
    readTflite(bytes, fileName);
  } catch (error) {
    if (!(error instanceof ModelFormatError)) throw error;
    // Without its byte, which is one of a file that nobody has.
    throw new ModelFormatError(error.code, `The edited model cannot be written. ${error.message}`, null, error.limit);
  }
}
