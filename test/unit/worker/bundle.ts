import { build, type Plugin } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export const REPOSITORY = resolve(import.meta.dirname, '../../..');
export const SAMPLES = join(REPOSITORY, 'samples');

export interface Bundle {
  /** Folder of its own, for the test's files too. */
  readonly folder: string;
  readonly program: string;
  remove(): void;
}

/** Bundles one program as it is shipped, into a temporary folder. */
export async function bundle(entryPoint: string): Promise<Bundle> {
  const folder = mkdtempSync(join(tmpdir(), 'gatescope-'));
  const program = join(folder, 'program.js');
  const runtime = (file: string) => import(pathToFileURL(join(REPOSITORY, 'worker/runtimes', file)).href);
  const { esbuildGlue } = (await runtime('litert/bundleGlue.mjs')) as { readonly esbuildGlue: Plugin };
  const { esbuildOrt } = (await runtime('onnxruntime/bundle.mjs')) as { readonly esbuildOrt: Plugin };
  await build({
    entryPoints: [join(REPOSITORY, entryPoint)],
    outfile: program,
    bundle: true,
    plugins: [esbuildGlue, esbuildOrt],
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: { GATESCOPE_VERSION: '"test"' },
    logLevel: 'error',
  });
  return { folder, program, remove: () => rmSync(folder, { recursive: true }) };
}
