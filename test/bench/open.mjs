// `node test/bench/open.mjs`: how long opening a large model takes, from its bytes to the overview. The goal is a 100 MB model on
// screen within a second.
import { installPackages } from '../../extension/devhost/prepare.mjs';
import { importBundled } from './importBundled.mjs';

installPackages();
const { measureOpening } = await importBundled('open/measure.ts', 'bench-open.mjs');

console.log('model                                MB   read ms   overview ms   transfer ms   overview MB');
for (const row of measureOpening(6)) {
  const cells = [
    row.name.padEnd(34),
    row.megabytes.toFixed(1).padStart(6),
    row.readMs.toFixed(1).padStart(9),
    row.overviewMs.toFixed(1).padStart(13),
    row.transferMs.toFixed(1).padStart(13),
    row.overviewMegabytes.toFixed(2).padStart(13),
  ];
  console.log(cells.join(' '));
}
