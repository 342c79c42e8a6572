import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe } from 'vitest';

const folder = resolve(import.meta.dirname, '../../shared');

/** Folder with real models and reference answers beside the checkout; null where it is absent. */
export const SHARED: string | null = existsSync(folder) ? folder : null;

/** A suite that needs reference data which is not part of the repository; skipped, visibly and with the reason, without it. */
export function describeShared(name: string, suite: (shared: string) => void): void {
  if (SHARED !== null) {
    const shared = SHARED;
    describe(name, () => suite(shared));
  } else {
    describe.skip(`${name} (skipped: ../shared is not beside this checkout)`, () => suite('../shared'));
  }
}
