import type { Command } from 'commander';
import { buildOverview } from '../core/report/buildOverview';
import { inFile } from '../fileError';
import { inspectText } from './inspectText';
import { MODEL_FILE } from './modelArgument';
import { readModelFile } from './readFiles';

/** `gatescope inspect MODEL [--tensors] [--json]`: what a model is, without running it. */
export function registerInspect(program: Command): void {
  program
    .command('inspect')
    .description('What a model holds and how it is quantized: operators, tensors, LSTMs, findings, targets')
    .argument('<model>', MODEL_FILE)
    .option('--tensors', 'list every tensor as well')
    .option('--json', 'machine-readable output (everything)')
    .action(async (path: string, options: { readonly tensors?: boolean; readonly json?: boolean }) => {
      const model = await readModelFile(path);
      const overview = inFile(path, () => buildOverview(model));
      process.stdout.write(
        options.json === true ? `${JSON.stringify(overview, null, 2)}\n` : inspectText(overview, options.tensors),
      );
    });
}
