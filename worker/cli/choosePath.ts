import type { Model, Scheme } from '../core/model/model';
import { schemeOf } from '../core/model/scheme';
import type { RecipeScheme } from '../core/recipe/recipe';
import type { Path } from '../core/run/graphRunner';
import { UnusableError } from './failure';

/** The file's own arithmetic. */
const OWN_PATH: Readonly<Record<Scheme, Path>> = {
  float: 'float',
  hybrid: 'hybrid',
  int8: 'int8',
  '16x8': 'int8',
  mixed: 'int8',
};

export interface ChosenPath {
  readonly path: Path;
  /** Scheme in which the model has to be quantized before; null where it runs as it is. */
  readonly quantize: RecipeScheme | null;
}

/**
 * The path to run: the one asked for, or the file's own. A float model can be run on every path, quantized in memory.
 * @throws UnusableError when a quantized file has no such arithmetic in it
 */
export function choosePath(model: Model, file: string, wanted: Path | undefined): ChosenPath {
  const scheme = schemeOf(model);
  const own = OWN_PATH[scheme];
  const path = wanted ?? own;
  if (scheme === 'float' && path !== 'float') return { path, quantize: path };
  if (path === 'float' || path === own || scheme === 'mixed') return { path, quantize: null };
  throw new UnusableError(
    `${file}: a ${scheme} model has no ${path} arithmetic in it: run it with --path ${own} or --path float`,
  );
}
