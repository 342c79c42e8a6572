import type { NamedBytes } from '../../formats/namedBytes';
import { writeTflite } from '../../formats/tflite/write/writeTflite';
import type { Model } from '../../model/model';
import { type FusionNote, planFusion } from '../fuse/fuseLstms';
import { cellOptions } from '../fuse/fusionNotes';
import { noFileReason } from '../reasons';
import { cellsFile } from './cellsFile';

export interface ShownCells {
  /** A .tflite file where there can be one, else bytes that `readModel` takes for it. */
  readonly file: NamedBytes;
  readonly notes: readonly FusionNote[];
}

/**
 * A model with its LSTMs and GRUs in small operators as cells.
 * @param file that `model` was read from
 * @param options.asFile only what TensorFlow Lite has an operator for, so that the bytes are a file
 * @returns notes alone where there is nothing to show
 * @throws ModelFormatError as `writeTflite`
 */
export function showCells(
  file: NamedBytes,
  model: Model,
  { asFloat, asFile }: { readonly asFloat: boolean; readonly asFile: boolean },
): ShownCells | { readonly file: null; readonly notes: readonly FusionNote[] } {
  const options = cellOptions(model, !asFile);
  const { notes, edit } = planFusion(model, { ...options, asFloat: asFloat || options.asFloat });
  const made = notes.filter(({ isFused }) => isFused);
  if (made.length === 0) return { file: null, notes };
  const isFile = made.every(({ lstm }) => noFileReason(lstm) === null);
  return { file: isFile ? { name: file.name, bytes: writeTflite(edit(), file.bytes) } : cellsFile(file, asFloat), notes };
}
