import { defineConfig } from 'vitest/config';

export default defineConfig({
  define: { GATESCOPE_VERSION: JSON.stringify('test') },
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  test: {
    include: ['test/{unit,golden,charts,oracle}/**/*.test.{ts,tsx}'],
    testTimeout: 120_000,
    pool: 'forks',
  },
});
