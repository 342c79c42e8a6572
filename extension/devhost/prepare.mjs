// What a clean checkout needs before anything else runs: packages and bundles.
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run } from './commands.mjs';

export const ROOT = resolve(import.meta.dirname, '../..');

/** Installs the locked packages where they are missing or older than the lock file. */
export function installPackages() {
  const installed = join(ROOT, 'node_modules/.package-lock.json');
  const current = existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(ROOT, 'package-lock.json')).mtimeMs;
  if (current) return;
  console.log('Installing packages …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: ROOT });
}

/** Bundles extension, worker, command line and webview into dist/. */
export function buildBundles(...args) {
  run(process.execPath, ['esbuild.config.mjs', '--quiet', ...args], { cwd: ROOT });
}

/** Builds dist/gatescope.vsix, as `npm run package` does. */
export function packageExtension() {
  run('npm', ['run', '--silent', 'package'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  return join(ROOT, 'dist/gatescope.vsix');
}
