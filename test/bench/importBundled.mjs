import { build } from 'esbuild';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../../extension/devhost/prepare.mjs';

/**
 * Bundles a program in TypeScript and imports it.
 * @param {string} entry below test/bench
 * @param {string} name of the bundle, below .cache
 * @param {import('esbuild').BuildOptions} [options] beyond those of every bench
 */
export async function importBundled(entry, name, options = {}) {
  const outfile = join(ROOT, '.cache', name);
  const entryPoints = [join(import.meta.dirname, entry)];
  await build({ entryPoints, bundle: true, format: 'esm', platform: 'node', outfile, logLevel: 'warning', ...options });
  return import(pathToFileURL(outfile).href);
}
