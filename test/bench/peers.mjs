// The runtimes that only the benchmark stands beside, kept in .cache/ and out of the project's own packages.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { run } from '../../extension/devhost/commands.mjs';
import { ROOT } from '../../extension/devhost/prepare.mjs';

export const PEERS = {
  'onnxruntime-web': '1.30.0',
  'onnxruntime-node': '1.30.0',
  // For building the models that they run.
  'onnx-proto': '8.0.1',
};

const home = join(ROOT, '.cache/peers');

/** Installs the peers once (about 470 MB) without running their install scripts, and returns how to load them. */
export function loadPeers() {
  if (!existsSync(home)) {
    console.error('Installing the peer runtimes into .cache/ (once, about 470 MB) …');
    const partial = `${home}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    writeFileSync(join(partial, 'package.json'), '{"private":true}\n');
    const names = Object.entries(PEERS).map(([name, version]) => `${name}@${version}`);
    run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...names], { cwd: partial });
    renameSync(partial, home);
  }
  const require = createRequire(join(home, 'package.json'));
  /** Loads a package with its own copy of the front end that ORT-web and ORT-node share: in one copy the second's kernels win. */
  const requireAlone = (name) => {
    for (const file of Object.keys(require.cache)) if (file.includes('onnxruntime-common')) delete require.cache[file];
    return require(name);
  };
  return { require, requireAlone };
}
