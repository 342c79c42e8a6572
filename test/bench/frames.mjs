// `node test/bench/frames.mjs`: how long the inspector keeps its page busy while a model of 10,000 operators is scrolled, brushed,
// filtered and moved about as a graph, by the browser's own tracing. The goal is no task over 50 ms.
import { build } from 'esbuild';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installPackages, packageExtension, ROOT } from '../../extension/devhost/prepare.mjs';
import { installChromium } from '../workbench/chromium.mjs';

installPackages();
installChromium();
if (!process.argv.includes('--packaged')) packageExtension();
// As deep as test/workbench, whose files find the repository from where they lie.
const outfile = join(ROOT, '.cache/bench/frames.mjs');
await build({
  entryPoints: [join(import.meta.dirname, 'frames/measure.ts')],
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  // They start what lies beside them.
  external: ['extension/devhost/codeServer.mjs', 'test/workbench/chromium.mjs'].map((path) => join(ROOT, path)),
  outfile,
  logLevel: 'warning',
});
const { measureFrames } = await import(pathToFileURL(outfile).href);

console.log('processor time, and by the clock in brackets');
console.log('what                        tasks   longest ms            over 50 ms     busy');
for (const row of await measureFrames()) {
  const { name, tasks, longestMs, longestWallMs, long, longWall, busy } = row;
  const cells = [
    name.padEnd(26),
    String(tasks).padStart(7),
    `${longestMs.toFixed(1)} (${longestWallMs.toFixed(0)})`.padStart(18),
    `${long} (${longWall})`.padStart(14),
    `${(100 * busy).toFixed(0)} %`.padStart(8),
  ];
  console.log(cells.join(''));
}
