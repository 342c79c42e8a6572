// Where the files of onnxruntime-web are, and the thread that runs it, for bundlers and for the test runner.
import { buildSync } from 'esbuild';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = dirname(createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));

/** Files of the package that are copied as they are, by their names in `dist`. */
export const ORT_COPIES = {
  'onnxruntime.wasm': join(folder, 'ort-wasm-simd-threaded.wasm'),
  'onnxruntime.mjs': join(folder, 'ort-wasm-simd-threaded.mjs'),
};

/** Names in `dist`, beside the bundles that read them. */
export const ORT_FILES = { thread: 'onnxruntime.js', wasm: 'onnxruntime.wasm', glue: 'onnxruntime.mjs' };

/** Options of the thread's own bundle; `conditions`: the package's build that loads its WebAssembly from a file. */
export const ortThread = {
  entryPoints: [join(root, 'worker/runtimes/onnxruntime/thread.ts')],
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  conditions: ['onnxruntime-web-use-extern-wasm'],
};

/** For programs that run elsewhere than in `dist`: builds the thread, and says where all files are. */
export function ortFilesElsewhere() {
  const { outputFiles } = buildSync({ ...ortThread, write: false, logLevel: 'error' });
  const cache = join(root, '.cache/onnxruntime');
  mkdirSync(cache, { recursive: true });
  const { contents, hash } = outputFiles[0];
  const thread = join(cache, `thread-${hash.replace(/\W/g, '_')}.js`);
  // Several programs may do so at once: the file is there as a whole or not at all.
  writeFileSync(`${thread}.${process.pid}`, contents);
  renameSync(`${thread}.${process.pid}`, thread);
  return { thread, wasm: ORT_COPIES['onnxruntime.wasm'], glue: ORT_COPIES['onnxruntime.mjs'] };
}

/** Bundles that do not say where the files lie find them there. */
export const esbuildOrt = {
  name: 'onnxruntime',
  setup({ initialOptions }) {
    if (initialOptions.define?.GATESCOPE_ONNXRUNTIME !== undefined) return;
    initialOptions.define = { ...initialOptions.define, GATESCOPE_ONNXRUNTIME: JSON.stringify(ortFilesElsewhere()) };
  },
};
