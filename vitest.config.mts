import { defineConfig } from 'vitest/config';
import { LITERT_WASM, viteGlue } from './worker/runtimes/litert/bundleGlue.mjs';
import { ortFilesElsewhere } from './worker/runtimes/onnxruntime/bundle.mjs';

export default defineConfig({
  define: {
    GATESCOPE_VERSION: JSON.stringify('test'),
    GATESCOPE_LITERT_WASM: JSON.stringify(LITERT_WASM),
    GATESCOPE_ONNXRUNTIME: JSON.stringify(ortFilesElsewhere()),
  },
  plugins: [viteGlue],
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  test: {
    include: ['test/{unit,golden,charts,oracle}/**/*.test.{ts,tsx}'],
    testTimeout: 120_000,
    pool: 'forks',
  },
});
