import { basename } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Model } from '../core/model/model';
import { allTargets, TARGET_NAMES } from '../core/targets/mapTargets';
import { placeModel } from '../core/targets/placeModel';
import type { Target } from '../core/targets/target';
import { TargetFileError } from '../core/targets/user/checker';
import { readUserTarget } from '../core/targets/user/readUserTarget';
import { inFile } from '../fileError';
import { UnusableError, UsageError } from './failure';
import { mapText, type Placements } from './mapText';
import { readModelFile } from './readFiles';

interface MapOptions {
  readonly target?: readonly string[];
  readonly targetFile?: readonly string[];
  readonly json?: boolean;
}

/** `gatescope map MODEL [--target NAME...] [--target-file FILE...] [--json]`: where each operator ends up, and why. */
export function registerMap(program: Command): void {
  program
    .command('map')
    .description('Where each operator runs on hardware targets and runtimes, with the rule that decides')
    .argument('<model>', 'a .tflite file')
    .option('--target <name...>', `targets to map to (default: all): ${TARGET_NAMES.join(', ')}`)
    .option('--target-file <file...>', 'targets of your own, as JSON (docs/targets.md)')
    .option('--json', 'machine-readable output')
    .action(async (path: string, options: MapOptions) => {
      const own = await Promise.all((options.targetFile ?? []).map(readTargetFile));
      const targets = chooseTargets(own, options.target);
      const model = await readModelFile(path);
      const placements = inFile(path, () => targets.map((target) => [target.name, placeModel(model, target)] as const));
      process.stdout.write(options.json === true ? toJson(model, placements) : mapText(model, placements));
    });
}

async function readTargetFile(path: string): Promise<Target> {
  const text = await readFile(path, 'utf8');
  try {
    return readUserTarget(text, basename(path));
  } catch (error) {
    if (error instanceof TargetFileError) throw new UnusableError(error.message);
    throw error;
  }
}

/** Targets by name; variants such as cmsis-nn:mve have names too. All but the variants where none is asked for. */
function chooseTargets(own: readonly Target[], names: readonly string[] | undefined): readonly Target[] {
  const all = allTargets(own);
  const twice = all.find(({ name }, position) => all.findIndex((target) => target.name === name) !== position);
  if (twice !== undefined) throw new UsageError(`two target files have the name ${twice.name}`);
  if (names === undefined) return all;
  const known = all.flatMap((target) => [target, ...(target.variants ?? [])]);
  return names.map((name) => {
    const found = known.find((target) => target.name === name);
    if (found === undefined) throw new UsageError(`there is no target ${name}. Known targets: ${known.map((own) => own.name).join(', ')}`); // prettier-ignore
    return found;
  });
}

function toJson(model: Model, placements: Placements): string {
  const targets = Object.fromEntries(placements);
  return `${JSON.stringify({ schema: 'gatescope.map/1', fileName: model.fileName, targets }, null, 2)}\n`;
}
