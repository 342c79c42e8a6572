import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'vitest';

const folder = resolve(import.meta.dirname, '../../shared');

/** Folder with real models and reference answers beside the checkout; null where it is absent. */
export const SHARED: string | null = existsSync(folder) ? folder : null;

/**
 * A suite that needs reference data which is not part of the repository. Without it the suite counts as one skipped test that
 * tells why, and its body, which may list files, is not run.
 */
export function describeShared(name: string, suite: (shared: string) => void): void {
  const shared = SHARED;
  if (shared !== null) describe(name, () => suite(shared));
  else it.skip(`${name} (skipped: ../shared is not beside this checkout)`, () => undefined);
}
