import { InvalidArgumentError, type Command } from 'commander';
import type { Model } from '../core/model/model';
import { TARGET_NAMES, TARGETS } from '../core/targets/mapTargets';
import { placeModel } from '../core/targets/placeModel';
import type { OperatorPlacement, TargetName, TargetPlacement, Verdict } from '../core/targets/verdict';
import { inFile } from '../fileError';
import { readModelFile } from './readFiles';

interface MapOptions {
  readonly target?: readonly TargetName[];
  readonly json?: boolean;
}

/** `gatescope map MODEL [--target NAME...] [--json]`: where each operator ends up on each target, and why. */
export function registerMap(program: Command): void {
  program
    .command('map')
    .description('Where each operator runs on hardware targets and runtimes, with the rule that decides')
    .argument('<model>', 'a .tflite file')
    .option('--target <name...>', `targets to map to (default: all): ${TARGET_NAMES.join(', ')}`, collectTarget)
    .option('--json', 'machine-readable output')
    .action(async (path: string, options: MapOptions) => {
      const model = await readModelFile(path);
      const targets = options.target ?? TARGET_NAMES;
      const placements = inFile(path, () => targets.map((name) => [name, placeModel(model, TARGETS[name])] as const));
      process.stdout.write(options.json === true ? toJson(model, placements) : toText(model, placements));
    });
}

function collectTarget(value: string, previous: readonly TargetName[] | undefined): readonly TargetName[] {
  const name = TARGET_NAMES.find((known) => known === value);
  if (name === undefined) throw new InvalidArgumentError(`Known targets: ${TARGET_NAMES.join(', ')}.`);
  return [...(previous ?? []), name];
}

type Placements = readonly (readonly [TargetName, TargetPlacement])[];

function toJson(model: Model, placements: Placements): string {
  const targets = Object.fromEntries(placements);
  return `${JSON.stringify({ schema: 'gatescope.map/1', fileName: model.fileName, targets }, null, 2)}\n`;
}

const VERDICTS: readonly Verdict[] = ['native', 'conditional', 'fallback', 'rejected', 'unverified'];

function toText(model: Model, placements: Placements): string {
  const lines = [model.fileName];
  for (const [name, placement] of placements) {
    const counts = VERDICTS.map((verdict) => [verdict, placement.ops.filter((op) => op.verdict === verdict).length] as const)
      .filter(([, count]) => count > 0)
      .map(([verdict, count]) => `${count} ${verdict}`)
      .join(', ');
    lines.push('', `${name} (${placement.version}): ${placement.result}${counts === '' ? '' : ` · ${counts}`}`);
    for (const reason of placement.reasons) lines.push(`  ${reason.rule}: ${reason.seen}. ${reason.message}`);
    lines.push(...placement.ops.filter((op) => op.reached).flatMap(describe));
  }
  return `${lines.join('\n')}\n`;
}

function describe(op: OperatorPlacement): readonly string[] {
  const where = op.subgraph === 0 ? String(op.index) : `${op.subgraph}/${op.index}`;
  return op.reasons.map(
    (reason) => `  ${where} ${op.op}: ${op.verdict}. ${reason.rule.replace(/\.$/, '')} (seen: ${reason.seen}). ${reason.message}`,
  );
}
