// Makes the Emscripten glue of @litertjs/core a module that bundlers understand, for esbuild and for Vite.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const folder = join(dirname(createRequire(import.meta.url).resolve('@litertjs/core/package.json')), 'wasm');
const GLUE = /litert_wasm_compat_internal\.js$/;

export const LITERT_WASM = join(folder, 'litert_wasm_compat_internal.wasm');
/** Name in `dist`, beside the bundles that read it. */
export const LITERT_WASM_NAME = 'litert.wasm';

/**
 * The package says that it is an ES module, so that the glue's UMD tail is dead or, in a CommonJS bundle, overwrites the bundle's own
 * exports: an ES export takes its place.
 */
function glueSource() {
  const source = readFileSync(join(folder, 'litert_wasm_compat_internal.js'), 'utf8');
  const [body, tail] = source.split('// Export using a UMD');
  if (tail === undefined) throw new Error('The glue of @litertjs/core has another ending than expected.');
  return `${body}\nexport default ModuleFactory;\n`;
}

/** Bundles that do not say where the WebAssembly lies find it in the package. */
export const esbuildGlue = {
  name: 'litert-glue',
  setup(build) {
    const { initialOptions } = build;
    initialOptions.define = { GATESCOPE_LITERT_WASM: JSON.stringify(LITERT_WASM), ...initialOptions.define };
    build.onLoad({ filter: GLUE }, () => ({ contents: glueSource(), loader: 'js' }));
  },
};

const VIRTUAL = '\0litert-glue';

export const viteGlue = {
  name: 'litert-glue',
  enforce: 'pre',
  resolveId: (source) => (GLUE.test(source) ? VIRTUAL : null),
  load: (id) => (id === VIRTUAL ? glueSource() : null),
};
