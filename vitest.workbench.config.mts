import { defineConfig } from 'vitest/config';

/** The real workbench: one server and one browser at a time. */
export default defineConfig({
  test: {
    include: ['test/workbench/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    fileParallelism: false,
    pool: 'forks',
  },
});
