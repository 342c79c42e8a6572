import type { Plugin as EsbuildPlugin } from 'esbuild';
import type { Plugin as VitePlugin } from 'vite';

/** The WebAssembly in the package. */
export declare const LITERT_WASM: string;
/** Its name in `dist`. */
export declare const LITERT_WASM_NAME: string;
export declare const esbuildGlue: EsbuildPlugin;
export declare const viteGlue: VitePlugin;
