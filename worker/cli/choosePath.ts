import type { Model, Scheme } from '../core/model/model';
import { schemeOf } from '../core/model/scheme';
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

/**
 * The path to run: the one asked for, or the file's own.
 * @throws UnusableError when the file has no such arithmetic in it
 */
export function choosePath(model: Model, file: string, wanted: Path | undefined): Path {
  const scheme = schemeOf(model);
  const own = OWN_PATH[scheme];
  const path = wanted ?? own;
  if (path === 'float' || path === own || scheme === 'mixed') return path;
  const remedy =
    scheme === 'float'
      ? 'it has to be quantized first, which this version does not do yet; give an already quantized file'
      : `run it with --path ${own} or --path float`;
  throw new UnusableError(`${file}: a ${scheme} model has no ${path} arithmetic in it: ${remedy}`);
}
