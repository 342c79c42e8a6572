// `node test/bench/frames.mjs`: how long the inspector keeps its page busy while a model of 10,000 operators is scrolled, brushed,
// filtered and moved about as a graph, by the browser's own tracing. The goal is no task over 50 ms.
import { join } from 'node:path';
import { installPackages, packageExtension, ROOT } from '../../extension/devhost/prepare.mjs';
import { installChromium } from '../workbench/chromium.mjs';
import { importBundled } from './importBundled.mjs';

installPackages();
installChromium();
if (!process.argv.includes('--packaged')) packageExtension();
// As deep as test/workbench, whose files find the repository from where they lie.
const { measureFrames } = await importBundled('frames/measure.ts', 'bench/frames.mjs', {
  packages: 'external',
  // They start what lies beside them.
  external: ['extension/devhost/codeServer.mjs', 'test/workbench/chromium.mjs'].map((path) => join(ROOT, path)),
});

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
