import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { readModel } from '../core/formats/readModel';
import { buildOverview } from '../core/report/buildOverview';
import { inFile } from '../fileError';
import { inspectText } from './inspectText';

/** `gatescope inspect MODEL [--json]`: what a model is, without running it. */
export function registerInspect(program: Command): void {
  program
    .command('inspect')
    .description('What a model holds and how it is quantized: operators, tensors, LSTMs, findings, targets')
    .argument('<model>', 'a .tflite file')
    .option('--tensors', 'list every tensor as well')
    .option('--json', 'machine-readable output (everything)')
    .action(async (path: string, options: { readonly tensors?: boolean; readonly json?: boolean }) => {
      const bytes = new Uint8Array(await readFile(path));
      const overview = inFile(path, () => buildOverview(readModel({ name: basename(path), bytes })));
      process.stdout.write(
        options.json === true ? `${JSON.stringify(overview, null, 2)}\n` : inspectText(overview, options.tensors),
      );
    });
}
