import type { FileAccess } from './fileAccess';

/** Of all files together, as of the data of a run. */
const MAX_BYTES = 1024 ** 3;

/**
 * Reads the files below a model's folder that hold values of the model. Links are not followed: they could lead anywhere. Files that
 * cannot be had are left out, and missed by the reader.
 * @param places relative, without parent folders, as the reader has checked them
 * @throws Error when they are larger than the limit together
 */
export async function filesBeside(
  files: Pick<FileAccess, 'isLink' | 'join' | 'parent' | 'read' | 'size'>,
  model: string,
  places: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const beside = new Map<string, Uint8Array>();
  let total = 0;
  for (const place of places) {
    const file = await plainFile(files, files.parent(model), place);
    if (file === null) continue;
    total += await files.size(file);
    if (total > MAX_BYTES) throw new Error('The files beside the model take more than 1 GiB.');
    beside.set(place, await files.read(file));
  }
  return beside;
}

/** The file at a place; null where it is not there, or where a link leads to it. */
async function plainFile(files: Pick<FileAccess, 'isLink' | 'join'>, folder: string, place: string): Promise<string | null> {
  let at = folder;
  try {
    for (const part of place.split(/[\\/]/)) {
      at = files.join(at, part);
      if (await files.isLink(at)) return null;
    }
    return at;
  } catch {
    return null;
  }
}
