import type { NamedBytes } from '../core/formats/namedBytes';
import { readModel } from '../core/formats/readModel';
import type { Model } from '../core/model/model';
import { quantizeModel } from '../core/recipe/quantizeModel';
import type { RecipeScheme } from '../core/recipe/recipe';
import { quantizedFile } from '../core/recipe/unwritten/quantizedFile';
import { inFile } from '../fileError';
import { findRanges, NO_RANGES, recipeFrom, type CalibrationOptions } from './calibrationOptions';

/** A float model as `quantize` would write it, read back; nothing is written to disk. */
export async function quantizeInMemory(
  file: NamedBytes,
  model: Model,
  scheme: RecipeScheme,
  { calibration, ranges: saved, recipe: path }: Omit<CalibrationOptions, 'synthetic'> & { readonly recipe?: string },
): Promise<Model> {
  const recipe = { ...(await recipeFrom(path)), scheme };
  const { ranges, notes } =
    scheme === 'hybrid' ? NO_RANGES : await findRanges(file, model, recipe, { calibration, ranges: saved });
  for (const note of notes) process.stderr.write(`${note}\n`);
  return inFile(file.name, () => {
    const { edit } = quantizeModel(model, ranges, recipe);
    return readModel(quantizedFile(edit, file, model.fileName, { recipe, ranges }));
  });
}
