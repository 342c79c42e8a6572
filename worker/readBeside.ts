import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { ModelFormatError } from './core/formats/modelFormatError';
import { isOnnx } from './core/formats/onnx/isOnnx';
import { externalFiles } from './core/formats/onnx/readOnnx';
import { grouped } from './core/wording';

/** Of all files together: what a buffer each can hold, and no machine here runs more. */
const MAX_BYTES = 2 ** 32;

/**
 * Values that a model on disk keeps in files beside it. Only files inside the model's folder are read, after links are resolved;
 * those that are not there are left out, and missed by the reader.
 * @returns null where the model names none
 * @throws ModelFormatError where a file lies outside, is no file, or where they are too large
 */
export function readBeside(path: string, bytes: Uint8Array): ReadonlyMap<string, Uint8Array> | null {
  const locations = isOnnx(bytes) ? externalFiles(bytes) : [];
  if (locations.length === 0) return null;
  const folder = realpathSync(dirname(path));
  const beside = new Map<string, Uint8Array>();
  let total = 0;
  for (const location of locations) {
    const real = resolved(join(folder, location));
    if (real === null) continue;
    const { size } = checked(real, folder, location);
    total += size;
    if (total > MAX_BYTES) {
      const message = `The files beside the model have more than ${grouped(MAX_BYTES)} bytes.`;
      throw new ModelFormatError('EXTERNAL_DATA_TOO_LARGE', message, null, `at most ${grouped(MAX_BYTES)} bytes`);
    }
    beside.set(location, new Uint8Array(readFileSync(real)));
  }
  return beside;
}

function resolved(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

function checked(real: string, folder: string, location: string): { readonly size: number } {
  const root = folder.endsWith(sep) ? folder : folder + sep;
  const stats = statSync(real);
  if (real.startsWith(root) && stats.isFile()) return stats;
  const message = `The model keeps values in "${location}", which is no file inside the model's folder.`;
  throw new ModelFormatError('EXTERNAL_DATA_OUTSIDE', message, null, "a file inside the model's folder");
}
