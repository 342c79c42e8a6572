import { basename } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Model } from '../core/model/model';
import type { LogOverlay } from '../core/targetLogs/overlayLog';
import { allTargets, TARGET_NAMES } from '../core/targets/mapTargets';
import { placeModel } from '../core/targets/placeModel';
import type { Target } from '../core/targets/target';
import { TargetFileError } from '../core/targets/user/checker';
import { readUserTarget } from '../core/targets/user/readUserTarget';
import { inFile } from '../fileError';
import { UnusableError, UsageError } from './failure';
import { overlayAll, overlayText, readLogFile } from './logOverlay';
import { mapText, type Placements } from './mapText';
import { MODEL_FILE } from './modelArgument';
import { readModelFile } from './readFiles';

interface MapOptions {
  readonly target?: readonly string[];
  readonly targetFile?: readonly string[];
  readonly log?: string;
  readonly json?: boolean;
}

/** `gatescope map MODEL [--target NAME...] [--target-file FILE...] [--log FILE] [--json]`: where each operator ends up, and why. */
export function registerMap(program: Command): void {
  program
    .command('map')
    .description('Where each operator runs on hardware targets and runtimes, with the rule that decides')
    .argument('<model>', MODEL_FILE)
    .option('--target <name...>', `targets to map to (default: all): ${TARGET_NAMES.join(', ')}`)
    .option('--target-file <file...>', 'targets of your own, as JSON (docs/targets.md)')
    .option('--log <file>', "what a target's own tool wrote of the model: Edge TPU compiler, Vela, benchmark_model")
    .option('--json', 'machine-readable output')
    .action(async (path: string, options: MapOptions) => {
      const own = await Promise.all((options.targetFile ?? []).map(readTargetFile));
      const targets = chooseTargets(own, options.target);
      const model = await readModelFile(path);
      const placements = inFile(path, () => targets.map((target) => [target.name, placeModel(model, target)] as const));
      const log = options.log === undefined ? null : await readLogFile(options.log);
      const isChosen = options.target !== undefined;
      const overlays = log === null ? null : overlayAll(model, log, placements, isChosen);
      if (options.json === true) process.stdout.write(toJson(model, placements, overlays));
      else if (log === null || overlays === null) process.stdout.write(mapText(model, placements));
      else process.stdout.write(overlayText(model, log, overlays, isChosen));
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

function toJson(model: Model, placements: Placements, overlays: readonly LogOverlay[] | null): string {
  const targets = Object.fromEntries(placements);
  const log = overlays === null ? {} : { log: overlays };
  return `${JSON.stringify({ schema: 'gatescope.map/1', fileName: model.fileName, targets, ...log }, null, 2)}\n`;
}
