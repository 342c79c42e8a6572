import type { Command } from 'commander';
import { readModel } from '../core/formats/readModel';
import { buildOverview } from '../core/report/buildOverview';
import { inFile } from '../fileError';
import { assumeOption, type AssumeOption, withAssumed } from './assumeOption';
import { cellsOption, type CellsOption, withCells } from './cellsOption';
import { inspectText } from './inspectText';
import { MODEL_FILE } from './modelArgument';
import { readNamed } from './readFiles';

/** `gatescope inspect MODEL [--tensors] [--json]`: what a model is, without running it. */
export function registerInspect(program: Command): void {
  program
    .command('inspect')
    .description('What a model holds and how it is quantized: operators, tensors, LSTMs, findings, targets')
    .argument('<model>', MODEL_FILE)
    .option('--tensors', 'list every tensor as well')
    .option('--json', 'machine-readable output (everything)')
    .addOption(assumeOption())
    .addOption(cellsOption())
    .action(
      async (path: string, options: AssumeOption & CellsOption & { readonly tensors?: boolean; readonly json?: boolean }) => {
        const file = withCells(withAssumed(await readNamed(path), options), options);
        const overview = inFile(path, () => buildOverview(readModel(file)));
        process.stdout.write(
          options.json === true ? `${JSON.stringify(overview, null, 2)}\n` : inspectText(overview, options.tensors),
        );
      },
    );
}
