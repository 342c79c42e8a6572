// `npm run paper-table`: the paper's table and its other claims on the speech models of ../shared; writes docs/paper-table.md and
// its plots. `-- lstm cifg-ln` takes these models only and writes to .cache/paper; `-- --redraw` draws the last results again, and
// `-- --times` with new times.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages, ROOT } from '../../extension/devhost/prepare.mjs';

const shared = join(ROOT, '../shared');
if (!existsSync(shared)) {
  console.error('The models and recordings are in ../shared, which is not beside this checkout.');
  process.exit(2);
}
installPackages();
const chosen = process.argv.slice(2);
const isWhole = chosen.every((name) => name.startsWith('--'));
const cache = join(ROOT, '.cache/paper');
const script = join(ROOT, '.cache/paper-table.mjs');
await build({
  entryPoints: [join(import.meta.dirname, 'main.ts')],
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  outfile: script,
});
const kept = join(cache, isWhole ? 'all.json' : 'some.json');
const { status } = spawnSync(process.execPath, [script, shared, kept, isWhole ? join(ROOT, 'docs') : cache, ...chosen], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
